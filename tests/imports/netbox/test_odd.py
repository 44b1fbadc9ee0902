"""What is odd in a NetBox is counted and named, and the rest comes across."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from capalloc.errors import ScenarioError
from capalloc.imports.inventory.chosen import part_of
from capalloc.imports.inventory.convert import converted, scenario_of
from capalloc.imports.inventory.mapping import MappingFile
from capalloc.imports.inventory.words import mapping_page
from capalloc.imports.missing import Tally, missing_lines
from capalloc.imports.netbox.tables import read_tables
from capalloc.schema.checks.site import facility_faults
from capalloc.schema.facility import Facility

SITE = Path(__file__).parent / "fields"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the files, to be changed."""
    return Path(shutil.copytree(SITE, tmp_path / "source"))


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def add(path: Path, *rows: str) -> None:
    path.write_text(path.read_text() + "".join(f"{row}\n" for row in rows))


Names = tuple[str, ...]


def imported(folder: Path, *, sites: Names = (), locations: Names = ()) -> tuple[Facility, list[str]]:
    """The facility in a folder, which has no fault, and what did not come across."""
    tally = Tally()
    inventory = part_of(read_tables(folder, tally), sites, locations, str(folder), tally)
    facility = scenario_of(inventory, MappingFile(), tally).facility
    assert facility_faults(facility) == ()
    return facility, missing_lines(tally.missing())


def test_panels_that_feed_themselves_are_roots_and_named(folder: Path) -> None:
    change(folder / "power-panels.csv", "Utility,,5000,,utility", "Switch,UPS-A,5000,,switchboard")
    change(folder / "power-panels.csv", "UPS-A,Utility", "UPS-A,Switch")
    change(folder / "power-panels.csv", "UPS-B,Utility", "UPS-B,Switch")
    facility, missing = imported(folder)
    assert [node.name for node in facility.power if node.parent is None] == ["Switch", "UPS-A"]
    assert missing[0] == (
        "2 panels that feed themselves: power-panels.csv:2, power-panels.csv:3; "
        "taken as roots; give one of the circle another parent"
    )
    assert missing[1].startswith("2 panels without a parent: power-panels.csv:2, power-panels.csv:3; taken as roots; ")


def test_a_rack_without_a_feed_has_no_position_and_is_named(folder: Path) -> None:
    add(folder / "racks.csv", "Dallas,Row 2,R2-2,active,48,,hybrid,hgx-h100")
    facility, missing = imported(folder)
    assert len(facility.positions) == 4
    assert missing == [
        "1 rack without a feed: racks.csv:6; a position hangs on a feed: give them one, or they cannot be planned"
    ]


@pytest.mark.parametrize(
    ("head", "cells"), [("max_weight,weight_unit", "1500,kg"), ("Max Weight,Starting Unit", "1500 kg,5")]
)
def test_units_are_kept_and_a_limit_of_weight_is_counted(folder: Path, head: str, cells: str) -> None:
    lines = (folder / "racks.csv").read_text().splitlines()
    more = [f"{lines[0]},{head}", f"{lines[1]},{cells}", *(f"{line},," for line in lines[2:])]
    (folder / "racks.csv").write_text("\n".join(more))
    facility, missing = imported(folder)
    assert facility.positions[1].labels == {"site": "Dallas", "location": "Row 1", "u_height": "48"}
    assert facility.positions[0].labels.get("starting_unit") == ("5" if "5" in cells.split(",") else None)
    assert [line.partition(";")[0] for line in missing] == ["1 rack with a limit of weight: racks.csv:2 (1500 kg)"]


