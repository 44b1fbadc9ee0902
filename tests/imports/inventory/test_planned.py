"""What an export of a plan wrote into an inventory gives nobody a rack."""

from __future__ import annotations

from capalloc.imports.inventory.records import Inventory, RackPlace, Reservation
from capalloc.imports.inventory.tenants import tenants_of
from capalloc.imports.missing import Tally

UNITS = tuple(float(unit) for unit in range(1, 49))
PLAN = {"capalloc_demand": "lease"}


def rack(key: str, *, planned: bool) -> RackPlace:
    fields = PLAN if planned else {}
    return RackPlace(key=key, name=key, where=key, place=None, u_height=48, tenant="Acme", fields=fields)


def test_tenants_of_racks_are_those_that_people_gave() -> None:
    inventory = Inventory(system="netbox", racks=(rack("given", planned=False), rack("planned", planned=True)))
    tally = Tally()
    assert tenants_of(inventory, tally) == {"given": "Acme"}
    assert tally.missing() == ()


def test_reservations_of_a_plan_give_nobody_the_rack_and_are_not_counted() -> None:
    free = RackPlace(key="free", name="free", where="free", place=None, u_height=48)
    held = Reservation(key="1", name="", where="1", tenant="Acme", rack="free", units=UNITS, fields=PLAN)
    spare = Reservation(key="2", name="", where="2", rack="free", units=(48.0,), fields=PLAN)
    tally = Tally()
    assert tenants_of(Inventory(system="netbox", racks=(free,), reservations=(held, spare)), tally) == {}
    assert tally.missing() == ()
