"""Position: a delivered rack takes one free, compatible position and stays there."""

from __future__ import annotations

import numpy as np

from capalloc.planner.model.level import Level


def add(level: Level) -> None:
    """Each delivery is placed once at most, and a class of positions holds no more racks than positions at any time."""
    linear, classes, place = level.linear, level.classes, level.columns.place
    for group in np.unique(classes.delivery[classes.delivery >= 0]):
        mine = np.flatnonzero(classes.delivery == group)
        row = linear.add_rows(1, f"delivered[{group}]", upper=len(classes.racks[mine[0]]))
        linear.put(row[0], place[mine], 1.0)
    for q in np.unique(classes.position_class[classes.delivery >= 0]):
        mine = np.flatnonzero((classes.position_class == q) & (classes.delivery >= 0))
        patterns = np.unique(classes.stay[mine], axis=1)
        most = len(level.reduction.position_classes.members[q])
        rows = linear.add_rows(patterns.shape[1], f"position[{q}]", upper=most)
        linear.put(rows[None, :], place[mine][:, None], patterns)
