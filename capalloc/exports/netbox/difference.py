"""What has to change in a NetBox for it to say what a plan says; nothing where it says so already."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from capalloc.analysis.base import Base
from capalloc.exports.netbox.fields import DEMAND, FIELDS, GROUP, TENANT, rack_values, reservation_values
from capalloc.exports.netbox.found import Found, field
from capalloc.exports.netbox.holds import Hold, hold_on, holds_of, tenants_of
from capalloc.exports.netbox.remote import Row
from capalloc.exports.netbox.slots import slots_of
from capalloc.exports.netbox.slugs import slugs_of
from capalloc.imports.missing import Missing, Tally

Action = Literal["create", "change", "delete"]
RESERVATIONS, RACKS = "dcim/rack-reservations", "dcim/racks"
_KEPT = "it stays as people set it; the reservations say what the plan does"
_CHANGED = f"{_KEPT}, and --take-back gives them to the plan's tenants again"


@dataclass(frozen=True, slots=True)
class Change:
    """One object that is made, changed or deleted."""

    action: Action
    endpoint: str
    what: str
    """In words: ``rack 1-01-01``."""
    sent: Row
    """What NetBox is sent; of a change only what differs, and the object's number."""
    was: Row
    """The same values as they are."""
    url: str = ""
    """What a person opens to see it; empty where it is not there yet."""


@dataclass(frozen=True, slots=True)
class Difference:
    """All changes, in an order in which NetBox takes them, and what of the plan it is not told."""

    changes: tuple[Change, ...]
    missing: tuple[Missing, ...]


def difference(base: Base, found: Found, on: date | None = None, *, take_back: bool = False) -> Difference:
    """What differs, seen from a day, or the plan's first; ``take_back``: in tenants that people changed, too."""
    return _Comparison(base, found, on or base.scenario.horizon.start, take_back).difference()


