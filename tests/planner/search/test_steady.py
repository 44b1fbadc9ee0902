"""Steady plans: over windows whose rules tie them together, with choices that are nested in time."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from capalloc.instance.compile import compile_scenario
from capalloc.instance.model import Instance
from capalloc.planner.lp.deadline import Deadline
from capalloc.planner.model.by_class import ModelByClass
from capalloc.planner.params import PlannerParams
from capalloc.planner.search.by_window import relaxed_windows
from capalloc.planner.search.steady import nest_choices, steady_plan
from capalloc.planner.search.tied import plan_tied
from capalloc.planner.search.watch import Watch
from capalloc.reduction.classes import Reduction, reduce_instance
from capalloc.reduction.uncoupled import uncoupled
from capalloc.reduction.windows import window_starts
from capalloc.schema.scenario import Scenario
from capalloc.solve import solve
from capalloc.synthetic.generate import generate
from tests.planner.weekly import weekly_site

PARAMS = PlannerParams(gap=0.02, time_limit=60.0, most_columns=0).resolved()


@pytest.fixture(scope="module")
def tied() -> Scenario:
    """Forty racks in the weeks of three months; a week between two demands, and three racks move in a week."""
    return weekly_site(3)


@pytest.fixture(scope="module")
def reduction(tied: Scenario) -> Reduction:
    return reduce_instance(compile_scenario(tied))


def _starts(instance: Instance) -> np.ndarray:
    return window_starts(uncoupled(instance))


def test_a_steady_plan_changes_nothing_inside_a_window(reduction: Reduction) -> None:
    model, starts = ModelByClass(reduction, PARAMS.prefer), _starts(reduction.instance)
    values = steady_plan(model, starts, PARAMS, Deadline(60.0))
    assert values is not None
    served = model.counts(values).serve
    changed = np.flatnonzero((served[:, :, 1:] != served[:, :, :-1]).any(axis=(0, 1))) + 1
    assert set(changed.tolist()) <= set(starts.tolist())
    assert len(starts) < len(reduction.instance.periods)


def test_the_bound_of_a_tied_plan_knows_the_ties(reduction: Reduction) -> None:
    free = relaxed_windows(reduction.instance, PARAMS.prefer).bounds.total()
    deadline = Deadline(60.0)
    plan = plan_tied(reduction, free, PARAMS, deadline, Watch(lambda _: None, deadline, 0.0))
    assert plan is not None
    assert plan.worth <= plan.bound < free


def test_a_tied_plan_is_verified_and_near_its_bound(tied: Scenario) -> None:
    found = solve(tied, params=PARAMS)  # raises where the verifier rejects it
    assert found.plan is not None
    assert found.plan.gap < 0.05


def test_a_rack_that_cools_when_the_horizon_begins_is_ready_when_a_window_is(tied: Scenario) -> None:
    start = solve(tied, params=PARAMS).plan
    assert start is not None
    later = tied.model_copy(
        update={
            "incumbent": start,
            "horizon": tied.horizon.model_copy(update={"start": date(2026, 5, 25)}),
        }
    )
    assert solve(later, params=PARAMS).plan is not None


def test_choices_are_nested_where_ramps_rise() -> None:
    site = compile_scenario(generate(200, halls=4, periods=4, demands=8, seed=1))
    model = ModelByClass(reduce_instance(site), PARAMS.prefer)
    before = model.linear.rows
    nest_choices(model)
    pairs = sum(int(((one.uses[:, :-1] >= 0) & (one.uses[:, 1:] >= 0)).sum()) for one in model.isolations)
    assert model.linear.rows - before >= pairs > 0
