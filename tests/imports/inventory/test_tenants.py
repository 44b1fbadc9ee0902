"""Reservations that people make: who has a rack, for good or for some days."""

from __future__ import annotations

from datetime import date

import pytest

from capalloc.imports.inventory.convert import scenario_of
from capalloc.imports.inventory.mapping import MappingFile
from capalloc.imports.inventory.records import Agreement, Feed, Inventory, Panel, RackPlace, Reservation, Value
from capalloc.imports.missing import Tally, missing_lines
from capalloc.schema.scenario import Pin, Scenario

UNITS = tuple(float(unit) for unit in range(1, 49))


Days = dict[str, Value]


def reservation(
    number: int = 1, tenant: str = "Acme", units: tuple[float, ...] = UNITS, days: Days | None = None
) -> Reservation:
    where = f"/{number}"
    return Reservation(key=where, name="held", where=where, tenant=tenant, rack="r", units=units, fields=days or {})


def imported(*reservations: Reservation, signed: bool = False, own: str | None = None) -> tuple[Scenario, list[str]]:
    """A site of one rack, of its own tenant if any, with these reservations, in 2027, and what did not come across."""
    agreement = Agreement(key="1", name="MSA", where="/msa", tenant="Acme", monthly_charge=1000.0)
    fields: Days = {"rack_type": "gb200-nvl72"}
    rack = RackPlace(key="r", name="R1", where="/r", place=None, u_height=48, fields=fields, tenant=own)
    feed = Feed(key="f", name="F", where="/f", panel="p", rack="r", voltage_v=415, amperage_a=500)
    inventory = Inventory(
        system="netbox",
        racks=(rack,),
        panels=(Panel(key="p", name="UPS", where="/p", place=None, fields={"rated_kw": 500.0}),),
        feeds=(feed,),
        reservations=reservations,
        agreements=(agreement,) if signed else (),
    )
    tally = Tally()
    scenario = scenario_of(inventory, MappingFile(), tally)
    return scenario, [line for line in missing_lines(tally.missing()) if "reserv" in line]


def test_a_whole_rack_is_its_tenants_and_a_part_nobodys() -> None:
    scenario, missing = imported(reservation())
    assert (scenario.facility.racks[0].tenant, missing) == ("Acme", [])
    scenario, missing = imported(reservation(units=(1.0, 2.0)))
    assert scenario.facility.racks[0].tenant is None
    assert missing == ["1 reservation of a part of a rack: /1; racks are planned whole: nobody is given these"]


def test_a_rack_that_two_reserve_is_nobodys() -> None:
    scenario, missing = imported(reservation(1), reservation(2, "Initech"))
    assert scenario.facility.racks[0].tenant is None
    assert missing == [
        "1 rack that several tenants reserve: /r (Acme, Initech); none of them is given it; give the rack a tenant"
    ]


def test_a_reservation_in_a_rack_of_another_tenant_is_counted() -> None:
    scenario, missing = imported(reservation(1), reservation(2, "Initech"), reservation(3, "Umbra", (1.0,)), own="Acme")
    assert scenario.facility.racks[0].tenant == "Acme"
    (line,) = missing
    assert line.startswith(
        "2 reservations in racks of another tenant: /2 (of Initech, in a rack of Acme), /3 (of Umbra"
    )


def test_days_of_a_reservation_are_a_pin_on_the_contract_of_its_tenant() -> None:
    scenario, missing = imported(reservation(days={"from": "2027-03-01", "until": "2027-06-01"}), signed=True)
    assert scenario.pins == (Pin(rack="R1", demand="MSA", start=date(2027, 3, 1), until=date(2027, 6, 1)),)
    assert (scenario.facility.racks[0].tenant, missing) == (None, [])


def test_days_without_a_contract_are_all_days_and_told() -> None:
    scenario, missing = imported(reservation(days={"from": "2027-03-01"}))
    assert (scenario.pins, scenario.facility.racks[0].tenant) == ((), "Acme")
    assert missing[0].startswith("1 reservation with days, of tenants without one contract: /1; ")


@pytest.mark.parametrize("days", [{"until": "2027-01-01"}, {"from": "2028-01-01"}])
def test_a_reservation_of_other_days_gives_nobody_the_rack(days: Days) -> None:
    scenario, missing = imported(reservation(days=days))
    assert scenario.facility.racks[0].tenant is None
    assert missing == ["1 reservation of other days than those that are planned: /1; they give nobody the rack"]


def test_units_that_people_reserved_are_a_label_and_those_of_plans_are_none() -> None:
    planned = reservation(4, units=(7.0,), days={"capalloc_demand": "MSA"})
    scenario, _ = imported(reservation(1, units=(3.0, 2.0)), reservation(2, "Initech", (5.0,)), planned)
    assert scenario.facility.positions[0].labels["reserved_units"] == "2,3,5"
    assert "reserved_units" not in imported(planned)[0].facility.positions[0].labels
