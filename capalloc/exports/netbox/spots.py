"""Positions as NetBox's racks: how each is found there, and which of its units each hold of it takes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from capalloc.schema.facility import Facility, Position


@dataclass(frozen=True, slots=True)
class Spot:
    """How a position is found in NetBox. A position that did not come from there is sought by its own names."""

    position: str
    site: str
    location: str
    name: str
    number: int | None = None
    """NetBox's own, where the position was imported from it."""


def spot_of(position: Position, facility: Facility) -> Spot:
    """Where NetBox has a position: by the labels that an import left, or else by its names."""
    number = position.labels.get("netbox_id", "")
    return Spot(
        position=position.name,
        site=position.labels.get("site", facility.name),
        location=position.labels.get("location", position.hall),
        name=position.labels.get("netbox_name", position.name),
        number=int(number) if number.isdigit() else None,
    )


def shared_units(units: Sequence[int], holds: int) -> list[tuple[int, ...]]:
    """The units that each of some holds of a rack reserves, since NetBox gives no unit to two reservations.

    ``units`` are those that are free, from below. Every hold after the first takes one, from the top; the first takes
    the rest. So a later hold that comes or goes changes no other's but the first's. Holds that find none get ().
    """
    if not holds:
        return []
    later = [(unit,) for unit in reversed(units[1:])][: holds - 1]
    first = tuple(units[: len(units) - len(later)])
    return [first, *later, *[()] * (holds - 1 - len(later))]


def written_units(units: Iterable[int]) -> str:
    """Units as an import wants them."""
    return ",".join(map(str, units))
