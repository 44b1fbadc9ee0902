"""What stands where: halls and rows, what racks are, and the part of a site that is asked for."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from capalloc.imports.inventory.chosen import part_of
from capalloc.imports.inventory.convert import converted, scenario_of
from capalloc.imports.inventory.mapping import MappingFile
from capalloc.imports.inventory.naming import unique_names
from capalloc.imports.inventory.records import (
    Agreement,
    CoolingFeed,
    CoolingSource,
    Device,
    Feed,
    Inventory,
    Panel,
    Place,
    RackPlace,
    Reservation,
    Value,
)
from capalloc.imports.inventory.words import mapping_page
from capalloc.imports.missing import Tally
from capalloc.imports.rest.objects import number
from capalloc.schema.facility import Facility

UNITS = tuple(float(unit) for unit in range(1, 49))
PLACES = (
    Place(key="oslo", name="Oslo", where="", kind="site"),
    Place(key="bergen", name="Bergen", where="", kind="site"),
    *(
        place
        for site in ("oslo", "bergen")
        for place in (
            Place(key=f"{site} hall", name="Hall 1", where="", kind="location", parent=site),
            Place(key=f"{site} row", name="Row 1", where="", kind="location", parent=f"{site} hall"),
        )
    ),
)
RACK = RackPlace(key="1", name="R1", where="/1", place="oslo row", u_height=48, fields={"rack_type": "gb200-nvl72"})
UPS = Panel(key="ups", name="UPS", where="/ups", place="oslo hall", fields={"rated_kw": 900.0})
FEED = Feed(key="f", name="F", where="/f", panel="ups", rack="1", side="a", voltage_v=415, amperage_a=500)
OSLO = Inventory(system="netbox", places=PLACES, racks=(RACK,), panels=(UPS,), feeds=(FEED,))


def changed(**fields: Any) -> Inventory:
    """The site of one rack with other things in it."""
    return replace(OSLO, **fields)


def facility(inventory: Inventory) -> Facility:
    return scenario_of(inventory, MappingFile(), Tally()).facility


def test_halls_of_one_name_in_two_sites_are_told_apart() -> None:
    other = replace(RACK, key="2", name="R2", where="/2", place="bergen row")
    both = changed(racks=(RACK, other), feeds=(FEED, replace(FEED, key="g", name="G", rack="2")))
    assert [(one.hall, one.row) for one in facility(both).positions] == [
        ("Oslo/Hall 1", "Row 1"),
        ("Bergen/Hall 1", "Row 1"),
    ]


def test_a_key_that_is_a_path_of_names_is_no_number_of_netbox() -> None:
    assert facility(OSLO).positions[0].labels["netbox_id"] == "1"
    path = changed(racks=(replace(RACK, key="Oslo/R1"),), feeds=(replace(FEED, rack="Oslo/R1"),))
    assert "netbox_id" not in facility(path).positions[0].labels


def test_a_split_between_feeds_is_for_racks_with_two() -> None:
    rack = replace(RACK, fields={**RACK.fields, "split_a": 0.6})
    second = replace(FEED, key="g", name="G", side="b")
    assert facility(changed(racks=(rack,))).positions[0].split_a is None
    assert facility(changed(racks=(rack,), feeds=(FEED, second))).positions[0].split_a == 0.6


def test_a_stale_reservation_gives_nobody_the_rack() -> None:
    held = Reservation(key="r", name="", where="/r", tenant="Acme", rack="1", units=UNITS)
    assert facility(changed(reservations=(held,))).racks[0].tenant == "Acme"
    assert facility(changed(reservations=(replace(held, status="stale"),))).racks[0].tenant is None


def device(number: int, model: str, maximum_w: float | None = None, allocated_w: float | None = None) -> Device:
    name = f"d{number}"
    return Device(key=name, name=name, where="", rack="1", model=model, maximum_w=maximum_w, allocated_w=allocated_w)


def test_of_devices_those_that_are_most_are_asked_for_first() -> None:
    words = MappingFile(rack_types={"1 x a-switch": "gb200-nvl72", "2 x b-server": "hgx-h100"})
    rack = replace(RACK, fields={})
    devices = (device(1, "a-switch"), device(2, "b-server"), device(3, "b-server"))
    found = scenario_of(changed(racks=(rack,), devices=devices), words, Tally()).facility
    assert [one.rack_type for one in found.racks] == ["hgx-h100"]


def test_devices_that_usually_draw_more_than_they_can_draw_what_they_can() -> None:
    rack = replace(RACK, fields={})
    (kind,) = facility(changed(racks=(rack,), devices=(device(1, "s", 4000.0, 5000.0),))).rack_types
    assert (kind.name, kind.nameplate_kw, kind.expected_kw, kind.idle_kw) == ("rack-4kw", 4.0, 4.0, 0.8)


@pytest.mark.parametrize(("devices", "standing"), [(None, 0), (0, 0), (3, 1)])
def test_a_rack_that_is_available_stands_where_it_has_devices(devices: int | None, standing: int) -> None:
    model = replace(RACK, status="available", devices=devices, fields={}, model="gb200-nvl72")
    assert len(facility(changed(racks=(model,))).racks) == standing


def test_a_part_keeps_the_feeds_between_its_panels_and_the_contracts_that_may_mean_it() -> None:
    utility = replace(UPS, key="grid", name="Grid")
    between = replace(FEED, key="g", name="G", panel="grid", rack=None, destination="ups")
    far = replace(between, key="h", name="H", panel="elsewhere")
    mine = Agreement(key="a", name="A", where="", racks=("1", "9"))
    theirs, open_ended = replace(mine, key="b", racks=("9",)), replace(mine, key="c", racks=())
    whole = changed(panels=(UPS, utility), feeds=(FEED, between, far), agreements=(mine, theirs, open_ended))
    part = part_of(whole, ("Oslo",), (), "/", Tally())
    assert [feed.key for feed in part.feeds] == ["f", "g"]
    assert [one.key for one in part.agreements] == ["a", "c"]


def test_a_rack_that_a_contract_names_and_its_tenant_reserves_is_kept_once() -> None:
    days: dict[str, Value] = {"from": "2027-03-01", "until": "2027-06-01"}
    held = Reservation(key="r", name="", where="/r", tenant="Acme", rack="1", units=UNITS, fields=days)
    signed = Agreement(key="a", name="A", where="/a", tenant="Acme", monthly_charge=1000.0, racks=("1",))
    scenario = scenario_of(changed(agreements=(signed,), reservations=(held,)), MappingFile(), Tally())
    assert [(pin.rack, pin.start, pin.until) for pin in scenario.pins] == [("R1", None, None)]


def test_fields_of_ours_come_before_others_of_the_name_and_the_mapping_file_before_both() -> None:
    fields: dict[str, Value] = {"rack_type": "hgx-h100", "capalloc_rack_type": "hgx-h200", "model": "gb200-nvl72"}
    site = changed(racks=(replace(RACK, fields=fields),))
    assert [rack.rack_type for rack in facility(site).racks] == ["hgx-h200"]
    named = scenario_of(site, MappingFile(fields={"rack_type": "model"}), Tally()).facility
    assert [rack.rack_type for rack in named.racks] == ["gb200-nvl72"]


def test_racks_that_nothing_names_are_listed_as_far_as_people_read() -> None:
    racks = tuple(replace(RACK, key=str(n), name=f"R{n}", where=f"/{n}", fields={}) for n in range(1, 61))
    feeds = tuple(replace(FEED, key=f"f{n}", name=f"F{n}", rack=str(n)) for n in range(1, 61))
    page = mapping_page(converted(changed(racks=racks, feeds=feeds), MappingFile(), Tally()), "netbox")
    assert page.count(": {rack_type: }") == 50
    assert "#  and 10 more racks of no known type: import.md has them all\n" in page


def test_names_that_others_have_are_told_apart_and_what_has_none_is_called_so() -> None:
    things = (replace(UPS, key="1", name="A"), replace(UPS, key="2", name=""), replace(UPS, key="3", name=""))
    assert unique_names(things, {"1": "Hall", "3": "Hall"}, taken=["A"]) == {
        "1": "Hall/A",
        "2": "unnamed (2)",
        "3": "Hall",
    }


@pytest.mark.parametrize("value", ["NaN", "Infinity", "1e999", "about 5", "", None, {"value": "nan"}])
def test_what_is_no_number_is_none(value: object) -> None:
    assert number(value) is None


def leaves(*feeds: Feed) -> tuple[list[str], list[str]]:
    """The circuits of the rack in the order of the table, and what is counted of them."""
    tally = Tally()
    panels = (UPS, *(replace(UPS, key=f"ups{number}", name=f"UPS{number}") for number in (2, 3)))
    nodes = scenario_of(changed(panels=panels, feeds=feeds), MappingFile(), tally).facility.power
    return [node.name for node in nodes if node.kind == "busway"], [
        one.what for one in tally.missing() if "feeds" in one.what
    ]


def test_a_comes_before_b_whatever_their_names() -> None:
    second = replace(FEED, key="g", name="1st", panel="ups2", side="b")
    assert leaves(replace(FEED, name="2nd"), second) == (["2nd", "1st"], [])


def test_of_two_primary_feeds_and_a_redundant_one_the_second_primary_carries_nothing() -> None:
    feeds = (
        FEED,
        replace(FEED, key="g", name="G", panel="ups2"),
        replace(FEED, key="h", name="H", panel="ups3", side="b"),
    )
    assert leaves(*feeds) == (["F", "H"], ["feeds beside two others"])


def test_a_feed_of_more_than_any_site_has_is_a_slip() -> None:
    assert leaves(replace(FEED, voltage_v=1e12)) == ([], ["feeds whose volts, amperes or share cannot be"])


def test_a_panel_is_below_its_utility_even_where_a_generator_comes_first() -> None:
    generator = replace(UPS, key="gen", name="A generator", kind="generator")
    grid = replace(UPS, key="grid", name="Grid", kind="utility")
    first = replace(FEED, key="g", name="1", panel="gen", rack=None, destination="ups")
    second = replace(first, key="h", name="2", panel="grid", side="b")
    site = changed(panels=(UPS, generator, grid), feeds=(FEED, first, second))
    assert {node.name: node.parent for node in facility(site).power}["UPS"] == "Grid"


def test_a_parent_that_two_panels_may_be_is_not_known() -> None:
    twin = replace(UPS, key="twin", place="bergen hall")
    below = replace(UPS, key="pdu", name="PDU", fields={"parent": "UPS", "rated_kw": 100.0})
    tally = Tally()
    found = scenario_of(changed(panels=(UPS, twin, below)), MappingFile(), tally).facility
    assert {node.name: node.parent for node in found.power}["PDU"] is None
    assert ("panels whose parent is not known", ("/ups (UPS)",)) in [(one.what, one.where) for one in tally.missing()]


def test_panels_without_ratings_carry_what_hangs_below_them_through_all_levels() -> None:
    above = replace(UPS, key="a", name="A", fields={"kind": "ups"})
    below = replace(UPS, key="b", name="B", fields={"kind": "pdu", "parent": "A"})
    found = facility(changed(panels=(above, below), feeds=(replace(FEED, panel="b", amperage_a=1000),)))
    assert [(node.name, node.rated_kw) for node in found.power] == [("A", 415.0), ("B", 415.0), ("F", 415.0)]


COOLED = CoolingFeed(key="w", name="W", where="/w", source="air", rack="1")
SOURCES = (
    CoolingSource(key="air", name="A", where="/air", place="oslo hall", kind="crah", cooling_kw=50.0),
    CoolingSource(key="water", name="Z", where="/water", place="oslo hall", kind="chiller", cooling_kw=900.0),
)


@pytest.mark.parametrize(
    ("feeds", "zone", "said"),
    [
        ((COOLED,), "A", []),
        ((COOLED, replace(COOLED, key="x", source="water")), "Z", ["cooling feeds beside another"]),
        ((replace(COOLED, status="offline"),), None, ["cooling feeds without an active source"]),
    ],
)
def test_water_comes_before_air_and_a_feed_out_of_service_cools_nothing(
    feeds: tuple[CoolingFeed, ...], zone: str | None, said: list[str]
) -> None:
    tally = Tally()
    site = changed(cooling_sources=SOURCES, cooling_feeds=feeds)
    assert scenario_of(site, MappingFile(), tally).facility.positions[0].cooling_zone == zone
    assert [one.what for one in tally.missing() if "cooling" in one.what] == said


@pytest.mark.parametrize("kw", [None, 0.0, -5.0])
def test_a_source_of_no_capacity_limits_nothing_and_is_counted(kw: float | None) -> None:
    tally = Tally()
    site = changed(cooling_sources=(replace(SOURCES[0], cooling_kw=kw),))
    assert scenario_of(site, MappingFile(), tally).facility.cooling == ()
    assert "cooling sources without a capacity" in [one.what for one in tally.missing()]
