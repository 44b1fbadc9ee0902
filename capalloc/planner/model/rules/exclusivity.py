"""Exclusivity: a rack serves one demand, is held for one, or is off."""

from __future__ import annotations

import numpy as np

from capalloc.planner.lp.program import Ints
from capalloc.planner.model.level import Level


def add(level: Level) -> None:
    """In each period a class's racks that serve, are held or are off are no more than there are."""
    rows, columns = add_rows_of_racks(level, "exclusivity"), level.columns
    level.linear.put(rows[:, None, :], columns.serve, 1.0)
    level.linear.put(rows, columns.off, 1.0)
    level.linear.put(rows[:, None, :], columns.hold, 1.0)


def add_rows_of_racks(level: Level, name: str) -> Ints:
    """(C, T) rows ``... <= racks of the class``: its size where they stand, its placed deliveries otherwise."""
    classes = level.classes
    shape = classes.usable.shape
    stands = np.repeat(classes.delivery < 0, shape[1])
    size = np.where(stands, np.repeat(classes.size, shape[1]), 0)
    rows = level.linear.add_rows(shape[0] * shape[1], name, upper=size).reshape(shape)
    level.linear.put(rows, level.columns.place[:, None], -1.0)
    return rows
