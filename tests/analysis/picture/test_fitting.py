"""Figures that a plan states must be of its scenario."""

from __future__ import annotations

from typing import Any

import pytest

from capalloc import Plan, PlanFileError, Scenario, solve
from capalloc.analysis.picture import Pictured
from capalloc.schema.plan import DemandPeriod, NodePrice
from tests.byhand import by_hand


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return by_hand()


@pytest.fixture(scope="module")
def plan(scenario: Scenario) -> Plan:
    found = solve(scenario).plan
    assert found is not None
    return found


def of_demand(**named: str) -> DemandPeriod:
    record: dict[str, Any] = {
        "demand": "own",
        "period": "2026-05",
        "committed_kw": 0.0,
        "delivered_kw": 0.0,
        "racks": 0,
    }
    return DemandPeriod(**(record | {"gpus": 0, "revenue_usd": 0.0, "penalty_usd": 0.0} | named))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            {"demands": (of_demand(), of_demand(demand="nobody"))},
            "demands.1.demand: found 'nobody', expected a demand that the plan is for",
        ),
        (
            {"demands": (of_demand(period="2030-01"),)},
            "demands.0.period: found '2030-01', expected a period of the plan",
        ),
        (
            {"prices": (NodePrice(node="nowhere", period="2026-05", usd_per_kw_month=1.0),)},
            "prices.0.node: found 'nowhere', expected a power node",
        ),
    ],
)
def test_a_figure_of_something_that_is_not_there_is_refused(
    scenario: Scenario, plan: Plan, change: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(PlanFileError) as raised:
        Pictured(scenario, plan.replace(**change))
    assert str(raised.value) == sentence


def test_a_price_of_the_reserve_is_one_of_the_whole_site() -> None:
    """What the reserve leaves binds before any node, so the site has a price, which no node has."""
    case = by_hand(policy={"reserve_mw": 0.4})
    plan = solve(case).plan
    assert plan is not None
    assert {one.node for one in plan.prices} == {"site"}
    assert Pictured(case, plan).plan == plan
