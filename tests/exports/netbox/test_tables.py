"""CSV for NetBox says what the plan says."""

from __future__ import annotations

import csv
import io

import pytest

from capalloc.analysis.base import Base, planned_base
from capalloc.exports.netbox import NAMES, netbox_files
from capalloc.formats import load_scenario
from capalloc.imports.missing import Tally
from capalloc.schema.facility import Position
from capalloc.schema.scenario import Scenario

Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load_scenario("examples/tiny.yaml")


@pytest.fixture(scope="module")
def base(scenario: Scenario) -> Base:
    return planned_base(scenario)


def read(files: dict[str, str], name: str) -> Rows:
    return list(csv.DictReader(io.StringIO(files[name])))


def labelled(scenario: Scenario) -> Scenario:
    """The same site, as an import leaves it: positions know their number in NetBox, and heights."""
    facility = scenario.facility
    positions = tuple(numbered(position, n) for n, position in enumerate(facility.positions, start=101))
    racks = tuple(
        rack.model_copy(update={"tenant": "Kept"}) if rack.position == positions[0].name else rack
        for rack in facility.racks
    )
    return scenario.model_copy(
        update={"facility": facility.model_copy(update={"positions": positions, "racks": racks})}
    )


def numbered(position: Position, number: int) -> Position:
    labels = {"netbox_id": str(number), "u_height": "48", "site": "Site", "location": "Room", "netbox_name": "Rack"}
    return position.model_copy(update={"labels": labels})


def test_reservations_are_the_assignments_of_the_plan(base: Base) -> None:
    rows = read(netbox_files(base), "rack_reservations.csv")
    found = {
        (row["cf_capalloc_rack"], row["cf_capalloc_demand"], row["cf_capalloc_from"], row["cf_capalloc_until"])
        for row in rows
        if row["cf_capalloc_spare"] == "False"
    }
    assert found == {
        (one.rack, one.demand, one.start.isoformat(), one.until.isoformat()) for one in base.plan.assignments
    }
    assert len(rows) == len(base.plan.assignments) + len(base.plan.buffers)


def test_a_contract_has_its_tenant_and_a_workload_none(base: Base) -> None:
    rows = read(netbox_files(base), "rack_reservations.csv")
    assert {(row["cf_capalloc_demand"], row["tenant"]) for row in rows} == {("lease", "Example AI"), ("inference", "")}
    assert read(netbox_files(base), "tenants.csv") == [{"name": "Example AI", "slug": "example-ai"}]


def test_statuses_are_seen_from_the_period_that_is_asked_for(base: Base) -> None:
    days = (base.instance.periods[period].start for period in (0, 2))
    first, third = (read(netbox_files(base, day), "rack_reservations.csv") for day in days)
    assert {row["status"] for row in first} == {"active", "pending"}
    assert {row["status"] for row in third} == {"active", "pending", "stale"}


def test_racks_that_people_gave_to_a_tenant_are_left_alone(scenario: Scenario, base: Base) -> None:
    known = Base(labelled(scenario), base.plan)
    racks = read(netbox_files(known), "racks.csv")
    assert len(racks) == len(scenario.facility.positions) - 1
    assert "101" not in {row["id"] for row in racks}
    rows = read(netbox_files(known), "rack_reservations.csv")
    assert {(row["site"], row["location"], row["rack"]) for row in rows} == {("Site", "Room", "Rack")}
    assert rows[0]["units"].startswith("1,2,3,")
    tally = Tally()
    netbox_files(known, tally=tally)
    assert [one.where for one in tally.missing()] == [(scenario.facility.positions[0].name,)]
    assert tally.missing()[0].counted == "1 rack that people gave to a tenant"


def with_labels(scenario: Scenario, **labels: str) -> Scenario:
    """The same site with more labels on each position."""
    facility = scenario.facility
    positions = tuple(one.replace(labels={**one.labels, **labels}) for one in facility.positions)
    return scenario.model_copy(update={"facility": facility.model_copy(update={"positions": positions})})


def test_units_that_people_reserved_stay_theirs(scenario: Scenario, base: Base) -> None:
    tally = Tally()
    known = with_labels(labelled(scenario), u_height="4", reserved_units="1,3")
    rows = read(netbox_files(Base(known, base.plan), tally=tally), "rack_reservations.csv")
    assert {row["units"] for row in rows} == {"2,4", "2", "4"}
    assert [one.what for one in tally.missing()] == ["racks that people gave to a tenant"]
    rows = read(netbox_files(Base(with_labels(scenario, reserved_units="1,3"), base.plan)), "rack_reservations.csv")
    assert {row["units"] for row in rows} == {"2", "4"}  # of a rack of unknown height


def test_a_rack_that_people_reserved_wholly_is_counted_and_gets_no_row(scenario: Scenario, base: Base) -> None:
    tally = Tally()
    full = with_labels(labelled(scenario), u_height="2", reserved_units="1,2")
    assert read(netbox_files(Base(full, base.plan), tally=tally), "rack_reservations.csv") == []
    counted = {one.what: one for one in tally.missing()}["times in a rack that has no unit left"]
    assert counted.count == len(base.plan.assignments) + len(base.plan.buffers)
    assert counted.where[0].startswith("r1-p1 (Planned for ")


@pytest.mark.parametrize(
    ("labels", "what"),
    [
        ({}, "racks whose number in NetBox is not known"),
        ({"nautobot_id": "7f"}, "racks that come from Nautobot and not from NetBox"),
    ],
)
def test_racks_without_a_number_of_netbox_are_counted(
    scenario: Scenario, base: Base, labels: dict[str, str], what: str
) -> None:
    tally = Tally()
    files = netbox_files(Base(with_labels(scenario, **labels), base.plan), tally=tally)
    assert read(files, "racks.csv") == []
    held = {one["rack"] for one in read(files, "rack_reservations.csv")}
    assert [(one.what, set(one.where)) for one in tally.missing()] == [(what, held)]


def test_where_no_height_is_known_each_time_has_a_unit_of_its_own(base: Base) -> None:
    rows = read(netbox_files(base), "rack_reservations.csv")
    assert [row["units"] for row in rows if row["rack"] == "r1-p2"] == ["1", "2"]


def test_units_begin_where_the_rack_begins(scenario: Scenario, base: Base) -> None:
    facility = labelled(scenario).facility
    positions = tuple(
        one.model_copy(update={"labels": one.labels | {"starting_unit": "5", "u_height": "3"}})
        for one in facility.positions
    )
    known = scenario.model_copy(update={"facility": facility.model_copy(update={"positions": positions})})
    rows = read(netbox_files(Base(known, base.plan)), "rack_reservations.csv")
    assert {row["units"] for row in rows} == {"5,6,7", "5,6", "7"}


def test_the_same_plan_gives_the_same_files(base: Base) -> None:
    assert netbox_files(base) == netbox_files(base)
    assert tuple(sorted(netbox_files(base))) == NAMES