def test_what_stands_in_racks_without_a_feed_is_asked_for_in_the_mapping_file_too(folder: Path) -> None:
    lines = (folder / "power-feeds.csv").read_text().splitlines()
    heads = lines[0].split(",")
    nowhere = [
        ",".join("" if head == "rack" else cell for head, cell in zip(heads, line.split(","), strict=True))
        for line in lines[1:]
    ]
    (folder / "power-feeds.csv").write_text("\n".join([lines[0], *nowhere]))
    add(folder / "racks.csv", "Dallas,Row 2,R2-2,active,48,,hybrid,", "Dallas,Row 2,R2-3,deprecated,48,,hybrid,NVL72")
    change(folder / "racks.csv", "liquid-only,gb200-nvl72", "liquid-only,NVL72")
    (folder / "devices.csv").write_text("name,rack,device_type\nn1,R2-2,HGX\nn2,R2-2,HGX\n")
    tally = Tally()
    found = converted(read_tables(folder, tally), MappingFile(), tally)
    assert (found.scenario.facility.positions, found.unknown.words) == ((), {"NVL72": 2, "2 x HGX": 1})
    assert '#  NVL72:    # 2 racks of no known type\n#  "2 x HGX":    # 1 rack of no' in mapping_page(found, "netbox")


def test_a_feed_of_no_amperes_leaves_the_rack_on_its_other_feed(folder: Path) -> None:
    change(
        folder / "power-feeds.csv",
        "F8,active,redundant,ac,three-phase,415,100",
        "F8,active,redundant,ac,three-phase,415,",
    )
    facility, missing = imported(folder)
    assert (facility.positions[-1].feed_a, facility.positions[-1].feed_b) == ("F7", None)
    unknown = "1 feed of unknown V or A: power-feeds.csv:9; give both; until then racks hang on another feed, if any"
    assert missing == [unknown]
    change(folder / "power-feeds.csv", "three-phase,415,,", "three-phase,415,abc,")
    words = "1 cell of numbers that holds words: power-feeds.csv:9 (amperage: 'abc'); taken as empty; correct them"
    assert imported(folder)[1] == [words, unknown]


def test_racks_of_one_name_in_two_locations_are_told_apart(folder: Path) -> None:
    add(folder / "racks.csv", "Dallas,Row 2,R1-1,active,48,,hybrid,hgx-h100")
    feeds = "Dallas,UPS-{},Row 2,R1-1,F9{},active,{},ac,three-phase,415,100,80"
    add(folder / "power-feeds.csv", feeds.format("A", "a", "primary"), feeds.format("B", "b", "redundant"))
    facility, missing = imported(folder)
    assert missing == []
    assert [position.name for position in facility.positions] == [
        *("Hall 1/Row 1/R1-1", "Hall 1/Row 2/R1-1", "R1-2", "R1-10", "R2-1"),
    ]
    assert facility.positions[0].labels["netbox_name"] == "R1-1"
    assert facility.positions[1].feed_a == "F9a"


def test_a_feed_that_may_mean_several_racks_feeds_none_of_them(folder: Path) -> None:
    add(folder / "racks.csv", "Dallas,Row 2,R1-1,active,48,,hybrid,hgx-h100")
    change(folder / "power-feeds.csv", "Dallas,UPS-A,Row 1,R1-1,F1", "Dallas,UPS-A,,R1-1,F1")
    facility, missing = imported(folder)
    assert missing[0] == (
        "1 row with the names of several racks: power-feeds.csv:2 (R1-1); "
        "add the columns site and location, or export both again"
    )
    assert facility.positions[0].feed_a == "F2"


def test_a_row_that_is_there_twice_counts_once(folder: Path) -> None:
    add(folder / "racks.csv", "Dallas,Row 2,R2-1,active,48,,hybrid,hgx-h100")
    facility, missing = imported(folder)
    assert len(facility.positions) == 4
    assert missing == ["1 row of what another row has already: racks.csv:6 (R2-1); the first counts"]


