"""What an export of a plan wrote into an inventory gives nobody a rack."""

from __future__ import annotations

import pytest

from capalloc.imports.inventory.mapping import MappingFile
from capalloc.imports.inventory.records import Inventory, RackPlace, Reservation, Value
from capalloc.imports.inventory.tenants import Grant, grants_of
from capalloc.imports.missing import Tally

UNITS = tuple(float(unit) for unit in range(1, 49))
PLAN: dict[str, Value] = {"capalloc_demand": "lease"}
SHOWN: dict[str, Value] = {"demand": "lease", "from": "2027-01-01", "until": "2027-03-01"}
"""The same as CSV files of NetBox have it, by the labels of the fields."""


def rack(key: str, fields: dict[str, Value]) -> RackPlace:
    return RackPlace(key=key, name=key, where=key, place=None, u_height=48, tenant="Acme", fields=fields)


def test_tenants_of_racks_are_those_that_people_gave() -> None:
    planned, changed = PLAN | {"capalloc_tenant": "Acme"}, PLAN | {"capalloc_tenant": "Initech"}
    racks = rack("given", {}), rack("planned", planned), rack("shown", SHOWN), rack("changed", changed)
    inventory = Inventory(system="netbox", racks=(*racks, rack("workload", PLAN)))
    tally = Tally()
    # Of the rack of a workload, which has no tenant, people made Acme's.
    assert grants_of(inventory, MappingFile(), tally) == dict.fromkeys(("given", "changed", "workload"), Grant("Acme"))
    assert tally.missing() == ()


@pytest.mark.parametrize("fields", [PLAN, SHOWN], ids=["by name", "by label"])
def test_reservations_of_a_plan_give_nobody_the_rack_and_are_not_counted(fields: dict[str, Value]) -> None:
    free = RackPlace(key="free", name="free", where="free", place=None, u_height=48)
    held = Reservation(key="1", name="", where="1", tenant="Acme", rack="free", units=UNITS, fields=fields)
    spare = Reservation(key="2", name="", where="2", rack="free", units=(48.0,), fields=fields)
    tally = Tally()
    inventory = Inventory(system="netbox", racks=(free,), reservations=(held, spare))
    assert grants_of(inventory, MappingFile(), tally) == {}
    assert tally.missing() == ()
