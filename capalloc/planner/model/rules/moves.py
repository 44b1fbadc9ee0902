"""Moves, of the hand-over rule: racks that stop serving a demand are counted, and stay within the budget."""

from __future__ import annotations

import numpy as np

from capalloc.planner.lp.linear import NONE
from capalloc.planner.model.level import Level


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
