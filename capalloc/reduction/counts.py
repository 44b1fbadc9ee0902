"""Whole racks by class: what a planner over classes answers."""

from __future__ import annotations

from dataclasses import dataclass

from capalloc.instance.model import Ints


@dataclass(frozen=True, slots=True)
class Counts:
    """Whole racks by class."""

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
