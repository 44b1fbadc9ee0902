"""Integer counts of racks by class: what a planner over classes answers."""

from __future__ import annotations

from dataclasses import dataclass

from capalloc.instance.model import Ints


@dataclass(frozen=True, slots=True)
class Counts:
    """Racks of C classes, for D demands over T periods (or windows)."""

    serve: Ints
    """(C, D, T) that serve the demand."""
    off: Ints
    """(C, T) that are switched off."""
    hold: Ints
    """(C, D, T) idle ones held as spares of the demand."""
    place: Ints
    """(C,) deliveries that take a position; 0 for classes of racks that stand."""

    def expand_to_periods(self, window: Ints) -> Counts:
        """The counts of each period; ``window`` (T,) is the window of each."""
        return Counts(self.serve[:, :, window], self.off[:, window], self.hold[:, :, window], self.place)
