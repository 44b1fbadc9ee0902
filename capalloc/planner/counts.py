"""Whole racks by cell: what a planner over classes answers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from capalloc.instance.model import Floats, Ints
from capalloc.planner.columns import Columns


@dataclass(frozen=True, slots=True)
class Counts:
    """Whole racks by cell."""

    serve: Ints
    """(C, D, T)"""
    off: Ints
    """(C, T)"""
    hold: Ints
    """(C, D, T)"""
    place: Ints
    """(C,)"""

    def over(self, window: Ints) -> Counts:
        """The counts of each period, given its window."""
        return Counts(self.serve[:, :, window], self.off[:, window], self.hold[:, :, window], self.place)


def whole_counts(columns: Columns, values: Floats) -> Counts:
    """The values of the columns, rounded to the whole numbers that they are but for a solver's last digits."""
    padded = np.append(values, 0.0)  # where NONE points

    def read(numbers: Ints) -> Ints:
        whole: Ints = np.rint(padded[numbers]).astype(np.int64)
        return whole

    return Counts(read(columns.serve), read(columns.off), read(columns.hold), read(columns.place))
