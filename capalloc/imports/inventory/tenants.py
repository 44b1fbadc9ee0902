"""Who racks are given to: their own tenant, or that of a reservation of the whole rack."""

from __future__ import annotations

from collections import defaultdict

from capalloc.imports.inventory.records import Inventory, RackPlace, Reservation
from capalloc.imports.missing import Tally

PLANNED_FOR = "capalloc_demand"
"""The custom field that marks what an export of a plan wrote."""


def tenants_of(inventory: Inventory, tally: Tally) -> dict[str, str]:
    """Of each rack that people gave to somebody, by its key, the tenant. Plans that were exported give nobody one."""
    reserved: dict[str, list[Reservation]] = defaultdict(list)
    for one in inventory.reservations:
        if PLANNED_FOR in one.fields:
            continue
        if one.rack is not None and one.status != "stale" and one.tenant is not None:
            reserved[one.rack].append(one)
        elif one.tenant is None:
            tally.add("reservations for no tenant", one.where, "nobody is given the rack")
    found: dict[str, str] = {}
    for rack in inventory.racks:
        given = None if PLANNED_FOR in rack.fields else rack.tenant
        tenant = given or _tenant(rack, reserved.get(rack.key, []), tally)
        if tenant is not None:
            found[rack.key] = tenant
    return found


def _tenant(rack: RackPlace, reservations: list[Reservation], tally: Tally) -> str | None:
    whole = [one for one in reservations if not rack.u_height or len(one.units) >= rack.u_height]
    for one in reservations:
        if one not in whole:
            tally.add("reservations of a part of a rack", one.where, "racks are planned whole: nobody is given these")
    names = sorted({one.tenant for one in whole if one.tenant is not None})
    if len(names) > 1:
        tally.add("racks that several tenants reserve", rack.where, "none of them is given it; give the rack a tenant")
        return None
    return names[0] if names else None
