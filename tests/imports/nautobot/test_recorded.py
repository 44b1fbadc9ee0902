"""A Nautobot that was running, as its API and its exports gave it (see recorded/README.md)."""

from __future__ import annotations

from pathlib import Path

import pytest

from capalloc.imports.inventory.convert import scenario_of
from capalloc.imports.inventory.mapping import MappingFile
from capalloc.imports.missing import Missing, Tally
from capalloc.imports.nautobot.folder import read_folder
from capalloc.imports.nautobot.reading import inventory_of
from capalloc.schema.facility import Facility

RECORDED = Path(__file__).parent / "recorded"


def imported(folder: Path) -> tuple[Facility, tuple[Missing, ...]]:
    tally = Tally()
    return scenario_of(inventory_of(read_folder(folder)), MappingFile(), tally).facility, tally.missing()


@pytest.fixture(scope="module")
def facility() -> Facility:
    return imported(RECORDED / "json")[0]


def test_the_tree_of_power_is_nautobots(facility: Facility) -> None:
    tree = {node.name: (node.kind, node.parent, node.rated_kw) for node in facility.power if node.kind != "busway"}
    assert tree == {
        "Utility A": ("utility", None, 3000.0),  # its custom field rated_kw
        "Utility B": ("utility", None, 3000.0),
        "Generator 1": ("generation", None, 0.0),
        "MSB A": ("switchboard", "Utility A", 3810.511),  # 11 kV x 200 A x 1.7320508
        "MSB B": ("switchboard", "Utility B", 3810.511),
        "UPS A": ("ups", "MSB A", 2156.403),  # 415 V x 3,000 A x 1.7320508
        "UPS B": ("ups", "MSB B", 2156.403),
        "PDU A1": ("pdu", "UPS A", 1150.081),
        "PDU B1": ("pdu", "UPS B", 1150.081),
        "PDU A2": ("pdu", "UPS A", 1150.081),
        "PDU B2": ("pdu", "UPS B", 1150.081),
    }
    assert [node.name for node in facility.power if node.contingency] == ["UPS A", "UPS B"]


def test_racks_stand_in_their_halls_and_rows_on_both_paths(facility: Facility) -> None:
    assert {(one.hall, one.row, one.name) for one in facility.positions} == {
        *(("Hall 1", "Row A", f"1A0{n}") for n in (1, 2, 5)),
        *(("Hall 2", "Row A", f"2A0{n}") for n in (1, 2, 5)),
        ("Hall 2", "Row B", "2B01"),
        ("B1", "Hall 1", "spare"),  # in no group, so that its room is its row
    }
    parents = {node.name: node.parent for node in facility.power}
    assert {(parents[one.feed_a], parents[one.feed_b or ""]) for one in facility.positions if one.hall == "Hall 2"} == {
        ("PDU A2", "PDU B2")
    }


def test_racks_have_their_types_days_and_tenants(facility: Facility) -> None:
    racks = {rack.name: (rack.status, str(rack.available_from or ""), rack.tenant) for rack in facility.racks}
    assert racks == {
        "1A01": ("active", "", "Acme"),
        "1A02": ("active", "", "Acme"),
        "1A05": ("planned", "2027-04-01", "Acme"),
        "2A01": ("active", "", None),
        "2A02": ("active", "", None),
        "2A05": ("planned", "2027-04-01", None),
        "2B01": ("active", "", "Acme"),  # all its units are reserved for Acme
    }
    assert {rack.rack_type for rack in facility.racks} == {"gb200-nvl72"}


def test_what_did_not_come_across_has_the_pages_of_nautobot() -> None:
    missing = {one.what: one.where for one in imported(RECORDED / "json")[1]}
    assert set(missing) == {
        "panels with several sources",
        "panels without a rating",
        "panels whose loss the plan is taken to survive",
    }
    (switchgear,) = missing["panels with several sources"]
    assert switchgear.startswith("https://nautobot.example.org/dcim/power-panels/")


def test_its_exports_as_csv_give_the_same_tables() -> None:
    exported, missing = imported(RECORDED / "csv")
    assert exported == imported(RECORDED / "json")[0]
    assert {one.what: one.where for one in missing}["panels with several sources"] == ("nautobot_power_panels.csv:3",)
