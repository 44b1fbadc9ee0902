"""Moves, of the hand-over rule: racks that stop serving a demand are counted, and stay within the budget.

What a demand may have can fall by more than the budget lets go at once: then racks have to leave in the periods before.
The rows of all periods say so together, but a step from period to period looks ahead a little only, so valid
inequalities say in each period how many racks have to leave until each later one (Y. Pochet and L. A. Wolsey,
Production Planning by Mixed Integer Programming, Springer 2006, chapter 4, on what is known of later periods).
"""

from __future__ import annotations

import numpy as np

from capalloc.planner.lp.linear import NONE
from capalloc.planner.lp.program import Floats, Ints
from capalloc.planner.model.level import Level
from capalloc.planner.model.rules.ramp import most_delivered


def add(level: Level) -> None:
    """leave >= what served the period before less what serves now.

    Deliveries that the incumbent holds already serve on in any of their classes, or depart.
    """
    linear, classes, columns = level.linear, level.classes, level.columns
    c, d, t = np.nonzero(columns.leave >= 0)
    before = np.where(t > 0, columns.serve[c, d, t - 1], NONE)
    start = np.where(t == 0, np.array([len(classes.racks[i]) for i in c], dtype=np.int64), 0)
    rows = linear.add_rows(len(c), "leaving", lower=start)
    linear.put(rows, columns.leave[c, d, t], 1.0)
    linear.put(rows, columns.serve[c, d, t], 1.0)
    linear.put(rows, before, -1.0)
    for i in np.flatnonzero((t == 0) & (classes.delivery[c] >= 0)):
        others = np.flatnonzero((classes.delivery == classes.delivery[c[i]]) & (np.arange(len(classes.type)) != c[i]))
        linear.put(rows[i], columns.serve[others, d[i], 0], 1.0)


def add_budget(level: Level) -> None:
    """No more racks leave in a period than the policy allows. Held racks that are in no class leave in the first."""
    budget = level.instance.policy.most_moves
    if budget is None:
        return
    in_term = level.instance.in_term
    left = np.full(in_term.shape[1], budget)
    left[0] -= level.reduction.sure_departures[in_term[:, 0]].sum()
    rows = level.linear.add_rows(len(left), "moves", upper=left)
    level.linear.put(rows[None, None, :], np.where(in_term[None], level.columns.leave, NONE), 1.0)


def add_foresight(level: Level) -> None:
    """No more racks have to leave demands until a later period, whose ceilings are lower, than the budget lets go."""
    budget, in_term = level.instance.policy.most_moves, level.instance.in_term
    if budget is None:
        return
    most = np.array([most_delivered(data) for data in level.instance.demands]).reshape(in_term.shape)
    racks = most / np.array([max(int(data.unit.max()), 1) for data in level.instance.demands])[:, None]
    for later in range(1, in_term.shape[1]):
        if not (in_term[:, later] & (racks[:, later] < racks[:, later - 1])).any():
            continue
        for t in range(later):
            less = racks[:, t] - racks[:, later]
            sheds = np.flatnonzero((less > 0) & in_term[:, t : later + 1].all(axis=1))
            if less[sheds].sum() > budget * (later - t):
                _leave_in_time(level, t, sheds, racks[sheds, later], budget * (later - t))


def _leave_in_time(level: Level, t: int, demands: Ints, racks: Floats, most: int) -> None:
    """What (n,) ``demands`` have in a period beyond so many ``racks`` of the type that delivers most is ``most``."""
    linear, kinds = level.linear, level.classes.type
    leaving = linear.add_columns(np.ones(len(demands), dtype=bool), np.inf, when=t)
    linear.put(linear.add_rows(1, "leaving in time", upper=most), leaving, 1.0)
    rows = linear.add_rows(len(demands), "has to leave", upper=racks)
    linear.put(rows, leaving, -1.0)
    for row, d in zip(rows, demands, strict=True):
        unit = level.instance.demands[d].unit
        linear.put(row, level.columns.serve[:, d, t], unit[kinds] / max(int(unit.max()), 1))
