"""Racks of an inventory as positions, and what stands on them as racks."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import ValidationError

from capalloc.formats.wording import messages
from capalloc.imports.inventory.cooling import Cooled
from capalloc.imports.inventory.mapping import MappingFile, RackWords
from capalloc.imports.inventory.naming import unique_names
from capalloc.imports.inventory.power import Power
from capalloc.imports.inventory.records import Inventory, RackPlace
from capalloc.imports.inventory.rooms import UNKNOWN, Room, indices, rooms_of
from capalloc.imports.inventory.said import said_by_fields
from capalloc.imports.inventory.standing import COOLING, Standing
from capalloc.imports.inventory.tenants import reserved_units
from capalloc.imports.inventory.unmatched import count_unmatched
from capalloc.imports.missing import Tally
from capalloc.schema.facility import Position, Rack

RESERVED = "reserved_units"
"""The label of a position with the units of its rack that people have reserved."""
_WEIGHTS = "no table has weights: see to it that the racks that are planned there are not heavier"
_FEEDLESS = "a position hangs on a feed: give them one, or they cannot be planned"


@dataclass(frozen=True, slots=True)
class Placed:
    """One rack of the inventory with all that is known of it."""

    rack: RackPlace
    name: str
    room: Room
    said: Mapping[str, Any]
    """By column of positions.csv and racks.csv."""

    @property
    def hall(self) -> str:
        """Its hall, as fields say it or as places do."""
        return str(self.said.get("hall", self.room.hall) or UNKNOWN)

    @property
    def row(self) -> str:
        """Its row, as fields say it or as places do."""
        return str(self.said.get("row", self.room.row) or UNKNOWN)


def placed_racks(
    inventory: Inventory, power: Power, cooled: Cooled, mapping: MappingFile, tally: Tally
) -> list[Placed]:
    """The racks that can be planned; those that cannot are counted."""
    zones = {zone.name for zone in cooled.zones}
    rooms = rooms_of(inventory, mapping, tally)
    names = unique_names(inventory.racks, {key: f"{room.hall}/{room.row}" for key, room in rooms.items()})
    count_unmatched("racks", inventory.racks, names, mapping, tally)
    found = []
    for rack in inventory.racks:
        if rack.status == "deprecated":
            tally.add("racks that are deprecated", rack.where, "left out")
        elif rack.key not in power.feeds:
            tally.add("racks without a feed", rack.where, _FEEDLESS)
        else:
            if rack.max_weight is not None:
                tally.add("racks with a limit of weight", f"{rack.where} ({rack.max_weight})", _WEIGHTS)
            said = _said(rack, mapping, zones, tally) | mapping.rack_words.of(rack.name, names[rack.key])
            said = {key: value for key, value in said.items() if value is not None}
            found.append(Placed(rack, names[rack.key], rooms[rack.key], said))
    return found


def _said(rack: RackPlace, mapping: MappingFile, zones: Collection[str], tally: Tally) -> dict[str, Any]:
    """What its fields say of it; what cannot be is counted and left out."""
    said = said_by_fields(rack, "positions", mapping, tally) | said_by_fields(rack, "racks", mapping, tally)
    said = {key: value for key, value in said.items() if key in RackWords.model_fields}
    wrong = _wrong(said)
    if said.get("cooling_zone") not in {None, *zones}:
        wrong["cooling_zone"] = "no such cooling zone"
    for key, text in wrong.items():
        tally.add("values of racks that cannot be", f"{rack.where} ({key}: {text})", "left out; correct them")
        del said[key]
    return said


def _wrong(said: Mapping[str, Any]) -> dict[str, str]:
    """By column, what is wrong with its value."""
    try:
        RackWords.model_validate(said)
    except ValidationError as error:
        return {str(loc[0]): text for loc, text in messages(RackWords, error)}
    return {}


def positions_of(
    placed: list[Placed], inventory: Inventory, power: Power, cooled: Cooled, mapping: MappingFile
) -> tuple[Position, ...]:
    """A position for each rack."""
    numbers = indices((one.hall, one.row, one.name) for one in placed)
    reserved = reserved_units(inventory)
    return tuple(
        Position(
            name=one.name,
            hall=one.hall,
            row=one.row,
            index=one.said.get("index", numbers[one.hall, one.row, one.name]),
            **_feeds(one, power),
            cooling_zone=one.said.get("cooling_zone", cooled.zone_of.get(one.rack.key)),
            fabric_block=one.said.get("fabric_block", _block(one, mapping)),
            cooling=one.said.get("cooling", COOLING.get(one.rack.cooling_capability, "hybrid")),
            labels=_labels(one, inventory.system, reserved.get(one.rack.key, "")),
        )
        for one in placed
    )


def _feeds(one: Placed, power: Power) -> dict[str, Any]:
    leaves = power.feeds[one.rack.key]
    sides = [leaves[side] for side in ("a", "b") if side in leaves]
    two = len(sides) > 1
    return {
        "feed_a": sides[0],
        "feed_b": sides[1] if two else None,
        "split_a": one.said.get("split_a") if two else None,
    }


def _block(one: Placed, mapping: MappingFile) -> str | None:
    by = mapping.fabric_blocks
    return {
        "row": f"{one.hall}/{one.row}",
        "hall": one.hall,
        "group": one.rack.group,
        "role": one.rack.role,
        None: None,
    }[by]


def _labels(one: Placed, system: str, reserved: str) -> dict[str, str]:
    """What finds the rack again in its system, and the units of it that people have reserved."""
    labels = {"site": one.room.site, "location": one.room.location, RESERVED: reserved}
    if "/" not in one.rack.key:  # a number of the system, and no path of names
        labels[f"{system}_id"] = one.rack.key
    if one.name != one.rack.name:
        labels[f"{system}_name"] = one.rack.name
    if one.rack.u_height is not None:
        labels["u_height"] = f"{one.rack.u_height:g}"
    if one.rack.starting_unit not in {None, 1}:
        labels["starting_unit"] = f"{one.rack.starting_unit:g}"
    return {key: value for key, value in labels.items() if value}


def racks_of(placed: list[Placed], standing: Standing, tenants: Mapping[str, str], tally: Tally) -> tuple[Rack, ...]:
    """A rack for each place where one stands, or is to."""
    return tuple(rack for one in placed if (rack := _rack(one, standing, tenants, tally)) is not None)


def _rack(one: Placed, standing: Standing, tenants: Mapping[str, str], tally: Tally) -> Rack | None:
    if not standing.stands(one.rack) and "rack_type" not in one.said:
        if one.rack.status == "reserved":
            tally.add("reserved racks with nothing in them", one.rack.where, "their positions are free to every demand")
        return None
    kind = standing.of(one.rack, one.said.get("rack_type"))
    if kind is None:
        return None
    planned = one.rack.status == "planned"
    start: date | None = one.said.get("available_from")
    if planned and start is None:
        tally.add("planned racks without a day", one.rack.where, "they never come; give them a field available_from")
    return Rack(
        name=one.name,
        rack_type=kind,
        position=one.name,
        available_from=start,
        available_until=one.said.get("available_until"),
        status=one.said.get("status", "planned" if planned else "active"),
        tenant=tenants.get(one.rack.key),
    )