class _Comparison:
    def __init__(self, base: Base, found: Found, on: date, take_back: bool) -> None:
        self._found, self._on, self._take_back = found, on, take_back
        self._holds = holds_of(base)
        self._delivered = {one.rack for one in base.plan.placements}
        self._tally = Tally()
        known = found.tenant_by_name
        new = [name for name in tenants_of(self._holds) if name not in known]
        self._new = slugs_of(new, taken=[row["slug"] for row in found.tenants])

    def difference(self) -> Difference:
        """Deletions free units that changes and new reservations take."""
        reservations = [change for position in self._found.racks for change in self._reservations(position)]
        by_action: dict[Action, list[Change]] = {"delete": [], "change": [], "create": []}
        for change in reservations:
            by_action[change.action].append(change)
        racks = [change for position in self._found.racks for change in self._rack(position)]
        changes = [
            *self._fields(),
            *self._tenants(),
            *by_action["delete"],
            *by_action["change"],
            *by_action["create"],
            *racks,
        ]
        return Difference(tuple(changes), (*self._found.missing, *self._tally.missing()))

    def _fields(self) -> Iterator[Change]:
        """Custom fields that are not defined, or not for all that needs them."""
        there = {row["name"]: row for row in self._found.fields}
        for one in FIELDS:
            row = there.get(one.name)
            wanted = list(one.object_types)
            if row is None:
                sent: Row = {"name": one.name, "type": one.type, "group_name": GROUP}
                sent |= {"object_types": wanted, "description": one.description}
                yield Change("create", "extras/custom-fields", f"custom field {one.name}", sent, {})
            elif not set(wanted) <= set(row["object_types"]):
                sent = {"id": row["id"], "object_types": sorted({*wanted, *row["object_types"]})}
                was = {"object_types": row["object_types"]}
                yield Change("change", "extras/custom-fields", f"custom field {one.name}", sent, was)

    def _tenants(self) -> Iterator[Change]:
        for name, slug in self._new.items():
            yield Change("create", "tenancy/tenants", f"tenant {name}", {"name": name, "slug": slug}, {})

    def _tenant(self, hold: Hold | None) -> Row | int | None:
        """How NetBox is told of a tenant: by number, or by the slug that it is about to get."""
        if hold is None or hold.tenant is None:
            return None
        row = self._found.tenant_by_name.get(hold.tenant)
        return {"slug": self._new[hold.tenant]} if row is None else int(row["id"])

    def _reservations(self, position: str) -> Iterator[Change]:
        rack = self._found.racks[position]
        holds = self._holds.get(position, ())
        slots = self._slots(rack, holds)
        left = self._found.of_plans(rack)
        for hold, units in slots:
            there = _of_slot(left, units)
            if there is None:
                yield self._new_reservation(rack, hold, units)
            else:
                left.remove(there)
                yield from self._changed_reservation(rack, there, hold, units)
        for row in left:
            what = f"reservation of {rack['name']}: {row['description']}"
            yield Change("delete", RESERVATIONS, what, {"id": row["id"]}, {}, row["url"])

    def _slots(self, rack: Row, holds: Sequence[Hold]) -> Iterator[tuple[Hold, tuple[int, ...]]]:
        """Each hold with its units, of those that people have not reserved."""
        if not holds:
            return
        first = int(rack.get("starting_unit") or 1)
        taken = {int(unit) for row in self._found.of_people(rack) for unit in row["units"]}
        free = [unit for unit in range(first, first + int(rack["u_height"])) if unit not in taken]
        yield from slots_of(free, holds, rack["url"], self._tally)

    def _wanted(self, hold: Hold, units: Sequence[int]) -> Row:
        return {
            "units": list(units),
            "status": hold.status(self._on),
            "tenant": self._tenant(hold),
            "description": hold.description,
            "custom_fields": reservation_values(hold),
        }

    def _new_reservation(self, rack: Row, hold: Hold, units: Sequence[int]) -> Change:
        sent = {"rack": rack["id"], "user": self._found.user} | self._wanted(hold, units)
        return Change("create", RESERVATIONS, f"reservation of {rack['name']}", sent, {})

    def _changed_reservation(self, rack: Row, row: Row, hold: Hold, units: Sequence[int]) -> Iterator[Change]:
        yield from _changed(RESERVATIONS, f"reservation of {rack['name']}", row, self._wanted(hold, units))

    def _rack(self, position: str) -> Iterator[Change]:
        """The rack itself: whose it is on the day, unless people gave it to somebody."""
        rack = self._found.racks[position]
        holds = self._holds.get(position, ())
        hold = hold_on(holds, self._on)
        wanted: Row = self._status(rack, holds)
        if self._is_plans(rack, hold):
            wanted |= {"tenant": self._tenant(hold), "custom_fields": rack_values(hold)}
        yield from _changed(RACKS, f"rack {rack['name']}", rack, wanted)

    def _is_plans(self, rack: Row, hold: Hold | None) -> bool:
        """Whether the plan says whose a rack is; one that people gave to another, or to nobody, is counted."""
        given, wanted = rack["tenant"] and rack["tenant"]["name"], hold and hold.tenant
        if field(rack, DEMAND) is None:
            if given is not None and hold is not None:
                to = "another tenant" if given != wanted else "the plan's tenant themselves"
                self._tally.add(f"racks that people gave to {to}", rack["url"], _KEPT)
            return given is None
        if self._take_back or given in (field(rack, TENANT), wanted):
            return True
        was, now = field(rack, TENANT) or "none", given or "none"
        self._tally.add("racks whose tenant people changed after a plan", f"{rack['url']} ({was} -> {now})", _CHANGED)
        return False

    def _status(self, rack: Row, holds: Sequence[Hold]) -> Row:
        """A free place that a delivery will take is reserved; who has reserved one that none takes is not known."""
        status, coming = rack["status"]["value"], any(hold.rack in self._delivered for hold in holds)
        if status == "available" and coming:
            return {"status": "reserved"}
        if status == "reserved" and not coming and self._found.of_plans(rack):
            self._tally.add("racks that are reserved though no delivery comes to them", rack["url"], _RESERVED)
        return {}


_RESERVED = "set them to available if an earlier plan had reserved them"


def _of_slot(rows: Sequence[Row], units: Sequence[int]) -> Row | None:
    """The reservation that has the lowest of some units; only the first of a rack's ever has other units beside it."""
    return next((row for row in rows if units[0] in row["units"]), None)


def _changed(endpoint: str, what: str, row: Row, wanted: Row) -> Iterator[Change]:
    """What differs, if anything; columns that this NetBox does not have are left out."""
    was = {key: _plain(row, key) for key in wanted if key in row}
    sent = {key: wanted[key] for key in was if key != "custom_fields" and wanted[key] != was[key]}
    values, old = wanted.get("custom_fields", {}), was.get("custom_fields") or {}
    differing = {key: value for key, value in values.items() if value != old.get(key)}
    if differing:
        sent["custom_fields"] = differing
        was["custom_fields"] = {key: old.get(key) for key in differing}
    if sent:
        yield Change("change", endpoint, what, {"id": row["id"], **sent}, {key: was[key] for key in sent}, row["url"])


def _plain(row: Row, key: str) -> Any:
    """A value as it would be sent: of a tenant its number, of a choice its value."""
    value = row[key]
    if key == "tenant":
        return value and value["id"]
    return value["value"] if isinstance(value, dict) and "value" in value else value
