"""Bounds from single periods, and what they tell of periods that pay a little more or less."""

from __future__ import annotations

import copy

import numpy as np
import pytest

from capalloc.instance.compile import compile_scenario
from capalloc.planner.bounds.group_draw import with_cuts
from capalloc.planner.bounds.single_periods import SinglePeriod, relax_single_periods, tighten, tighten_from
from capalloc.planner.lp.deadline import Deadline
from capalloc.planner.lp.slices import Slices
from capalloc.planner.model.by_pool import ModelByPool
from capalloc.planner.model.columns import Preferences
from capalloc.reduction.pools import pool
from capalloc.reduction.windows import merge_windows, window_of, window_starts
from capalloc.schema.status import Status
from capalloc.synthetic.generate import generate


@pytest.fixture(scope="module")
def found() -> list[SinglePeriod]:
    """Months of 28, 30 and 31 days that share their windows."""
    instance = compile_scenario(generate(96, halls=2, periods=12, demands=5, seed=1))
    starts = window_starts(instance)
    model = with_cuts(ModelByPool(pool(merge_windows(instance, starts)), Preferences()))
    slices = Slices(model.linear.program(), model.linear.periods_of(), np.zeros(model.linear.columns, dtype=np.int64))
    return relax_single_periods(instance, window_of(instance, starts), slices, model.money)


def _pairs(found: list[SinglePeriod]) -> list[tuple[SinglePeriod, SinglePeriod]]:
    return [(one, other) for one in found for other in found if one is not other and one.window == other.window]


def _searched(single: SinglePeriod) -> SinglePeriod:
    known = copy.copy(single)
    tighten(known, np.ones(len(single.usd), dtype=bool), time_limit=60.0, gap=0.0, seed=0, deadline=Deadline(60.0))
    assert known.searched is not None
    assert known.searched.status is Status.OPTIMAL
    return known


def test_what_is_lent_is_a_bound_and_a_closer_one(found: list[SinglePeriod]) -> None:
    pairs = _pairs(found)
    assert len(pairs) >= 4
    closer = 0
    for one, other in pairs:
        known, best, learned = _searched(one), _searched(other), copy.copy(other)
        tighten_from(known, learned, Deadline(60.0))
        assert learned.bound >= best.bound * (1 - 1e-9)
        assert learned.bound <= other.bound
        closer += learned.bound < other.bound * (1 - 1e-4)
    assert closer > 0


def test_a_period_that_pays_as_another_is_bound_alike(found: list[SinglePeriod]) -> None:
    known = _searched(found[0])
    twin = copy.copy(found[0])
    tighten_from(known, twin, Deadline(60.0))
    assert twin.bound == pytest.approx(known.bound, rel=1e-9)


def test_one_that_pays_for_nothing_of_the_same_learns_nothing(found: list[SinglePeriod]) -> None:
    known, other = _searched(found[0]), copy.copy(found[0])
    paid = np.flatnonzero(found[0].usd)
    usd = np.zeros_like(found[0].usd)
    usd[paid[0]] = 1.0
    other.usd, other.bound = usd, np.inf
    tighten_from(known, other, Deadline(60.0))
    assert other.bound == np.inf