def test_what_names_nothing_is_named(folder: Path) -> None:
    change(folder / "power-feeds.csv", "Dallas,UPS-B,Row 2,R2-1", "Dallas,UPS-X,Row 2,R2-1")
    change(folder / "power-panels.csv", "UPS-A,Utility", "UPS-A,Grid")
    _, missing = imported(folder)
    assert "1 row with names of no power panel: power-feeds.csv:9 (UPS-X)" in missing[0]
    assert "1 feed whose panel is not known: power-feeds.csv:9" in missing[1]
    assert "1 panel whose parent is not known: power-panels.csv:3 (Grid); taken as roots" in missing[2]


def test_two_feeds_of_one_type_are_a_and_b_by_name(folder: Path) -> None:
    change(folder / "power-feeds.csv", "F8,active,redundant", "F8,active,primary")
    facility, missing = imported(folder)
    assert (facility.positions[-1].feed_a, facility.positions[-1].feed_b) == ("F7", "F8")
    assert missing == [
        (
            "1 rack whose two feeds are of one type: power-feeds.csv:9; "
            "taken as A and B by their names; make one of them redundant"
        )
    ]


def test_feeds_of_one_side_and_panel_are_one_circuit(folder: Path) -> None:
    add(folder / "power-feeds.csv", "Dallas,UPS-A,Row 2,R2-1,F7b,active,primary,ac,three-phase,415,100,50")
    facility, missing = imported(folder)
    leaf = next(node for node in facility.power if node.name == "F7")
    # twice 415 V x 100 A x 1.7320508 = 143.760 kW; of two shares the lower one holds for both
    assert (leaf.rated_kw, leaf.max_utilization, leaf.failover_kw) == (143.76, 0.5, 71.88)
    assert missing == []


def test_a_field_that_cannot_be_read_is_named(folder: Path) -> None:
    change(folder / "power-panels.csv", "UPS-A,Utility,500", "UPS-A,Utility,about 500")
    _, missing = imported(folder)
    assert missing[0].startswith(
        "1 custom field that cannot be read: power-panels.csv:3 (rated_kw: found 'about 500', expected a number)"
    )


def test_files_without_the_share_of_a_feed_take_that_of_netbox(folder: Path) -> None:
    feeds = folder / "power-feeds.csv"
    feeds.write_text("".join(line.rpartition(",")[0] + "\n" for line in feeds.read_text().splitlines()))
    facility, missing = imported(folder)
    assert next(node for node in facility.power if node.name == "F1").max_utilization == 0.8
    assert missing == [
        (
            "1 file of power feeds without Max Utilization: power-feeds.csv; "
            "80 % is taken, as NetBox does; show that column, or export all data"
        )
    ]


def test_spreadsheets_may_have_saved_the_files(folder: Path) -> None:
    expected = imported(folder)
    for path in folder.glob("*.csv"):
        path.write_bytes(b"\xef\xbb\xbf" + path.read_text().replace(",", ";").replace("\n", "\r\n").encode())
    assert imported(folder) == expected


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"\xff\xfe", "is not UTF-8 text"), (b'name\n"open', "is not CSV"), (b"name\n\0", "it holds a NUL byte")],
)
def test_what_is_no_table_is_refused(content: bytes, said: str, folder: Path) -> None:
    (folder / "racks.csv").write_bytes(content)
    with pytest.raises(ScenarioError, match=said):
        read_tables(folder, Tally())


def test_a_location_alone_has_its_racks_and_names_what_else_its_panels_feed(folder: Path) -> None:
    facility, missing = imported(folder, locations=("row-2",))
    assert [position.name for position in facility.positions] == ["R2-1"]
    assert [node.name for node in facility.power] == ["Utility", "UPS-A", "UPS-B", "F7", "F8"]
    assert missing[0].startswith("6 feeds of these panels to racks elsewhere: power-feeds.csv:2, ")


