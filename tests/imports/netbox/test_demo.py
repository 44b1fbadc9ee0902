"""NetBox's public demo data: a site of offices and one room with power (see demo/README.md)."""

from __future__ import annotations

from pathlib import Path

import pytest

from capalloc.formats import expand, load_scenario
from capalloc.imports.inventory.convert import scenario_of
from capalloc.imports.inventory.mapping import MappingFile, read_mapping_file
from capalloc.imports.missing import Missing, Tally
from capalloc.imports.netbox.tables import read_tables
from capalloc.schema.facility import Facility

DEMO = Path(__file__).parent / "demo"
Imported = tuple[Facility, dict[str, Missing]]


@pytest.fixture(scope="module")
def imported() -> Imported:
    tally = Tally()
    facility = scenario_of(read_tables(DEMO, tally), MappingFile(), tally).facility
    return facility, {one.what: one for one in tally.missing()}


def test_the_racks_with_feeds_are_the_positions_of_three_rows(imported: Imported) -> None:
    facility, _ = imported
    assert facility.name == "MDF"
    rows = [one.row for one in facility.positions]
    assert {row: rows.count(row) for row in rows} == {"Row 1": 8, "Row 2": 8, "Row 3": 8}
    assert all(one.feed_b for one in facility.positions)


def test_panels_carry_what_hangs_on_them(imported: Imported) -> None:
    nodes = {node.name: node for node in imported[0].power}
    assert len(nodes) == 4 + 48
    leaf = nodes["P1-1A"]
    assert (leaf.parent, leaf.rated_kw, leaf.max_utilization, leaf.failover_kw) == ("Panel 1", 4.4, 0.8, 3.52)
    assert [nodes[f"Panel {n}"].rated_kw for n in (1, 2, 3, 4)] == [70.4, 70.4, 35.2, 35.2]  # 16 and 8 of 4.4 kW
    assert {node.name for node in imported[0].power if node.contingency} == {f"Panel {n}" for n in (1, 2, 3, 4)}


def test_the_list_of_what_is_missing_is_honest(imported: Imported) -> None:
    assert {what: one.count for what, one in imported[1].items()} == {
        "panels without a parent": 4,
        "panels of no known kind": 4,
        "panels without a rating": 4,
        "panels whose loss the plan is taken to survive": 4,
        "racks of no known row": 42,  # rows are their own rooms
        "racks without a feed": 18,
        "racks of no known rack type": 20,  # active ones with feeds; no device says what it draws
        "reservations for no tenant": 2,
    }
    assert "racks.csv:2" in imported[1]["racks without a feed"].where


def test_with_a_mapping_file_its_racks_are_there(tmp_path: Path) -> None:
    words = tmp_path / "words.yaml"
    words.write_text(
        "rack_types:\n"
        "  network: {name: network, gpu: none, gpus: 0, nameplate_kw: 3, expected_kw: 2, idle_kw: 1,\n"
        "            liquid_fraction: 0, cooling: air}\n"
        "racks: {'R*': {rack_type: network}}\n"
        "panels: {'Panel *': {kind: rpp, parent: , rated_kw: 60, contingency: yes}}\n"
    )
    tally = Tally()
    expand(scenario_of(read_tables(DEMO, tally), read_mapping_file(words), tally), tmp_path / "site")
    facility = load_scenario(tmp_path / "site" / "scenario.yaml").facility
    assert len(facility.racks) == 24  # what is said to stand somewhere stands there, whatever its status
    assert {node.rated_kw for node in facility.power if node.kind == "rpp"} == {60.0}
    assert {one.what for one in tally.missing()} == {
        "racks of no known row",
        "racks without a feed",
        "reservations for no tenant",
    }
