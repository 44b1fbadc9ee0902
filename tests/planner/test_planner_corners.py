"""Scenarios at the edge of what can be asked; solve verifies every plan, or raises."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from ortools.math_opt.python.mathopt import SolverType

from capalloc.planner.lp.program import Answer, Program
from capalloc.schema.plan import Plan
from capalloc.schema.scenario import Scenario
from capalloc.schema.status import Status
from capalloc.solve import solve
from tests.strategies import contract, facility, incumbent, rack_type, scenario, workload


def _plan(built: Scenario) -> Plan:
    plan = solve(built).plan
    assert plan is not None
    return plan


def _racks(plan: Plan) -> list[int]:
    return [row.racks for row in plan.demands]


def test_without_demands_every_rack_is_idle() -> None:
    supplied: dict[str, Any] = {"supplies": [{"name": "s", "node": "grid", "kw": 1}], "cooling": []}
    plan = _plan(scenario(facility(2, **supplied), policy={"bring_up": {"mw_per_period": 1.0}, "reserve_mw": 0.001}))
    # 1 kW of supply less 1 kW of reserve: both idle racks (2 kW each) must be off
    assert plan.assignments == ()
    assert [span.rack for span in plan.off] == ["r0", "r1"]


def test_a_commitment_of_whole_racks_of_broken_watts_is_met_by_just_these() -> None:
    # 8.0007 kW x pue 1.25 = 10.000875 kW a rack, and three of them are 30.002625 kW
    kind = rack_type("a", expected_kw=8.0007)
    lease = contract("lease", basis="facility", ramp=[{"from": "2026-05", "mw": 0.030002625}])
    plan = _plan(scenario(facility(4, rack_types=[kind], pue=1.25), contracts=[lease]))
    assert _racks(plan) == [3, 3]
    assert plan.shortfalls == ()


def test_a_shortfall_of_broken_watts_is_priced_to_the_cent() -> None:
    kind = rack_type("a", expected_kw=8.0007)
    terms = {"penalty_usd_per_kw_month": 1000.0}
    lease = contract("lease", basis="facility", ramp=[{"from": "2026-05", "mw": 0.030002625}], shortfall=terms)
    plan = _plan(scenario(facility(2, rack_types=[kind], pue=1.25), periods=1, contracts=[lease]))
    # one rack of 10.000875 kW is missing, at 1,000 USD a kW and month
    assert plan.demands[0].penalty_usd == pytest.approx(10_000.875, abs=0.001)


def test_a_minimum_of_half_a_rack_is_half_a_rack() -> None:
    own = workload("own", demand=[{"from": "2026-05", "racks": 2, "min": 0.5}])
    idle = [{"hall": "h1", "demand": "idle"}]
    plan = _plan(scenario(facility(2), periods=1, workloads=[own], pins=idle))
    # 4 GPUs missing x 744 h x 20 USD (ten times the first tier)
    assert plan.demands[0].penalty_usd == pytest.approx(59_520)


def test_flexible_mw_of_a_ramp_in_gpus_earns_parts_of_a_gpu() -> None:
    lease = contract("lease", ramp=[{"from": "2026-05", "gpus": 4}], flexible_mw=0.0015)
    plan = _plan(scenario(facility(2), periods=1, contracts=[lease]))
    # 10 kW for 8 GPUs: 1.5 kW are 1.2 GPUs, so one rack earns (4 + 1.2) / 4 of 10,000
    assert plan.demands[0].revenue_usd == pytest.approx(13_000)


def test_the_smallest_buffer_share_is_one_spare_rack() -> None:
    own = workload("own", buffer_share=1e-7)
    plan = _plan(scenario(facility(2), periods=1, workloads=[own]))
    assert (_racks(plan), len(plan.buffers)) == ([1], 1)


@pytest.mark.parametrize(("max_share", "racks"), [(0.3333333, 0), (0.3333334, 3)])
def test_a_spread_a_hair_below_a_third_is_not_a_third(max_share: float, racks: int) -> None:
    site = facility(3)
    site["power"].append({"name": "u3", "kind": "ups", "parent": "grid", "rated_kw": 1000})
    for position, feed in zip(site["positions"], ("u1", "u2", "u3"), strict=True):
        position["feed_a"] = feed
        del position["feed_b"]
    spread = {"node_kind": "ups", "max_share": max_share}
    own = workload("own", spread=spread, demand=[{"from": "2026-05", "racks": 3}])
    assert _racks(_plan(scenario(site, periods=1, workloads=[own]))) == [racks]


def test_a_position_that_the_incumbent_gave_away_is_taken_before_the_rack_arrives() -> None:
    # late was placed on p1 in April and is delayed to July; early, in May, finds no other place
    site = facility(3)
    early = {"name": "early", "rack_type": "a", "status": "planned", "available_from": "2026-05"}
    late = early | {"name": "late", "available_from": "2026-07", "available_until": "2026-08"}
    site["racks"] = [site["racks"][0], early | {"available_until": "2026-06"}, late]
    site["positions"] = site["positions"][:2]
    yesterday = incumbent(placements=[{"rack": "late", "position": "p1", "from": "2026-04"}])
    own = workload("own", demand=[{"from": "2026-05", "racks": 3}])
    plan = _plan(scenario(site, periods=3, workloads=[own], incumbent=yesterday))
    assert [placement.rack for placement in plan.placements] == ["late"]
    assert _racks(plan) == [1, 1, 2]


@pytest.mark.parametrize("status", ["retired", "planned"])
def test_a_held_rack_that_lost_its_position_counts_as_moved(status: str) -> None:
    # r1 served own in April and now stands nowhere: it departs in May, and no position is free for it
    site = facility(2)
    site["racks"][1] = {"name": "r1", "rack_type": "a", "status": status, "available_from": "2026-05"}
    site["positions"] = site["positions"][:1]
    held = [{"rack": rack, "demand": "own", "from": "2026-04", "until": "2026-06"} for rack in ("r0", "r1")]
    day = {"workloads": [workload("own")], "incumbent": incumbent(assignments=held)}
    plan = _plan(scenario(site, periods=1, policy={"max_moves_per_period": 1, "move_cost_usd_per_rack": 500.0}, **day))
    # r0 earns 8 GPUs x 744 h x 2 USD = 11,904; the departure costs 500
    assert plan.stats.moves == 1
    assert plan.objective_usd == pytest.approx(11_404)
    assert plan.bound_usd == pytest.approx(11_404, abs=1)
    assert solve(scenario(site, periods=1, policy={"max_moves_per_period": 0}, **day)).plan is None


def test_a_held_delivery_that_is_placed_and_serves_on_has_not_moved() -> None:
    site = facility(2)
    site["racks"][1] = {"name": "r1", "rack_type": "a", "status": "planned", "available_from": "2026-05"}
    site["positions"].append(site["positions"][1] | {"name": "p2", "row": "w1", "feed_a": "u2", "feed_b": "u1"})
    held = [{"rack": "r1", "demand": "own", "from": "2026-04", "until": "2026-06"}]
    own = workload("own", isolation="row")
    day = {"workloads": [own], "incumbent": incumbent(assignments=held)}
    plan = _plan(scenario(site, periods=1, policy={"max_moves_per_period": 0}, **day))
    assert (plan.stats.moves, _racks(plan)) == (0, [2])


@pytest.mark.parametrize(("limit", "racks"), [(0, 0), (1, 1)])
def test_a_rack_that_cools_lends_its_power_to_nobody(limit: int, racks: int) -> None:
    # day 1: 10 kW, one rack serves own, the other is off; day 2: 2 kW, one idles; day 3: 10 kW for second.
    # The rack of own cools for three days, so on day 3 the other one must be powered anew
    site = facility(2)
    days = [("2026-05-01", "2026-05-02", 10), ("2026-05-02", "2026-05-03", 2), ("2026-05-03", "2026-05-04", 10)]
    site["supplies"] = [{"name": a, "node": "grid", "kw": kw, "from": a, "until": b} for a, b, kw in days]
    own = workload("own", demand=[{"from": "2026-05-01", "racks": 1}, {"from": "2026-05-02", "racks": 0}])
    second = workload("second", demand=[{"from": "2026-05-03", "racks": 1}], value=[{"usd_per_gpu_hour": 1.0}])
    policy = {"handover_days": 3, "bring_up": {"racks_per_period": limit}}
    horizon = {"start": "2026-05-01", "end": "2026-05-04", "period": "day"}
    plan = _plan(scenario(site, workloads=[own, second], policy=policy, horizon=horizon))
    assert [(row.demand, row.racks) for row in plan.demands] == [("own", 1), ("second", racks)]


@pytest.mark.parametrize("node", [{"max_utilization": 0.4}, {"failover_kw": 4}, {}])
def test_a_static_load_above_its_own_limit_leaves_no_plan(node: dict[str, Any]) -> None:
    # fans of 5 kW on a node of 10 kW that feeds no rack: 4 kW normally or after a loss, or a supply of 4 kW
    site = facility(2)
    site["power"][1] |= {"contingency": True}
    site["power"].append({"name": "gen", "kind": "generation", "rated_kw": 10, "static_load_kw": 5} | node)
    if not node:
        site["supplies"] = [{"name": "s", "node": "gen", "kw": 4}]
    result = solve(scenario(site, workloads=[workload("own")]))
    assert (result.plan, result.outcome.reason) == (None, "infeasible")


def test_an_incumbent_whose_first_period_is_no_date_still_holds_racks() -> None:
    held = [{"rack": "r0", "demand": "own", "from": "2026-04", "until": "2026-07"}]
    yesterday = incumbent(periods=["spring"], assignments=held)
    pins = [{"rack": "r0", "demand": "idle"}]
    plan = _plan(scenario(facility(2), workloads=[workload("own")], incumbent=yesterday, pins=pins))
    assert plan.stats.moves == 1


@pytest.mark.parametrize("failing", [{SolverType.GLOP}, {SolverType.GLOP, SolverType.HIGHS}])
def test_a_relaxation_that_cannot_be_relied_on_costs_the_prices_at_most(
    monkeypatch: pytest.MonkeyPatch, failing: set[SolverType]
) -> None:
    honest, failed = Program.solve, list[SolverType]()

    def imprecise(self: Program, solver: SolverType, **options: Any) -> Answer:
        if solver in failing and not self.integer.any():
            failed.append(solver)
            return Answer(Status.IMPRECISE, None, np.inf)
        return honest(self, solver, **options)

    monkeypatch.setattr(Program, "solve", imprecise)
    plan = _plan(scenario(facility(2), periods=1, workloads=[workload("own")]))
    assert set(failed) == failing
    # two racks of 8 GPUs x 744 h x 2 USD
    assert plan.objective_usd == pytest.approx(23_808)
    assert plan.bound_usd == pytest.approx(23_808, abs=0.01)


def test_tie_breaks_take_nothing_from_the_bound_of_a_small_plan() -> None:
    # no rack runs, so all that a plan could earn is what tie-breaks are worth
    site = facility(2)
    site["power"][0] |= {"rated_kw": 0}
    result = solve(scenario(site, workloads=[workload("own")]))
    assert (result.outcome.reason, result.plan and result.plan.gap) == ("optimal", 0.0)