@pytest.mark.parametrize(
    ("sites", "locations", "said"),
    [
        (("Dalas",), (), "has no site 'Dalas'; it has Dallas"),
        ((), ("Row 3",), "has no location 'Row 3'; it has Hall 1, Row 1, Row 2"),
    ],
)
def test_a_part_that_is_not_there_is_refused(sites: Names, locations: Names, said: str, folder: Path) -> None:
    with pytest.raises(ScenarioError, match=said):
        imported(folder, sites=sites, locations=locations)


def test_cooling_sources_are_zones_of_the_racks_that_they_feed(folder: Path) -> None:
    (folder / "netbox_cooling sources.csv").write_text(
        "Name,Site,Location,Type,Status,Cooling Capacity (kW)\n"
        "CDU,Dallas,Hall 1,Chiller,Active,400.00\nCRAH,Dallas,Hall 1,CRAH,Active,90.00\n"
        "Old,Dallas,Hall 1,CRAH,Active,\n"
    )
    feeds = ["CDU,R1-1", "CDU,R1-2", "CRAH,R1-1", "CRAH,R2-1", "Old,R1-10"]
    rows = (f"c{number},{feed},Active,Dallas\n" for number, feed in enumerate(feeds))
    (folder / "netbox_cooling feeds.csv").write_text("Name,Cooling Source,Rack,Status,Site\n" + "".join(rows))
    facility, missing = imported(folder)
    assert [(zone.name, zone.total_kw) for zone in facility.cooling] == [("CDU", 400.0), ("CRAH", 90.0)]
    assert [position.cooling_zone for position in facility.positions] == ["CDU", "CDU", None, "CRAH"]
    assert missing == [
        (
            "1 cooling source without a capacity: netbox_cooling sources.csv:4; "
            "they limit nothing; give their cooling capacity"
        ),
        "1 cooling feed without an active source: netbox_cooling feeds.csv:6; they cool nothing",
        "1 cooling feed beside another: netbox_cooling feeds.csv:4; a position is in one zone; these cool nothing",
    ]


def test_devices_say_what_a_rack_is_by_their_number_or_their_draws(folder: Path) -> None:
    change(folder / "racks.csv", "hybrid,hgx-h100", "hybrid,")
    devices = "".join(f"d{number},dgx-h100,Dallas,Row 2,R2-1\n" for number in range(8))
    (folder / "devices.csv").write_text("name,device_type,site,location,rack\n" + devices)
    ports = "".join(f"d{number},psu,10200,8500\n" for number in range(8))
    (folder / "power-ports.csv").write_text("device,name,maximum_draw,allocated_draw\n" + ports)
    facility, missing = imported(folder)
    # eight devices of 10.2 kW at most and 8.5 kW usually
    assert [(one.name, one.nameplate_kw, one.gpus) for one in facility.rack_types[1:]] == [
        ("rack-81.6kw-68kw", 81.6, 0)
    ]
    assert missing[0].startswith("1 rack whose type is a guess from the draws of its devices: racks.csv:5; ")
    tally, words = Tally(), MappingFile(rack_types={"8 x dgx-h100": "hgx-h100"})
    named = scenario_of(read_tables(folder, tally), words, tally)
    assert (named.facility.racks[-1].rack_type, tally.missing()) == ("hgx-h100", ())


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("cf_cooling", "blue", "cooling: found 'blue', expected liquid, air or hybrid"),
        ("cf_split_a", "1.5", "split_a: found 1.5, expected 1 or less"),
        ("cf_cooling_zone", "loop-9", "cooling_zone: no such cooling zone"),
    ],
)
def test_a_field_of_a_rack_that_cannot_be_is_left_out_and_named(
    column: str, value: str, said: str, folder: Path
) -> None:
    head, first, *others = (folder / "racks.csv").read_text().splitlines()
    lines = [f"{head},{column}", f"{first},{value}", *(f"{other}," for other in others)]
    (folder / "racks.csv").write_text("\n".join(lines))
    _, missing = imported(folder)
    assert missing == [f"1 value of racks that cannot be: racks.csv:2 ({said}); left out; correct them"]
