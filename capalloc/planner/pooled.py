"""The planner for large sites: pools for whom racks serve, cells for what they draw, one period at a time."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from capalloc.instance.classes import Reduction
from capalloc.instance.model import Bools, Floats, Instance, Ints
from capalloc.instance.windows import merge_windows, window_of
from capalloc.planner.apart import Single, bound_of, search_again, singles
from capalloc.planner.columns import Preferences
from capalloc.planner.counts import Counts
from capalloc.planner.deal import deal_out
from capalloc.planner.forward import Settings, forward, is_switch
from capalloc.planner.pools import PooledModel, pool
from capalloc.planner.slices import Slices

_STEP_SHARE = 0.25
"""A step's gap as a share of the gap asked for."""


@dataclass(frozen=True, slots=True)
class PooledPlan:
    """What the planner over pools found."""

    infeasible: bool
    counts: Counts | None
    """By cell of the reduction, and by period."""
    bound_usd: float
    """Discounted USD that no plan can pass, without what no plan changes."""
    found: tuple[Single, ...]
    built: PooledModel
    window: Ints


def plan_pooled(
    reduction: Reduction, starts: Ints, prefer: Preferences, gap: float, seed: int, deadline: float
) -> PooledPlan:
    """Plan by pools over calendar windows; ``starts`` are their first periods, ``deadline`` is in monotonic seconds."""
    instance = reduction.instance
    window = window_of(instance, starts)
    merged = merge_windows(instance, starts, np.append(starts[1:], len(instance.periods)))
    built = PooledModel(pool(merged), prefer)
    slices = Slices(built.model.program(), built.model.periods_of(), _begins(built))
    found = singles(instance, window, slices, built.money)
    if any(single.answer.status == "infeasible" for single in found):
        return PooledPlan(True, None, -np.inf, tuple(found), built, window)
    settings = Settings(gap * _STEP_SHARE, seed, deadline)
    values = forward(built.model, slices, _worth(instance, window, found), settings)
    if values is None:
        return PooledPlan(False, None, bound_of(instance, found), tuple(found), built, window)
    _tighten(instance, found, values, is_switch(built.model), gap, deadline)
    counts = deal_out(built, values).over(window)
    return PooledPlan(False, counts, bound_of(instance, found), tuple(found), built, window)


def _begins(built: PooledModel) -> Ints:
    """(columns,) the period in which a column of no single period is decided: a delivery's place, when the first racks
    of its class can run anywhere."""
    begins = np.zeros(built.model.columns, dtype=np.int64)
    levels = built.levels
    for reduction, place in ((levels.pools, built.served.place), (levels.cells, built.drawn.place)):
        cells = reduction.cells
        first = np.where(cells.usable.any(axis=1), cells.usable.argmax(axis=1), 0)
        for group in np.unique(cells.delivery[cells.delivery >= 0]):
            mine = np.flatnonzero(cells.delivery == group)
            begins[place[mine]] = first[mine].min()
    return begins


def _worth(instance: Instance, window: Ints, found: Sequence[Single]) -> Floats:
    """(windows,) discounted USD that each window can earn at most."""
    worth = np.zeros(int(window.max()) + 1)
    for single in found:
        worth[single.window] += instance.discount[single.periods].sum() * single.bound
    return worth


def _tighten(
    instance: Instance, found: Sequence[Single], values: Floats, switch: Bools, gap: float, deadline: float
) -> None:
    """Search again for the bounds that are farthest from what is earned, until they are close or the time is over."""

    def missing(single: Single) -> float:
        return float(instance.discount[single.periods].sum() * (single.bound - single.usd @ values))

    allowed = gap * abs(bound_of(instance, found))
    for single in sorted(found, key=missing, reverse=True):
        left = deadline - time.monotonic()
        if left <= 0 or sum(map(missing, found)) <= allowed:
            return
        search_again(single, switch, left, gap * _STEP_SHARE)
