"""Who racks are given to: their own tenant, or that of reservations of the whole rack, for good or for some days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from capalloc.imports.inventory.mapping import MappingFile
from capalloc.imports.inventory.records import Inventory, RackPlace, Reservation, Thing
from capalloc.imports.inventory.said import days_said
from capalloc.imports.missing import Tally
from capalloc.schema.facility import Rack
from capalloc.schema.scenario import Horizon, Pin

PLANNED_FOR = "capalloc_demand"
"""The custom field that marks what an export of a plan wrote."""
PLANNED_TENANT = "capalloc_tenant"
"""The custom field of a rack with the tenant that an export of a plan wrote; another tenant is people's word."""
_SHOWN = frozenset({"demand", "from", "until"})
"""How CSV files head this field and those beside it, by their labels."""
_OWN = "the rack stays its own tenant's; correct the tenant of one of them"
Days = tuple[date | None, date | None]
"""The first day and the first one after; None: open."""


@dataclass(frozen=True, slots=True)
class Grant:
    """A rack is a tenant's."""

    tenant: str
    days: tuple[Days, ...] = ()
    """When; none: always."""
    where: str = ""


def grants_of(inventory: Inventory, mapping: MappingFile, tally: Tally) -> dict[str, Grant]:
    """Of each rack that people gave to somebody, by its key, to whom. Plans that were exported give nobody one."""
    reserved: dict[str, list[Reservation]] = defaultdict(list)
    for one in inventory.reservations:
        if _planned(one):
            continue
        if one.rack is not None and one.status != "stale" and one.tenant is not None:
            reserved[one.rack].append(one)
        elif one.tenant is None:
            tally.add("reservations for no tenant", one.where, "nobody is given the rack")
    found: dict[str, Grant] = {}
    for rack in inventory.racks:
        given = None if _planned(rack) and not _changed(rack) else rack.tenant
        held = reserved.get(rack.key, [])
        grant = Grant(given) if given else _reserved(rack, held, mapping, tally)
        for one in held if given else ():
            if one.tenant != given:
                where = f"{one.where} (of {one.tenant}, in a rack of {given})"
                tally.add("reservations in racks of another tenant", where, _OWN)
        if grant is not None:
            found[rack.key] = grant
    return found


def reserved_units(inventory: Inventory) -> dict[str, str]:
    """Of each rack with reservations that people made, by its key, their units: ``1,2,7``. They are no one else's."""
    units: dict[str, set[int]] = defaultdict(set)
    for one in inventory.reservations:
        if one.rack is not None and not _planned(one):
            units[one.rack].update(map(int, one.units))
    return {rack: ",".join(map(str, sorted(taken))) for rack, taken in units.items() if taken}


def _planned(thing: Thing) -> bool:
    return PLANNED_FOR in thing.fields or thing.fields.keys() >= _SHOWN


def _changed(rack: RackPlace) -> bool:
    """Whether people changed the tenant that a plan wrote. Labels of a file say nothing of that."""
    return PLANNED_FOR in rack.fields and rack.fields.get(PLANNED_TENANT) != rack.tenant


def _reserved(rack: RackPlace, reservations: list[Reservation], mapping: MappingFile, tally: Tally) -> Grant | None:
    whole = [one for one in reservations if not rack.u_height or len(one.units) >= rack.u_height]
    for one in reservations:
        if one not in whole:
            tally.add("reservations of a part of a rack", one.where, "racks are planned whole: nobody is given these")
    days = {one.key: days_said(one, mapping, tally) for one in whole}
    for one in whole:
        if not _meets(*days[one.key], mapping.horizon):
            tally.add("reservations of other days than those that are planned", one.where, "they give nobody the rack")
    whole = [one for one in whole if _meets(*days[one.key], mapping.horizon)]
    names = sorted({one.tenant for one in whole if one.tenant is not None})
    if len(names) > 1:
        where = f"{rack.where} ({', '.join(names)})"
        tally.add("racks that several tenants reserve", where, "none of them is given it; give the rack a tenant")
        return None
    if not names:
        return None
    found = tuple(days[one.key] for one in whole)
    return Grant(names[0], () if (None, None) in found else found, whole[0].where)


def dated_pins(
    grants: Mapping[str, Grant],
    racks: Mapping[str, Rack],
    contracts: Mapping[str, str],
    horizon: Horizon,
    tally: Tally,
) -> Iterator[Pin]:
    """Pins of the racks that are a tenant's for some days, on the one contract that the tenant has.

    ``racks`` by key of the inventory, ``contracts`` by tenant. Tenants without one keep these racks on all days.
    """
    for key, grant in grants.items():
        if not grant.days or key not in racks:
            continue
        if grant.tenant not in contracts:
            mend = (
                "the rack is given to the tenant on all days; with one contract of the tenant it is kept on these days"
            )
            tally.add("reservations with days, of tenants without one contract", grant.where, mend)
            continue
        for start, until in grant.days:
            yield _pin(racks[key], contracts[grant.tenant], start, until, horizon)


def _pin(rack: Rack, demand: str, start: date | None, until: date | None, horizon: Horizon) -> Pin:
    """With the days that lie inside the horizon alone."""
    first = start if start is not None and start > horizon.start else None
    last = until if until is not None and until < horizon.end else None
    return Pin(rack=rack.name, demand=demand, start=first, until=last)


def _meets(start: date | None, until: date | None, horizon: Horizon) -> bool:
    """Whether the days, in their order, have one that is planned."""
    return max(start or horizon.start, horizon.start) < min(until or horizon.end, horizon.end)
