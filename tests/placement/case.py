"""A facility in which groups of racks are to be placed, with all that the answer depends on."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property

from capalloc.schema.facility import Facility, Position
from capalloc.schema.request import Draw, Placed, PlacementObjective, Request


def exact(value: float) -> Fraction:
    """The number that a person wrote."""
    return Fraction(str(value))


@dataclass(frozen=True)
class Case:
    """What ``place`` is asked."""

    seed: int
    facility: Facility
    requests: tuple[Request, ...]
    occupied: tuple[Placed, ...]
    objective: PlacementObjective
    draw: Draw
    on: date

    @cached_property
    def positions(self) -> dict[str, Position]:
        """Positions by name."""
        return {position.name: position for position in self.facility.positions}

    @cached_property
    def own(self) -> dict[str, str]:
        """Rack type of the facility's rack on each position that such a rack takes."""
        if self.draw == "none":
            return {}
        return {
            rack.position: rack.rack_type
            for rack in self.facility.racks
            if rack.position is not None
            and rack.status != "retired"
            and (rack.available_until is None or rack.available_until > self.on)
        }

    def worth(self, placed: tuple[Placed, ...]) -> Fraction:
        """The objective of lines, what stood before included."""
        standing = Counter(line.request for line in placed)
        each = {
            "racks": lambda request, racks: Fraction(racks),
            "kw": lambda request, racks: racks * exact(request.power_kw),
            "requests": lambda request, racks: Fraction(racks == request.racks),
            "value": lambda request, racks: racks * exact(request.value),
        }[self.objective]
        return sum((each(request, standing[request.name]) for request in self.requests), Fraction(0))
