"""What the planner does when one search over everything takes too long."""

from __future__ import annotations

import numpy as np
import pytest

from capalloc import solve
from capalloc.cancel import CancelToken
from capalloc.instance.compile import compile_scenario
from capalloc.planner.bounds.group_draw import with_cuts
from capalloc.planner.lp.deadline import Deadline
from capalloc.planner.lp.program import Answer, are_integer
from capalloc.planner.model.by_class import ModelByClass
from capalloc.planner.model.columns import Preferences
from capalloc.planner.params import NeighbourhoodParams, PlannerParams
from capalloc.planner.search.by_window import relax_and_fix_periods
from capalloc.planner.search.neighbourhoods import search_neighbourhoods
from capalloc.planner.search.watch import Watch
from capalloc.planner.search.wide import WideNeighbourhoods
from capalloc.reduction.classes import reduce_instance
from capalloc.schema.scenario import Scenario
from capalloc.schema.status import Status
from capalloc.synthetic.generate import generate

WATCH = Watch(lambda _: None, Deadline(0.0), 0.0)
PARAMS = PlannerParams(whole_gap=1e-3)


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    """Forty racks, six months, with lots, isolation and a notice."""
    return generate(racks=40, halls=2, periods=6, demands=4, seed=1)


@pytest.fixture(scope="module")
def model(scenario: Scenario) -> ModelByClass:
    return with_cuts(ModelByClass(reduce_instance(compile_scenario(scenario)), Preferences()))


@pytest.fixture(scope="module")
def stepped(model: ModelByClass) -> Answer:
    values = relax_and_fix_periods(model, PARAMS, Deadline(60.0), 0.0, WATCH)
    assert values is not None
    return Answer(Status.FEASIBLE, values, np.inf)


def test_a_plan_made_window_by_window_counts_whole_racks(model: ModelByClass, stepped: Answer) -> None:
    assert stepped.values is not None
    for numbers in model.linear.integers:
        counts = stepped.values[numbers[numbers >= 0]]
        assert np.abs(counts - np.rint(counts)).max(initial=0.0) < 1e-5


def test_improving_part_by_part_loses_nothing(model: ModelByClass, stepped: Answer) -> None:
    better = search_neighbourhoods(model, stepped, PARAMS, Deadline(60.0), WATCH)
    assert stepped.values is not None
    assert better.values is not None
    assert model.linear.value(better.values) >= model.linear.value(stepped.values)


def test_no_time_left_leaves_the_answer_as_it_is(model: ModelByClass, stepped: Answer) -> None:
    assert search_neighbourhoods(model, stepped, PARAMS, Deadline(0.0), WATCH) is stepped


@pytest.mark.parametrize("at_once", [1, 2])
def test_wide_parts_lose_nothing_and_count_whole_racks(model: ModelByClass, stepped: Answer, at_once: int) -> None:
    assert stepped.values is not None
    better = _wide(model, Deadline(60.0)).search(stepped.values, lambda: at_once, lambda _: False)
    assert model.linear.value(better) >= model.linear.value(stepped.values)
    program = model.linear.program()
    assert are_integer(better[program.integer])
    drawn = np.bincount(program.rows, weights=program.values * better[program.columns], minlength=model.linear.rows)
    assert (drawn <= program.row_upper + 1e-5).all()
    assert (drawn >= program.row_lower - 1e-5).all()


def test_wide_parts_end_with_the_time_and_once_the_worth_is_enough(model: ModelByClass, stepped: Answer) -> None:
    assert stepped.values is not None
    assert _wide(model, Deadline(0.0)).search(stepped.values, lambda: 1, lambda _: False) is stepped.values
    assert _wide(model, Deadline(60.0)).search(stepped.values, lambda: 1, lambda _: True) is stepped.values


def test_wide_parts_hear_that_somebody_asks_for_what_there_is(model: ModelByClass, stepped: Answer) -> None:
    assert stepped.values is not None
    token = CancelToken()
    token.cancel()
    deadline = Deadline(60.0, token)
    assert _wide(model, deadline).search(stepped.values, lambda: 2, lambda _: False) is stepped.values


def _wide(model: ModelByClass, deadline: Deadline) -> WideNeighbourhoods:
    params = PlannerParams(gap=1e-3, neighbourhoods=NeighbourhoodParams(idle_parts=1)).resolved()
    return WideNeighbourhoods(model, params, deadline, Watch(lambda _: None, deadline, 0.0))


def test_no_time_left_still_makes_a_plan(model: ModelByClass) -> None:
    assert relax_and_fix_periods(model, PARAMS, Deadline(0.0), 0.0, WATCH) is not None


def test_a_second_is_enough_for_a_verified_plan(scenario: Scenario) -> None:
    result = solve(scenario, params=PlannerParams(time_limit=1.0))
    assert result.plan is not None
    assert result.plan.objective_usd <= result.plan.bound_usd
