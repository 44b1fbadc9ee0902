"""Corners where rules meet: both planners give the plan that is worked out by hand, and the verifier agrees."""

from __future__ import annotations

from typing import Any

import pytest

from capalloc.exact.params import ExactParams
from capalloc.planner.params import PlannerParams
from capalloc.schema.plan import Plan
from capalloc.schema.scenario import Scenario
from capalloc.solve import solve
from tests.strategies import contract, facility, incumbent, scenario, workload

both_planners = pytest.mark.parametrize("params", [PlannerParams(), ExactParams()], ids=["classes", "exact"])


def _plan(built: Scenario, params: PlannerParams | ExactParams) -> Plan:
    found = solve(built, params=params).plan
    assert found is not None
    return found


def _serving(plan: Plan) -> set[tuple[str, str, str]]:
    """(rack, demand, first day) of each assignment."""
    return {(entry.rack, entry.demand, entry.start.isoformat()) for entry in plan.assignments}


def _own(racks: int = 2, **changes: Any) -> dict[str, Any]:
    return workload("own", demand=[{"from": "2026-05", "racks": racks}], **changes)


@both_planners
@pytest.mark.parametrize(("contingency", "racks"), [(True, 0), (False, 2)])
def test_a_dead_reserve_feed_takes_nothing_over(
    contingency: bool, racks: int, params: PlannerParams | ExactParams
) -> None:
    # all load is on u1; u2, the reserve, comes only in July: a loss of u1 would leave the racks on nothing
    site = facility(2)
    site["power"][1]["contingency"] = contingency
    site["power"][2]["available_from"] = "2026-07"
    for place in site["positions"]:
        place["split_a"] = 1.0
    assert len(_serving(_plan(scenario(site, workloads=[_own()]), params))) == racks


@both_planners
def test_a_pin_waits_while_its_rack_has_no_power(params: PlannerParams | ExactParams) -> None:
    outage = {"type": "outage", "node": "u1", "from": "2026-05-10", "until": "2026-05-11"}
    built = scenario(facility(1), workloads=[_own()], pins=[{"rack": "r0", "demand": "own"}], events=[outage])
    assert _serving(_plan(built, params)) == {("r0", "own", "2026-06-01")}


@both_planners
def test_pins_that_clash_leave_no_plan(params: PlannerParams | ExactParams) -> None:
    pins = [{"rack": "r0", "demand": "own"}, {"row": "w0", "demand": "idle", "from": "2026-06"}]
    result = solve(scenario(facility(1), workloads=[_own()], pins=pins), params=params)
    assert (result.plan, result.outcome.reason) == (None, "infeasible")


@both_planners
def test_pins_that_clash_only_where_a_delivery_might_stand_keep_it_from_there(
    params: PlannerParams | ExactParams,
) -> None:
    # r1 is pinned to own; position p1 lies in a row that is pinned idle, p2 does not
    site = facility(3)
    site["racks"] = [
        site["racks"][0],
        {"name": "r1", "rack_type": "a", "status": "planned", "available_from": "2026-05"},
    ]
    pins = [{"rack": "r1", "demand": "own"}, {"row": "w0", "demand": "idle"}]
    plan = _plan(scenario(site, workloads=[_own()], pins=pins), params)
    assert [placement.position for placement in plan.placements] == ["p2"]
    assert _serving(plan) == {("r1", "own", "2026-05-01")}


@both_planners
def test_a_delivery_serves_what_the_row_is_pinned_to(params: PlannerParams | ExactParams) -> None:
    # its only position lies in a row that is pinned to lease, which pays less than own would
    site = facility(2)
    site["racks"][1] = {"name": "r1", "rack_type": "a", "status": "planned", "available_from": "2026-06"}
    pins = [{"row": "w0", "demand": "lease"}]
    lease = contract("lease", ramp=[{"from": "2026-05", "mw": 0.02}], fee={"usd_per_month": 2.0})
    plan = _plan(scenario(site, workloads=[_own()], contracts=[lease], pins=pins), params)
    assert _serving(plan) >= {("r0", "lease", "2026-05-01")}
    assert ("r1", "own") not in {(entry.rack, entry.demand) for entry in plan.assignments}


@both_planners
def test_a_spare_needs_no_fabric_block(params: PlannerParams | ExactParams) -> None:
    # own takes lots of two in a fabric block; r2 stands in none, but is the spare that two racks need
    site = facility(3)
    for place in site["positions"][:2]:
        place["fabric_block"] = "b"
    rules = {"locality": {"level": "fabric_block", "min_racks": 2}, "buffer_share": 0.5}
    plan = _plan(scenario(site, 1, workloads=[_own(3, **rules)]), params)
    assert {rack for rack, _, _ in _serving(plan)} == {"r0", "r1"}
    assert [entry.rack for entry in plan.buffers] == ["r2"]


@both_planners
def test_racks_that_were_there_before_the_horizon_are_not_newly_powered(params: PlannerParams | ExactParams) -> None:
    # one rack a period, hand-over, idle racks off, no incumbent: what stood there before May starts at once
    policy = {"idle": "off", "handover_days": 20, "bring_up": {"racks_per_period": 1}}
    plan = _plan(scenario(facility(3), workloads=[_own(3)], policy=policy), params)
    assert {start for _, _, start in _serving(plan)} == {"2026-05-01"}
    assert len(plan.assignments) == 3


@both_planners
def test_a_held_rack_that_can_never_run_has_left(params: PlannerParams | ExactParams) -> None:
    # r0 held for own, but retired: a departure in May at $3,000; r1 earns 8 GPUs x $2 x 24 h x 31 days = $11,904
    site = facility(2)
    site["racks"][0]["status"] = "retired"
    held = incumbent(assignments=[{"rack": "r0", "demand": "own", "from": "2026-04", "until": "2026-06"}])
    policy = {"move_cost_usd_per_rack": 3000.0}
    plan = _plan(scenario(site, 1, workloads=[_own()], incumbent=held, policy=policy), params)
    assert plan.objective_usd == pytest.approx(11_904 - 3000)
    assert plan.bound_usd == pytest.approx(11_904 - 3000, abs=10)
    none = solve(
        scenario(site, 1, workloads=[_own()], incumbent=held, policy={"max_moves_per_period": 0}), params=params
    )
    assert none.plan is None


@both_planners
def test_a_scenario_in_which_nothing_can_run_has_an_empty_plan(params: PlannerParams | ExactParams) -> None:
    site = facility(1)
    site["racks"][0]["status"] = "maintenance"
    plan = _plan(scenario(site, workloads=[_own()]), params)
    assert (plan.assignments, plan.objective_usd) == ((), 0.0)
