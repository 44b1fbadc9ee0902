"""Folders of NetBox's CSV files become tables."""

from __future__ import annotations

from pathlib import Path

import pytest

from capalloc.imports.inventory.convert import scenario_of
from capalloc.imports.inventory.mapping import MappingFile
from capalloc.imports.missing import Tally, missing_lines
from capalloc.imports.netbox.tables import read_tables
from capalloc.schema.scenario import Scenario

HERE = Path(__file__).parent
WAYS = ("fields", "pages")
"""The same site as NetBox imports it, and as it exports it."""


def imported(folder: Path, mapping: MappingFile | None = None) -> tuple[Scenario, list[str]]:
    """The scenario in a folder, and what did not come across."""
    tally = Tally()
    scenario = scenario_of(read_tables(folder, tally), mapping or MappingFile(), tally)
    return scenario, missing_lines(tally.missing())


def test_both_sets_of_headers_give_the_same_tables() -> None:
    (fields, none), (pages, also_none) = (imported(HERE / way) for way in WAYS)
    assert fields == pages
    assert none == also_none == []


def test_racks_are_positions_on_the_feeds_of_their_panels() -> None:
    site = imported(HERE / "fields")[0].facility
    first, *_ = site.positions
    assert (first.hall, first.row, first.index, first.feed_a, first.feed_b) == ("Hall 1", "Row 1", 1, "F1", "F2")
    assert [position.index for position in site.positions] == [1, 2, 3, 1]  # R1-10 comes after R1-2
    leaf = next(node for node in site.power if node.name == "F1")
    # 415 V x 250 A x 1.7320508 = 179.7002 kW, down to a watt; 80 % of it
    assert (leaf.parent, leaf.rated_kw, leaf.max_utilization) == ("UPS-A", 179.7, 0.8)
    assert leaf.failover_kw == pytest.approx(143.76)
    ups = next(node for node in site.power if node.name == "UPS-A")
    assert (ups.kind, ups.parent, ups.rated_kw, ups.contingency) == ("ups", "Utility", 500.0, True)


def test_what_is_active_stands_and_what_is_available_is_free() -> None:
    site = imported(HERE / "fields")[0].facility
    assert [(rack.name, rack.rack_type, rack.tenant) for rack in site.racks] == [
        ("R1-1", "gb200-nvl72", "Acme"),
        ("R1-2", "gb200-nvl72", None),
        ("R2-1", "hgx-h100", None),
    ]
    assert [position.cooling for position in site.positions] == ["liquid", "liquid", "liquid", "hybrid"]
