"""Panels become power nodes: their kinds, and how deep they may hang."""

from __future__ import annotations

import pytest

from capalloc.imports.inventory.convert import scenario_of
from capalloc.imports.inventory.mapping import MappingFile, PanelWords
from capalloc.imports.inventory.records import Feed, Inventory, Panel, RackPlace, Value
from capalloc.imports.missing import Tally
from capalloc.schema.facility import Facility


def panel(name: str, **fields: Value) -> Panel:
    return Panel(key=name, name=name, where=f"/{name}", place=None, fields=fields)


def imported(*panels: Panel, words: MappingFile | None = None) -> tuple[Facility, list[str]]:
    """A site of one rack on the last panel, and what was counted of panels."""
    rack = RackPlace(key="r", name="R1", where="/r", place=None, fields={"rack_type": "gb200-nvl72"})
    feed = Feed(key="f", name="F", where="/f", panel=panels[-1].key, rack="r", voltage_v=400.0, amperage_a=500.0)
    inventory = Inventory(system="netbox", racks=(rack,), panels=panels, feeds=(feed,))
    tally = Tally()
    facility = scenario_of(inventory, words or MappingFile(), tally).facility
    return facility, [one.what for one in tally.missing() if "panels" in one.what]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("UPS-A1", "ups"),
        ("1F-PDU03", "pdu"),
        ("MSB 2", "switchboard"),
        ("Genset-4", "generation"),
        ("Grid", "utility"),
        ("General panel", "pdu"),  # no generator
        ("Switch room", "pdu"),  # a room
    ],
)
def test_the_kind_of_a_panel_is_a_word_of_its_name(name: str, kind: str) -> None:
    facility, missing = imported(panel(name, rated_kw=300.0))
    assert facility.power[0].kind == kind
    assert ("panels of no known kind" in missing) == (name in ("General panel", "Switch room"))


def test_a_chain_of_thousands_of_panels_comes_in() -> None:
    panels = [panel("Grid"), *(panel(f"P{number}", parent=f"P{number - 1}") for number in range(1, 3001))]
    panels[1] = panel("P1", parent="Grid")
    facility, _ = imported(*panels)
    assert [node.name for node in facility.power[:3]] == ["Grid", "P1", "P2"]
    assert {node.rated_kw for node in facility.power} == {200.0}  # 400 V x 500 A, all the way up


def test_the_mapping_file_comes_before_fields_and_a_name_before_patterns() -> None:
    words = MappingFile(
        panels={
            "UPS-1": PanelWords(rated_kw=100.0, parent=None),
            "UPS-*": PanelWords(rated_kw=200.0, contingency=True, parent="Grid"),
        }
    )
    facility, missing = imported(panel("UPS-2", rated_kw=300.0), panel("UPS-1", rated_kw=300.0), words=words)
    nodes = {node.name: node for node in facility.power}
    assert (nodes["UPS-1"].rated_kw, nodes["UPS-1"].contingency, nodes["UPS-1"].parent) == (100.0, True, None)
    assert nodes["UPS-2"].rated_kw == 200.0
    assert missing == ["panels whose parent is not known", "panels without a parent"]  # Grid is nowhere
