"""A plan at hand ends a search that could deliver hardly more, and no other."""

from __future__ import annotations

import numpy as np
import pytest

from capalloc.instance.compile import compile_scenario
from capalloc.instance.model import Ints
from capalloc.planner.model.by_class import ModelByClass
from capalloc.planner.model.columns import Preferences
from capalloc.planner.params import ClassPlan, Known, PlannerParams
from capalloc.planner.search.known import short_windows
from capalloc.planner.strategy import plan_classes
from capalloc.reduction.classes import Reduction, reduce_instance
from capalloc.synthetic.generate import generate

GAP = 0.005


@pytest.fixture(scope="module")
def reduction() -> Reduction:
    return reduce_instance(compile_scenario(generate(60, periods=3)))


def _beside(reduction: Reduction, units: Ints) -> ClassPlan:
    commits = np.array([data.committed.any() for data in reduction.instance.demands])
    known = Known(units, commits)
    return plan_classes(reduction, PlannerParams(gap=GAP, most_columns=0, known=known))


def test_a_plan_that_meets_every_commitment_will_do(reduction: Reduction) -> None:
    committed = np.array([data.committed for data in reduction.instance.demands])
    plan = _beside(reduction, committed)
    assert plan.known_will_do
    assert plan.counts is None


def test_a_plan_that_delivers_nothing_will_not(reduction: Reduction) -> None:
    plan = _beside(reduction, np.zeros((len(reduction.instance.demands), 3), dtype=np.int64))
    assert not plan.known_will_do
    assert plan.counts is not None


def test_a_plan_that_falls_short_of_one_commitment_by_more_than_the_gap_will_not(reduction: Reduction) -> None:
    """What one of the demands misses is little of what all are delivered, and a tenth of its own commitment."""
    committed = np.array([data.committed for data in reduction.instance.demands])
    smallest = int(np.argmin(np.where(committed.any(axis=1), committed.sum(axis=1), np.inf)))
    short = committed.copy()
    short[smallest] = short[smallest] * 9 // 10
    assert not _beside(reduction, short).known_will_do


def test_only_windows_in_which_somebody_is_short_by_more_than_the_gap_are_searched(reduction: Reduction) -> None:
    model = ModelByClass(reduction, Preferences())
    committed = np.array([data.committed for data in reduction.instance.demands])
    first = int(np.argmax(committed[:, 2]))
    units = committed.copy()
    units[first, 2] = 0
    commits = np.array([data.committed.any() for data in reduction.instance.demands])
    assert short_windows(Known(units, commits), model, np.arange(3), GAP).tolist() == [2]
    assert short_windows(Known(committed, commits), model, np.arange(3), GAP).tolist() == []
    assert short_windows(Known(units, np.zeros_like(commits)), model, np.arange(3), GAP).tolist() == []
