"""CSV files of Nautobot."""

from __future__ import annotations

from pathlib import Path

import pytest

from capalloc.errors import ScenarioError
from capalloc.imports.inventory.records import Inventory
from capalloc.imports.nautobot.folder import read_folder
from capalloc.imports.nautobot.reading import inventory_of

FILES = {
    "racks": "name,id,status__name,location__name,location__parent__name,rack_group__name,tenant__name,u_height,cf_kw\n"
    "A01,r1,Active,Hall,North,Row A,NoObject,48,132\n"
    "A02,r2,Planned,Hall,North,NoObject,Acme,48,\n",
    "nautobot_power_panels": "name,id,panel_type,power_path,location__name,location__parent__name\n"
    "PDU,p1,pdu,a,Hall,North\n"
    "PDU,p2,pdu,b,Shed,North\n"
    "UPS,p3,ups,NULL,North,NoObject\n",
    "power-feeds": "name,id,type,power_path,supply,phase,voltage,amperage,max_utilization,status__name,"
    "power_panel__name,power_panel__location__name,power_panel__location__parent__name,"
    "destination_panel__name,destination_panel__location__name,destination_panel__location__parent__name,"
    "rack__name,rack__rack_group__name\n"
    "F1,f1,primary,NULL,ac,three-phase,415,63,80,Active,PDU,Hall,North,NoObject,NoObject,NoObject,A01,Row A\n"
    "F2,f2,primary,NULL,ac,three-phase,415,63,80,Active,PDU,Shed,North,NoObject,NoObject,NoObject,A02,NoObject\n"
    "F3,f3,primary,NULL,ac,three-phase,415,400,80,Active,UPS,North,NoObject,PDU,Hall,North,NoObject,NoObject\n",
}


def written(folder: Path, **changed: str) -> Path:
    for name, text in (FILES | changed).items():
        (folder / f"{name}.csv").write_text(text)
    return folder


def read(folder: Path, **changed: str) -> Inventory:
    return inventory_of(read_folder(written(folder, **changed)))


def test_feeds_find_their_panels_and_racks_by_paths_of_names(tmp_path: Path) -> None:
    feeds = read(tmp_path).feeds
    assert [(feed.panel, feed.rack, feed.destination) for feed in feeds] == [
        ("p1", "r1", None),
        ("p2", "r2", None),  # of two panels called PDU the one in the shed
        ("p3", None, "p1"),
    ]
    assert [feed.side for feed in feeds] == ["a", "b", "a"]
    assert feeds[0].where == "power-feeds.csv:2"


def test_what_cells_say_is_what_the_api_says(tmp_path: Path) -> None:
    first, second = read(tmp_path).racks
    assert (first.status, first.group, first.tenant, first.u_height) == ("active", "Row A", None, 48.0)
    assert (second.status, second.group, second.tenant) == ("planned", None, "Acme")
    assert (first.fields, second.fields) == ({"kw": "132"}, {})


def test_places_are_those_that_racks_and_panels_name_where_no_file_lists_them(tmp_path: Path) -> None:
    inventory = read(tmp_path)
    assert [place.name for place in inventory.path(inventory.racks[0].place)] == ["North", "Hall"]
    assert [place.name for place in inventory.path(inventory.panels[1].place)] == ["North", "Shed"]


def test_places_are_those_of_their_file_where_there_is_one(tmp_path: Path) -> None:
    inventory = read(
        tmp_path,
        locations="name,id,parent__name,location_type__name\nNorth,l1,NoObject,Campus\nHall,l2,North,Room\nShed,l3,North,Room\n",
    )
    assert [place.kind for place in inventory.path(inventory.racks[0].place)] == ["campus", "room"]
    assert inventory.racks[0].place == "l2"


def test_a_name_that_two_racks_have_is_nobodys(tmp_path: Path) -> None:
    twice = FILES["racks"] + "A02,r3,Active,Shed,North,NoObject,NoObject,48,\n"
    feeds = read(tmp_path, racks=twice).feeds
    assert [feed.rack for feed in feeds] == ["r1", "A02", None]  # no rack has the key A02, which is then counted


def test_semicolons_and_marks_at_the_beginning_are_read(tmp_path: Path) -> None:
    excel = "\ufeff" + FILES["racks"].replace(",", ";")
    assert read(tmp_path, racks=excel).racks == read(tmp_path).racks


def complaint(folder: Path, **changed: str) -> str:
    with pytest.raises(ScenarioError) as caught:
        read(folder, **changed)
    return str(caught.value)


@pytest.mark.parametrize(
    ("racks", "said"),
    [
        ("name,u_height\nA01,48\n", "racks.csv:2 has no id"),
        ('name,id\n"A01,r1\n', "is not CSV"),
        ("id,name\nr1,\n", "racks.csv:2 has no name"),
        ("id,name\nNULL,A01\n", "racks.csv:2 has no id"),
        ("id,name\nr1,A01\nr1,A02\n", "has r1 twice"),
    ],
)
def test_what_is_no_export_is_refused(racks: str, said: str, tmp_path: Path) -> None:
    assert said in complaint(tmp_path, racks=racks)


def test_a_folder_with_neither_says_both_ways(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as caught:
        read_folder(tmp_path)
    said = str(caught.value)
    assert "has no power feeds; save what /api/dcim/power-feeds/?limit=0 answers as power-feeds.json" in said
    assert "or export the list as power_feeds.csv" in said
