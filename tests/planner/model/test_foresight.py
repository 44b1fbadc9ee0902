"""Budgets of moves foreseen: racks leave in time where ceilings fall by more than a budget lets go at once."""

from __future__ import annotations

import numpy as np
import pytest
from ortools.math_opt.python import mathopt

from capalloc.instance.compile import compile_scenario
from capalloc.planner.lp.program import Program
from capalloc.planner.model.by_class import ModelByClass
from capalloc.planner.model.columns import MONEY_ALONE
from capalloc.planner.model.periods import slices_of
from capalloc.planner.params import PlannerParams, SteadyParams
from capalloc.reduction.classes import reduce_instance
from capalloc.schema.scenario import Scenario
from capalloc.solve import solve
from tests.planner.weekly import weekly_site

_FORESEEN = ("leaving in time", "has to leave")


@pytest.fixture(scope="module")
def weekly() -> Scenario:
    """Forty racks in the weeks of three months, of which two move in a week; what workloads want falls by steps."""
    return weekly_site(2)


@pytest.fixture(scope="module")
def model(weekly: Scenario) -> ModelByClass:
    return ModelByClass(reduce_instance(compile_scenario(weekly)), MONEY_ALONE)


def _foreseen(model: ModelByClass) -> np.ndarray:
    return np.flatnonzero([name.split("[")[0] in _FORESEEN for name in model.linear.row_names])


def _most(program: Program) -> float:
    return program.relaxed().solve(mathopt.SolverType.GLOP).bound


def test_over_all_periods_nothing_is_lost(model: ModelByClass) -> None:
    program = model.linear.program()
    assert len(_foreseen(model))
    assert _most(program) == pytest.approx(_most(program.without(_foreseen(model))), rel=1e-7)


def test_a_period_by_itself_knows_what_is_to_come(model: ModelByClass) -> None:
    slices, rows = slices_of(model), _foreseen(model)
    less = 0
    for t in range(model.linear.periods):
        part = slices.alone(t)
        blind = part.program.without(np.flatnonzero(np.isin(part.rows, rows)))
        less += _most(part.program) < _most(blind) * (1 - 1e-6)
    assert less


def test_steps_from_period_to_period_find_a_plan(weekly: Scenario) -> None:
    steps = PlannerParams(gap=0.05, time_limit=60.0, most_columns=0, steady=SteadyParams(most_columns=0))
    found = solve(weekly, params=steps).plan
    assert found is not None
    assert found.gap < 0.1
