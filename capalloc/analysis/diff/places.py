"""Where racks stand: by the tables of scenarios that were given, and by what plans place."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from capalloc.schema.facility import Position, Rack
from capalloc.schema.plan import Plan
from capalloc.schema.scenario import Scenario

_NUMBERS = re.compile(r"(\d+)")


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a rack stands, as far as that is known."""

    rack_type: str | None = None
    hall: str | None = None
    row: str | None = None
    position: str | None = None
    feeds: tuple[str, ...] = ()
    index: int = 0

    @property
    def order(self) -> tuple[object, ...]:
        """As one walks: hall, row, place in the row."""
        return (natural(self.hall or ""), natural(self.row or ""), self.index, natural(self.position or ""))


@dataclass(frozen=True, slots=True)
class Places:
    """Racks and positions of the scenario that is known, if any."""

    racks: dict[str, Rack] = field(default_factory=dict)
    positions: dict[str, Position] = field(default_factory=dict)

    def spot(self, rack: str, placed: str | None) -> Spot:
        """Where a rack stands; ``placed`` is the position that a plan gives it, which counts first."""
        known = self.racks.get(rack)
        name = placed or (known.position if known is not None else None)
        kind = known.rack_type if known is not None else None
        place = self.positions.get(name or "")
        if place is None:
            return Spot(rack_type=kind, position=name)
        feeds = tuple(feed for feed in (place.feed_a, place.feed_b) if feed is not None)
        return Spot(kind, place.hall, place.row, place.name, feeds, place.index)


def places_of(scenarios: Iterable[Scenario]) -> Places:
    """What scenarios know of racks and positions; of several the first counts."""
    places = Places()
    for scenario in scenarios:
        for rack in scenario.facility.racks:
            places.racks.setdefault(rack.name, rack)
        for place in scenario.facility.positions:
            places.positions.setdefault(place.name, place)
    return places


def placed_by(plan: Plan) -> dict[str, str]:
    """The position of each rack that a plan places."""
    return {one.rack: one.position for one in plan.placements}


def natural(text: str) -> tuple[tuple[int, str], ...]:
    """A key that sorts ``r2`` before ``r10``."""
    parts = _NUMBERS.split(text)
    return tuple((int(part), "") if number % 2 else (-1, part) for number, part in enumerate(parts))
