"""Weekly plans in which hand-over, bring-up and a budget of moves tie the weeks together."""

from __future__ import annotations

import numpy as np
import pytest

from capalloc.instance.compile import compile_scenario
from capalloc.planner.lp.deadline import Deadline
from capalloc.planner.params import PlannerParams, SteadyParams
from capalloc.planner.search.by_window import plan_by_window
from capalloc.planner.search.guide import set_aside
from capalloc.planner.search.watch import Watch
from capalloc.reduction.classes import reduce_instance
from capalloc.reduction.counts import Counts
from capalloc.reduction.uncoupled import uncoupled
from capalloc.reduction.windows import window_starts
from capalloc.schema.policy import BringUp
from capalloc.schema.scenario import Scenario
from capalloc.solve import solve
from capalloc.synthetic.generate import generate
from tests.planner.weekly import weekly_site


@pytest.fixture(scope="module")
def weekly() -> Scenario:
    """Two hundred racks in the weeks of four months; ten days between two demands."""
    monthly = generate(200, halls=2, periods=4, demands=6, seed=2)
    horizon = monthly.horizon.model_copy(update={"period": "week"})
    ties = {
        "handover_days": 10,
        "priority": "money",  # one search, whose windows are those of the guide
        "max_moves_per_period": 25,
        "bring_up": BringUp(racks_per_period=180, mw_per_period=4.0),
    }
    return monthly.model_copy(update={"horizon": horizon, "policy": monthly.policy.model_copy(update=ties)})


def test_a_weekly_plan_comes_near_to_one_that_nothing_ties(weekly: Scenario) -> None:
    found = solve(weekly, params=PlannerParams(gap=0.01, time_limit=90.0))  # 8 s are enough on a quiet machine
    assert found.plan is not None
    assert found.plan.stats.periods >= 16
    assert found.plan.stats.windows < found.plan.stats.periods
    assert found.plan.gap < 0.05


def test_an_uncoupled_instance_is_planned_over_windows(weekly: Scenario) -> None:
    instance = compile_scenario(weekly)
    assert instance.policy.couples_periods
    free = uncoupled(instance)
    assert not free.policy.couples_periods
    assert not free.cools_at.any()
    assert len(window_starts(free)) < len(window_starts(instance)) == len(instance.periods)


def test_racks_are_set_aside_for_whom_the_guide_never_has_them_serve_now_or_next(weekly: Scenario) -> None:
    classes = reduce_instance(compile_scenario(weekly)).classes
    window = np.array([0, 0, 1, 2])
    serve = np.zeros((len(classes.racks), 6, 3), dtype=np.int64)
    serve[0, 2, 1] = 1  # one rack of the first class, for the third demand, in the second window
    nothing = np.zeros((len(classes.racks), 3), dtype=np.int64)
    aside = set_aside(classes, Counts(serve, nothing, serve * 0, nothing[:, 0]), classes, window)
    expected = np.ones_like(aside)
    expected[0, 2, :3] = False  # it may come a window early, and not stay after its own
    held = np.flatnonzero(classes.held >= 0)
    expected[held, classes.held[held]] = False
    assert (aside == expected).all()


def test_steps_that_leave_the_next_no_whole_answer_are_planned_together_with_it() -> None:
    reduction = reduce_instance(compile_scenario(weekly_site(1)))
    params = PlannerParams(gap=0.02, steady=SteadyParams(most_columns=0)).resolved()
    deadline = Deadline(60.0)
    plan = plan_by_window(reduction, params, deadline, Watch(lambda _: None, deadline, 0.0))
    assert plan.counts is not None  # one period back is not enough here: its answer is whole, the next one's in part
