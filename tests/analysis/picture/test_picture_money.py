"""Money over time is the money of ``capalloc revenue``."""

from __future__ import annotations

from pathlib import Path

import pytest

from capalloc import load_scenario, solve
from capalloc.analysis.picture import Pictured
from capalloc.analysis.picture.money import earned_by_demand, fees_by_surety, prices_by_node
from capalloc.schema.plan import NodePrice

TINY = Path(__file__).parents[3] / "examples" / "tiny.yaml"


@pytest.fixture(scope="module")
def tiny() -> Pictured:
    scenario = load_scenario(TINY)
    result = solve(scenario)
    assert result.plan is not None
    return Pictured(scenario, result.plan, result.instance, result.verdict)


def test_each_demand_has_the_money_of_its_periods(tiny: Pictured) -> None:
    found = {(one.name, t): float(usd) for one in earned_by_demand(tiny) for t, usd in enumerate(one.usd)}
    expected = {
        (row.demand, tiny.plan.periods.index(row.period)): row.fee_usd + row.value_usd for row in tiny.revenue.periods
    }
    assert found == expected
    # 300 kW at half of $4,000 in May.
    assert found["lease", 0] == 600_000


def test_fees_are_firm_until_the_lease_could_end(tiny: Pictured) -> None:
    # Notice on 1 May counts from 1 August and ends the lease on 30 October: 29 of 31 days of October are firm.
    fees = fees_by_surety(tiny)
    assert fees.firm_usd == pytest.approx([600_000, 2_400_000, *[3_600_000] * 3, 3_600_000 * 29 / 31])
    assert fees.at_risk_usd == pytest.approx([0, 0, 0, 0, 0, 3_600_000 * 2 / 31])
    assert not fees.prospect_usd.any()


def test_the_dearest_node_comes_first(tiny: Pictured) -> None:
    prices = (("ups1", "2026-05", 1.0), ("ups2", "2026-06", 2.0), ("ups1", "2026-07", 0.5))
    rows = tuple(NodePrice(node=node, period=period, usd_per_kw_month=usd) for node, period, usd in prices)
    plan = tiny.plan.model_copy(update={"prices": rows})
    found = prices_by_node(Pictured(tiny.scenario, plan, tiny.site.instance, tiny.verdict))
    assert [(name, usd.tolist()) for name, usd in found.items()] == [
        ("ups2", [0, 2, 0, 0, 0, 0]),
        ("ups1", [1, 0, 0.5, 0, 0, 0]),
    ]
