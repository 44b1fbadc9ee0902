"""Which rack of NetBox each position of a plan is."""

from __future__ import annotations

from typing import Any

import pytest

from capalloc.exports.netbox.found import Found, find
from capalloc.formats import load_scenario
from capalloc.schema.facility import Facility, Position
from tests.exports.netbox.memory import URL, Memory

SITES = 21


@pytest.fixture(scope="module")
def facility() -> Facility:
    return load_scenario("examples/tiny.yaml").facility


def of_positions(facility: Facility, *labels: dict[str, str]) -> Facility:
    """A facility of as many positions p1, p2, ... of hall h1 in Oslo, as imports leave them with these labels."""
    first = facility.positions[0]
    positions = tuple(_position(first, number, one) for number, one in enumerate(labels, start=1))
    return facility.model_copy(update={"positions": positions})


def _position(like: Position, number: int, labels: dict[str, str]) -> Position:
    return like.model_copy(update={"name": f"p{number}", "hall": "h1", "labels": {"site": "Oslo", **labels}})


def rack(number: int, name: str, location: str | None = "h1", site: str = "Oslo") -> dict[str, Any]:
    place = None if location is None else {"id": 5, "name": location}
    return {"id": number, "url": f"{URL}/{number}", "name": name, "site": {"id": 1, "name": site}, "location": place}


def found(facility: Facility, *racks: dict[str, Any]) -> Found:
    return find(Memory(racks), facility)


def numbers(facility: Facility, *racks: dict[str, Any]) -> dict[str, int]:
    """Numbers of the racks that are found, by position."""
    return {position: row["id"] for position, row in found(facility, *racks).racks.items()}


def test_a_rack_is_found_by_its_number_even_where_its_names_are_those_of_others_too(facility: Facility) -> None:
    site = of_positions(facility, {"netbox_id": "7", "netbox_name": "R1"})
    assert numbers(site, rack(6, "R1"), rack(7, "R1")) == {"p1": 7}


@pytest.mark.parametrize(
    "numbered", [rack(7, "R2"), rack(7, "R1", site="Bergen")], ids=["renamed or reused", "another site's"]
)
def test_a_number_counts_only_where_the_rack_has_the_name_and_site_too(
    facility: Facility, numbered: dict[str, Any]
) -> None:
    site = of_positions(facility, {"netbox_id": "7", "netbox_name": "R1"})
    assert numbers(site, numbered) == {}
    assert numbers(site, numbered, rack(8, "R1")) == {"p1": 8}


def test_without_a_number_it_is_the_rack_of_that_name_in_the_hall_or_else_the_only_one_of_the_site(
    facility: Facility,
) -> None:
    site = of_positions(facility, {})
    assert numbers(site, rack(1, "p1", "h2"), rack(2, "p1")) == {"p1": 2}
    assert numbers(site, rack(1, "p1", "h2")) == {"p1": 1}
    assert numbers(site, rack(1, "p1", None)) == {"p1": 1}
    assert numbers(site, rack(1, "p1", "h2"), rack(2, "p1", "h3")) == {}


def test_a_rack_that_two_positions_mean_is_neithers_and_both_are_counted(facility: Facility) -> None:
    # p1 by its number, p2 by the name that an import left it.
    site = of_positions(facility, {"netbox_id": "7", "netbox_name": "R1"}, {"netbox_name": "R1"}, {})
    one = found(site, rack(7, "R1"), rack(8, "p3"))
    assert {position: row["id"] for position, row in one.racks.items()} == {"p3": 8}
    assert [(each.what, each.where) for each in one.missing] == [
        ("positions that are one rack in NetBox", ("p1", "p2"))
    ]


class Asked(Memory):
    """Keeps what it was asked."""

    def rows(self, endpoint: str, **asked: str | int) -> list[dict[str, Any]]:
        self.sent.append(("GET", endpoint, int(asked.get("site_id", 0))))
        return super().rows(endpoint, **asked)


@pytest.mark.parametrize(("sites", "asked"), [(1, [1]), (SITES - 1, [1]), (SITES, [0])])
def test_racks_of_a_few_sites_alone_are_asked_for_and_of_many_all(
    facility: Facility, sites: int, asked: list[int]
) -> None:
    memory = Asked([rack(1, "p1")])
    memory.tables["dcim/sites"] = [{"id": 1, "name": "Oslo"}]
    names = ["Oslo", *(f"Site {number}" for number in range(2, sites + 1))]
    find(memory, of_positions(facility, *({"site": name} for name in names)))
    assert [site for _, endpoint, site in memory.sent if endpoint == "dcim/racks"] == asked


def test_of_tenants_of_one_name_that_of_no_group_is_the_plans(facility: Facility) -> None:
    memory = Memory([rack(1, "p1")])
    groups = (("Acme", 1), ("Acme", 2), ("Initech", 1), ("Globex", None), ("Globex", 1))
    memory.tables["tenancy/tenants"] = [
        {"id": n, "name": name, "group": group and {"id": group}} for n, (name, group) in enumerate(groups)
    ]
    by_name = find(memory, of_positions(facility, {})).tenant_by_name
    assert {name: row["id"] for name, row in by_name.items()} == {"Initech": 2, "Globex": 3}
