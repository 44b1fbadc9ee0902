"""Halls and rows of an inventory's racks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from capalloc.imports.inventory.mapping import MappingFile
from capalloc.imports.inventory.naming import natural
from capalloc.imports.inventory.records import Inventory, Place, RackPlace
from capalloc.imports.missing import Tally

UNKNOWN = "unknown"
"""The hall, and row, of racks that are nowhere."""


@dataclass(frozen=True, slots=True)
class Room:
    """Where a rack is."""

    site: str
    location: str
    hall: str
    row: str


def rooms_of(inventory: Inventory, mapping: MappingFile, tally: Tally) -> dict[str, Room]:
    """Of each rack, by its key, the hall and row.

    A row is a rack group inside a location, or else a location inside a location; the hall is the location around it.
    """
    names = _hall_names(inventory)
    return {rack.key: _room(rack, inventory, mapping, names, tally) for rack in inventory.racks}


def _hall_names(inventory: Inventory) -> dict[str, str]:
    """Name of each place: its own, or with those around it where another place has the same."""
    of_name: dict[str, list[Place]] = defaultdict(list)
    for place in inventory.places:
        of_name[place.name].append(place)
    return {
        place.key: place.name
        if len(of_name[place.name]) == 1
        else "/".join(one.name for one in inventory.path(place.key))
        for place in inventory.places
    }


def _room(rack: RackPlace, inventory: Inventory, mapping: MappingFile, names: Mapping[str, str], tally: Tally) -> Room:
    path = inventory.path(rack.place)
    if not path:
        tally.add("racks in no known place", rack.where, "their hall is called unknown")
        return Room("", "", UNKNOWN, rack.group or UNKNOWN)
    top = next((depth for depth, place in enumerate(path) if place.kind == "site"), 0)
    site, locations = path[top].name, path[top + 1 :] or path[top:]
    last = locations[-1]
    by = mapping.rows or ("group" if rack.group else "location")
    row = {"group": rack.group, "role": rack.role, "rack": rack.name}.get(by)
    if row is not None:
        return Room(site, last.name, names[last.key], row)
    if len(locations) > 1:
        return Room(site, last.name, names[locations[-2].key], last.name)
    tally.add("racks of no known row", rack.where, "their whole hall is one row; give them rack groups, or a field row")
    return Room(site, last.name, names[last.key], last.name)


def indices(rows: Iterable[tuple[str, str, str]]) -> dict[tuple[str, str, str], int]:
    """Places in their row, counted from 1, by (hall, row, name)."""
    of_row: dict[tuple[str, str], list[str]] = defaultdict(list)
    for hall, row, name in rows:
        of_row[hall, row].append(name)
    return {
        (*row, name): number
        for row, names in of_row.items()
        for number, name in enumerate(sorted(names, key=natural), start=1)
    }
