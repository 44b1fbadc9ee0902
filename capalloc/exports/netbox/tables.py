"""A plan as CSV for NetBox's imports. NetBox takes texts as they are, so they are written as they are."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from capalloc.analysis.base import Base
from capalloc.exports.netbox.fields import FIELDS, GROUP, RACK, RESERVATION, Values, rack_values, reservation_values
from capalloc.exports.netbox.holds import Hold, Holds, hold_on, holds_of, tenants_of
from capalloc.exports.netbox.slugs import slugs_of
from capalloc.exports.netbox.spots import Spot, shared_units, spot_of, written_units
from capalloc.schema.facility import Facility, Position

NAMES = ("custom_fields.csv", "rack_reservations.csv", "racks.csv", "tenants.csv")
_ASKED = {"search_weight": "1000", "filter_logic": "loose", "weight": "100"}
"""What NetBox's import of custom fields asks for besides, with its own defaults."""
_FIELD_HEAD = ("name", "group_name", "type", "object_types", "description", *_ASKED)
_RESERVATION_FIELDS = tuple(field.name for field in FIELDS if RESERVATION in field.object_types)
_RACK_FIELDS = tuple(field.name for field in FIELDS if RACK in field.object_types)
_RESERVATION_HEAD = ("site", "location", "rack", "units", "status", "tenant", "description")
Row = Sequence[str]


def netbox_files(base: Base, period: int = 0) -> dict[str, str]:
    """What NetBox imports, seen from the first day of a period: custom fields, tenants, reservations, racks.

    ``racks.csv`` changes racks, by the numbers that they have there: it has only those whose number is known, and none
    that people gave to a tenant.
    """
    facility, holds = base.scenario.facility, holds_of(base)
    on = base.instance.periods[period].start
    return {
        "custom_fields.csv": _csv(_FIELD_HEAD, _field_rows()),
        "tenants.csv": _csv(("name", "slug"), slugs_of(tenants_of(holds)).items()),
        "rack_reservations.csv": _csv(
            (*_RESERVATION_HEAD, *_columns(_RESERVATION_FIELDS)), _reservations(holds, facility, on)
        ),
        "racks.csv": _csv(("id", "tenant", *_columns(_RACK_FIELDS)), _racks(holds, facility, on)),
    }


def _columns(fields: Iterable[str]) -> list[str]:
    return [f"cf_{name}" for name in fields]


def _field_rows() -> Iterator[Row]:
    for field in FIELDS:
        yield field.name, GROUP, field.type, ",".join(field.object_types), field.description, *_ASKED.values()


def _reservations(holds: Holds, facility: Facility, on: date) -> Iterator[Row]:
    for position in facility.positions:
        spot, held = spot_of(position, facility), holds.get(position.name, ())
        units = shared_units(_units(position, len(held)), len(held))
        for hold, taken in zip(held, units, strict=True):
            if taken:
                yield _reservation(spot, hold, taken, on)


def _units(position: Position, holds: int) -> range:
    """The units of its rack where an import left its height, or else as many as there are holds."""
    height, first = position.labels.get("u_height", ""), position.labels.get("starting_unit", "")
    lowest = int(first) if first.isdigit() else 1
    return range(lowest, lowest + (int(height) if height.isdigit() else holds))


def _reservation(spot: Spot, hold: Hold, units: Iterable[int], on: date) -> Row:
    where = (spot.site, spot.location, spot.name, written_units(units))
    return (
        *where,
        hold.status(on),
        hold.tenant or "",
        hold.description,
        *_cells(reservation_values(hold), _RESERVATION_FIELDS),
    )


def _racks(holds: Holds, facility: Facility, on: date) -> Iterator[Row]:
    given = {rack.position for rack in facility.racks if rack.tenant is not None}
    for position in facility.positions:
        spot = spot_of(position, facility)
        if spot.number is not None and position.name not in given:
            hold = hold_on(holds.get(position.name, ()), on)
            tenant = (hold and hold.tenant) or ""
            yield str(spot.number), tenant, *_cells(rack_values(hold), _RACK_FIELDS)


def _cells(values: Values, fields: Iterable[str]) -> Iterator[str]:
    for name in fields:
        value = values[name]
        yield "" if value is None else str(value)


def _csv(head: Row, rows: Iterable[Row]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([head, *rows])
    return text.getvalue()
