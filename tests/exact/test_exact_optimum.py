"""The exact planner finds optima that are computed by hand."""

from __future__ import annotations

import numpy as np
import pytest

from capalloc.errors import TooLargeError
from capalloc.exact import literals
from capalloc.exact.solve import ExactResult, solve_exact
from capalloc.instance.compile import compile_scenario
from capalloc.schema.scenario import Scenario
from capalloc.schema.status import Status
from tests.strategies import contract, facility, incumbent, rack_type, scenario, workload


def _solved(built: Scenario) -> ExactResult:
    return solve_exact(compile_scenario(built))


def test_a_contract_earns_its_fee_and_the_second_rack_the_value_of_a_workload() -> None:
    # lease: 10 kW = 1 rack, $10,000 in each of 2 months. own: the other rack, 8 GPUs x $2 x 24 h x 61 days = $23,424
    own = workload("own", demand=[{"from": "2026-05", "racks": 1}])
    found = _solved(scenario(facility(), contracts=[contract("lease")], workloads=[own]))
    assert found.status is Status.OPTIMAL
    assert found.objective_usd == pytest.approx(20_000 + 23_424)
    assert found.bound_usd == pytest.approx(found.objective_usd)


def test_a_part_of_a_commitment_earns_a_part_of_the_fee_and_pays_the_rest_as_penalty() -> None:
    # 15 kW promised, one rack of 10 kW: two thirds of $9,000, and 5 kW x $100 penalty, for 2 months
    lease = contract("lease", ramp=[{"from": "2026-05", "mw": 0.015}], fee={"usd_per_month": 9000.0})
    lease["shortfall"] = {"penalty_usd_per_kw_month": 100.0}
    found = _solved(scenario(facility(racks=1), contracts=[lease]))
    assert found.objective_usd == pytest.approx(2 * (6000 - 500))


def test_a_tier_border_inside_a_rack_is_priced_to_the_gpu() -> None:
    # 2 racks = 16 GPUs: 10 at $3 and 6 at $1, over 24 x 31 h in May = 744 h -> 36 x 744
    own = workload("own", value=[{"up_to_gpus": 10, "usd_per_gpu_hour": 3.0}, {"usd_per_gpu_hour": 1.0}])
    found = _solved(scenario(facility(), periods=1, workloads=[own]))
    assert found.objective_usd == pytest.approx(36 * 744)


def test_later_periods_are_discounted() -> None:
    # June starts 31 days after the horizon: 10,000 / 1.1^(31/365)
    policy = {"discount_rate": 0.1}
    found = _solved(scenario(facility(racks=1), contracts=[contract("lease")], policy=policy))
    assert found.objective_usd == pytest.approx(10_000 + 10_000 / 1.1 ** (31 / 365))


def test_billions_are_counted_to_the_cent() -> None:
    lease = contract("lease", fee={"usd_per_month": 1.25e9})
    found = _solved(scenario(facility(racks=1), periods=4, contracts=[lease], policy={"discount_rate": 0.1}))
    expected = sum(1.25e9 * 1.1 ** (-days / 365) for days in (0, 31, 61, 92))
    assert found.objective_usd == pytest.approx(expected, abs=0.005)
    assert found.bound_usd >= expected - 0.005


@pytest.mark.parametrize(("cost_usd", "worth_usd"), [(4000.0, 10_000 - 4000), (4100.0, 5952)])
def test_a_move_is_made_only_when_it_earns_more_than_it_costs(cost_usd: float, worth_usd: float) -> None:
    # the incumbent holds the only rack for own, worth $1 x 8 GPUs x 744 h = $5,952 in May; lease would earn $10,000
    held = incumbent(assignments=[{"rack": "r0", "demand": "own", "from": "2026-04", "until": "2026-06"}])
    own = workload("own", value=[{"usd_per_gpu_hour": 1.0}])
    policy = {"move_cost_usd_per_rack": cost_usd}
    demands = {"contracts": [contract("lease")], "workloads": [own]}
    found = _solved(scenario(facility(racks=1), periods=1, incumbent=held, policy=policy, **demands))
    assert found.objective_usd == pytest.approx(worth_usd)


def test_among_equals_the_earlier_accepted_type_serves_and_nothing_is_off() -> None:
    site = facility(rack_types=[rack_type("a"), rack_type("b")])
    site["racks"][0]["rack_type"] = "b"
    built = scenario(site, contracts=[contract("lease", rack_types=["a", "b"])])
    found = _solved(built)
    assert found.roster is not None
    assert found.roster.serving.tolist() == [[-1, -1], [0, 0]]
    assert not found.roster.off.any()


def test_among_equals_a_rack_stays_with_its_demand() -> None:
    built = scenario(facility(), periods=4, contracts=[contract("lease")])
    found = _solved(built)
    assert found.roster is not None
    assert sorted(found.roster.serving.sum(axis=1).tolist()) == [-4, 0]  # one rack always, the other never


def test_conflicting_pins_leave_no_plan() -> None:
    pins = [{"rack": "r0", "demand": "own"}, {"rack": "r1", "demand": "own"}]
    own = workload("own", demand=[{"from": "2026-05", "racks": 1}])
    found = _solved(scenario(facility(), workloads=[own], pins=pins))
    assert (found.status, found.roster) == (Status.INFEASIBLE, None)
    assert found.bound_usd == -np.inf


def test_the_same_seed_gives_the_same_roster() -> None:
    built = scenario(facility(racks=5), periods=3, contracts=[contract("lease")], workloads=[workload("own")])
    first, again = _solved(built), _solved(built)
    assert first.roster is not None
    assert again.roster is not None
    assert np.array_equal(first.roster.serving, again.roster.serving)


def test_a_scenario_without_demands_earns_nothing() -> None:
    found = _solved(scenario(facility()))
    assert (found.status, found.objective_usd) == (Status.OPTIMAL, 0.0)


def test_more_than_a_tiny_scenario_is_refused_with_its_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(literals, "MOST_LITERALS", 15)
    # 2 racks x 2 periods x (2 demands + idle + off) = 16
    built = scenario(facility(), contracts=[contract("lease")], workloads=[workload("own")])
    with pytest.raises(TooLargeError, match=r"16 yes/no decisions .* takes 15 at most"):
        _solved(built)
