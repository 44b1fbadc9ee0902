"""The peers: the same rules and money as ours over single rows, and a random partition that loses nothing."""

from __future__ import annotations

from random import Random

import pytest
from ortools.math_opt.python import mathopt

from benchmarks import unreduced
from benchmarks.split import PARTS, parts_of, solve_split
from benchmarks.unreduced import Way, solve_unreduced
from capalloc import PlannerParams, solve
from capalloc.errors import TooLargeError
from capalloc.instance.compile import compile_scenario
from capalloc.reduction.classes import reduce_instance
from capalloc.schema.scenario import Scenario
from capalloc.synthetic.generate import generate
from capalloc.verify import recount, verify

RELAXED = Way(mathopt.SolverType.HIGHS, integer=False)


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    """Four rows and two months."""
    return generate(racks=32, halls=1, periods=2, demands=3, seed=1)


@pytest.mark.parametrize("solver", [mathopt.SolverType.HIGHS, mathopt.SolverType.CP_SAT])
def test_whole_racks_of_a_peer_are_a_plan_within_the_gap_of_ours(
    scenario: Scenario, solver: mathopt.SolverType
) -> None:
    ours = solve(scenario, params=PlannerParams(time_limit=20.0)).plan
    peer = solve_unreduced(scenario, Way(solver, integer=True), gap=0.01, time_limit=60, seed=0)
    assert ours is not None
    assert peer.plan is not None
    assert verify(scenario, peer.plan).verdict == "ok"
    # both are plans, so neither passes the other's proven bound; CP-SAT rounds segments of money, which proves none
    assert (peer.bound_usd is None) == (solver is mathopt.SolverType.CP_SAT)
    assert peer.bound_usd is None or ours.objective_usd <= peer.bound_usd
    assert peer.plan.objective_usd <= ours.bound_usd


def test_the_relaxation_gives_a_bound_and_no_plan(scenario: Scenario) -> None:
    peer = solve_unreduced(scenario, RELAXED, gap=0.0, time_limit=60, seed=0)
    ours = solve(scenario, params=PlannerParams(time_limit=5.0)).plan
    assert ours is not None
    assert peer.plan is None
    assert peer.bound_usd is not None
    assert peer.bound_usd >= ours.objective_usd


def test_places_of_a_class_lie_in_one_row(scenario: Scenario) -> None:
    reduction = reduce_instance(compile_scenario(scenario), by_row=True)
    positions = reduction.instance.positions
    for members in reduction.position_classes.members:
        assert len({int(positions.row[p]) for p in members}) == 1


def test_a_model_beyond_the_memory_is_not_started(scenario: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unreduced, "MOST_BYTES", 1000)
    with pytest.raises(TooLargeError):
        solve_unreduced(scenario, RELAXED, gap=0.0, time_limit=60, seed=0)


def test_parts_share_racks_and_amounts(scenario: Scenario) -> None:
    parts = list(parts_of(scenario, Random(0)))
    assert sorted(rack.name for part in parts for rack in part.facility.racks) == sorted(
        rack.name for rack in scenario.facility.racks
    )
    assert sum(part.facility.power[0].rated_kw for part in parts) == pytest.approx(scenario.facility.power[0].rated_kw)
    wanted = [sum(part.workloads[0].demand[0].gpus or 0 for part in parts), scenario.workloads[0].demand[0].gpus or 0]
    assert 0 <= wanted[0] - wanted[1] < PARTS  # rounded up in each


def test_what_the_parts_found_is_one_plan(scenario: Scenario) -> None:
    found = solve_split(scenario, gap=0.01, time_limit=40, seed=0)
    assert found.plan is not None
    # put together it may break a rule that no part sees, but it says what it is worth
    assert found.plan.objective_usd == pytest.approx(recount(scenario, found.plan).objective_usd)
