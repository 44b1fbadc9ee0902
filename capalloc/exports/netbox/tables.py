"""A plan as CSV for NetBox's imports. NetBox takes texts as they are, so they are written as they are."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import count, islice

from capalloc.analysis.base import Base
from capalloc.exports.netbox.fields import FIELDS, GROUP, RACK, RESERVATION, Values, rack_values, reservation_values
from capalloc.exports.netbox.holds import Hold, Holds, hold_on, holds_of, tenants_of
from capalloc.exports.netbox.slots import slots_of
from capalloc.exports.netbox.slugs import slugs_of
from capalloc.exports.netbox.spots import Spot, spot_of, written_units
from capalloc.imports.inventory.positions import RESERVED
from capalloc.imports.missing import Tally
from capalloc.imports.netbox.cells import units
from capalloc.schema.facility import Facility, Position

NAMES = ("custom_fields.csv", "rack_reservations.csv", "racks.csv", "tenants.csv")
_ASKED = {"search_weight": "1000", "filter_logic": "loose", "weight": "100"}
"""What NetBox's import of custom fields asks for besides, with its own defaults."""
_KEPT = "racks.csv leaves them as people set them; the reservations say what the plan does"
_UNKNOWN = "racks.csv leaves them out, and reservations name them as the site does; see that NetBox calls them so"
_NAUTOBOT = f"nothing is written for Nautobot: {_UNKNOWN}"
_FIELD_HEAD = ("name", "group_name", "type", "object_types", "description", *_ASKED)
_RESERVATION_FIELDS = tuple(field.name for field in FIELDS if RESERVATION in field.object_types)
_RACK_FIELDS = tuple(field.name for field in FIELDS if RACK in field.object_types)
_RESERVATION_HEAD = ("site", "location", "rack", "units", "status", "tenant", "description")
Row = Sequence[str]


def netbox_files(base: Base, on: date | None = None, tally: Tally | None = None) -> dict[str, str]:
    """What NetBox imports, seen from a day, the plan's first unless given: custom fields, tenants, reservations, racks.

    ``racks.csv`` changes racks, by the numbers that they have there: it has only those whose number is known, and none
    that people gave to a tenant. What the files cannot say is counted.
    """
    facility, holds = base.scenario.facility, holds_of(base)
    tally = Tally() if tally is None else tally
    on = on or base.scenario.horizon.start
    return {
        "custom_fields.csv": _csv(_FIELD_HEAD, _field_rows()),
        "tenants.csv": _csv(("name", "slug"), slugs_of(tenants_of(holds)).items()),
        "rack_reservations.csv": _csv(
            (*_RESERVATION_HEAD, *_columns(_RESERVATION_FIELDS)), _reservations(holds, facility, on, tally)
        ),
        "racks.csv": _csv(("id", "tenant", *_columns(_RACK_FIELDS)), _racks(holds, facility, on, tally)),
    }


def _columns(fields: Iterable[str]) -> list[str]:
    return [f"cf_{name}" for name in fields]


def _field_rows() -> Iterator[Row]:
    for field in FIELDS:
        yield field.name, GROUP, field.type, ",".join(field.object_types), field.description, *_ASKED.values()


def _reservations(holds: Holds, facility: Facility, on: date, tally: Tally) -> Iterator[Row]:
    for position in facility.positions:
        spot, held = spot_of(position, facility), holds.get(position.name, ())
        for hold, taken in slots_of(_free(position, len(held)), held, position.name, tally):
            yield _reservation(spot, hold, taken, on)


def _free(position: Position, holds: int) -> list[int]:
    """The units of its rack that people have not reserved; where no import left its height, as many as holds need."""
    labels = position.labels
    height, first = labels.get("u_height", ""), labels.get("starting_unit", "")
    lowest, taken = int(first) if first.isdigit() else 1, set(map(int, units(labels.get(RESERVED))))
    if height.isdigit():
        return [unit for unit in range(lowest, lowest + int(height)) if unit not in taken]
    return list(islice((unit for unit in count(lowest) if unit not in taken), holds))


def _reservation(spot: Spot, hold: Hold, units: Iterable[int], on: date) -> Row:
    where = (spot.site, spot.location, spot.name, written_units(units))
    return (
        *where,
        hold.status(on),
        hold.tenant or "",
        hold.description,
        *_cells(reservation_values(hold), _RESERVATION_FIELDS),
    )


def _racks(holds: Holds, facility: Facility, on: date, tally: Tally) -> Iterator[Row]:
    given = {rack.position for rack in facility.racks if rack.tenant is not None}
    for position in facility.positions:
        spot = spot_of(position, facility)
        if spot.number is None or position.name in given:
            if position.name in holds:
                tally.add(*_left_out(position, known=spot.number is not None))
        else:
            hold = hold_on(holds.get(position.name, ()), on)
            tenant = (hold and hold.tenant) or ""
            yield str(spot.number), tenant, *_cells(rack_values(hold), _RACK_FIELDS)


def _left_out(position: Position, *, known: bool) -> tuple[str, str, str]:
    """Why a rack of the plan is not in ``racks.csv``: what is counted, which, and what to do."""
    if known:
        return "racks that people gave to a tenant", position.name, _KEPT
    if "nautobot_id" in position.labels:
        return "racks that come from Nautobot and not from NetBox", position.name, _NAUTOBOT
    return "racks whose number in NetBox is not known", position.name, _UNKNOWN


def _cells(values: Values, fields: Iterable[str]) -> Iterator[str]:
    for name in fields:
        value = values[name]
        yield "" if value is None else str(value)


def _csv(head: Row, rows: Iterable[Row]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([head, *rows])
    return text.getvalue()
