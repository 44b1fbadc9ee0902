"""A facility in which groups of racks are to be placed, with all that the answer depends on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property

from capalloc.schema.facility import Facility, Position
from capalloc.schema.hardware import RackType
from capalloc.schema.request import Placed, PlacementObjective, Request, Standing
from capalloc.schema.rules import Rule
from tests.placement.rows import Power, Row, exact, heat_rows

_POWER = Row(Rule.POWER, "rack", None, Fraction(0))


@dataclass(frozen=True)
class Case:
    """What ``place`` is asked."""

    seed: int
    facility: Facility
    requests: tuple[Request, ...]
    occupied: tuple[Placed, ...]
    objective: PlacementObjective
    standing: Standing
    on: date

    @cached_property
    def positions(self) -> dict[str, Position]:
        """Positions by name."""
        return {position.name: position for position in self.facility.positions}

    @cached_property
    def kinds(self) -> dict[str, RackType]:
        """Rack types by name."""
        return {kind.name: kind for kind in self.facility.rack_types}

    @cached_property
    def power(self) -> Power:
        """The power forest on the day."""
        return Power(self.facility, self.on)

    @cached_property
    def own(self) -> dict[str, str]:
        """Rack type of the facility's rack on each position that such a rack takes."""
        if self.standing == "none":
            return {}
        return {
            rack.position: rack.rack_type
            for rack in self.facility.racks
            if rack.position is not None
            and rack.status != "retired"
            and (rack.available_until is None or rack.available_until > self.on)
        }

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """Every limit on the day."""
        return (*self.power.rows(), *heat_rows(self.facility, self.on))

    @cached_property
    def limits(self) -> tuple[tuple[Row, Fraction, Fraction], ...]:
        """Every limit that counts somewhere, its load before anything is placed, and the most that its load may be.

        Where what stood is above a limit nothing may be added, and nothing must be taken away.
        """
        loads = [(row, self.load(row, self.occupied)) for row in self.rows if row.weights]
        return tuple((row, load, max(row.limit, load)) for row, load in loads)

    def load(self, row: Row, lines: Sequence[Placed]) -> Fraction:
        """Load with the racks of the facility's own table and those of the lines."""
        asked = {request.name: self.asked(row, request) for request in self.requests}
        kinds = {kind.name: row.own(kind, self.standing) for kind in self.facility.rack_types}
        standing = [(position, kinds[kind]) for position, kind in self.own.items()]
        standing += [(line.position, asked[line.request]) for line in lines]
        return row.static + sum((row.weights[at] * kw for at, kw in standing if at in row.weights), Fraction(0))

    def asked(self, row: Row, request: Request) -> Fraction:
        """kW of one rack of a request that count for a row."""
        return row.asked(request, self.kinds.get(request.rack_type or ""))

    def draw_kw(self, request: Request) -> Fraction:
        """Draw of one rack of a request."""
        return self.asked(_POWER, request)

    def suits(self, request: Request, position: str) -> bool:
        """Whether a position is cooled as a rack of a request needs."""
        kind = self.kinds.get(request.rack_type or "")
        needs = kind.cooling if kind is not None else "liquid" if request.liquid_fraction else None
        return needs is None or self.positions[position].cooling in (needs, "hybrid")

    def worth(self, placed: tuple[Placed, ...]) -> Fraction:
        """The objective of lines, what stood before included."""
        standing = Counter(line.request for line in placed)
        return sum((self._worth(request, standing[request.name]) for request in self.requests), Fraction(0))

    def _worth(self, request: Request, racks: int) -> Fraction:
        each = {
            "racks": Fraction(racks),
            "kw": racks * self.draw_kw(request),
            "requests": Fraction(racks == request.racks),
            "value": racks * exact(request.value),
        }
        return each[self.objective]
