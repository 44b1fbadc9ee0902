"""Hand-over: a rack that changes hands serves nobody for the hand-over time. Its budget of moves is in ``moves``."""

from __future__ import annotations

import numpy as np

from capalloc.planner.lp.linear import NONE, LinearModel
from capalloc.planner.lp.program import Bools, Ints
from capalloc.planner.model.level import Columns, Level
from capalloc.planner.model.rules.exclusivity import add_rows_of_racks
from capalloc.reduction.classes import Reduction


def may_serve(reduction: Reduction) -> Bools:
    """(C, D, T) whether the class's racks are through the hand-over from whom they served last, or stay with it."""
    classes, instance = reduction.classes, reduction.instance
    ready = np.arange(len(instance.periods))[None, :] >= classes.ready[:, None]
    same_as_before = classes.last[:, None] == np.arange(len(instance.demands))[None, :]
    through: Bools = ready[:, None, :] | same_as_before[:, :, None]
    return through


def add(level: Level) -> None:
    """Racks that serve, and racks that left a demand too short a while ago, are no more than the class's.

    A rack may return at once to the demand that it left: ``back`` counts those, by the period they left in.
    What the incumbent's racks left is in the bounds of ``serve``.
    """
    if not level.instance.policy.has_hand_over:
        return
    cools = level.instance.cools_at
    rows = add_rows_of_racks(level, "hand-over")
    level.linear.put(rows[:, None, :], level.columns.serve, 1.0)
    left = level.columns.leave.copy()
    left[:, :, 0] = NONE
    pairs = [(s, t) for s, t in zip(*np.nonzero(cools), strict=True) if s > 0]
    for s, t in pairs:
        level.linear.put(rows[:, None, t], left[:, :, s], 1.0)
    returning = [(s, t) for s, t in pairs if s < t]
    if returning:
        _returns(level.linear, level.columns, rows, left, returning)


def _returns(linear: LinearModel, columns: Columns, rows: Ints, left: Ints, pairs: list[tuple[int, int]]) -> None:
    periods = left.shape[2]
    budget = linear.add_rows(left.size, "returned", upper=0.0).reshape(left.shape)
    arrival = linear.add_rows(left.size, "arrived", upper=0.0).reshape(left.shape)
    linear.put(budget, left, -1.0)
    linear.put(arrival, columns.serve, -1.0)
    linear.put(arrival[:, :, 1:], columns.serve[:, :, :-1], 1.0)
    linear.put(arrival, left, -1.0)
    cools = {(s, t) for s, t in pairs}
    for s, t in pairs:
        back = linear.add_columns((left[:, :, s] >= 0) & (columns.serve[:, :, t] >= 0), np.inf, when=t)
        linear.put(budget[:, :, s], back, 1.0)
        linear.put(arrival[:, :, t], back, 1.0)
        for later in range(t, periods):
            if (s, later) in cools:
                linear.put(rows[:, None, later], back, -1.0)
