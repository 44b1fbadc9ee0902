"""What a notice names is out, and no more: a row is no hall, and what the site does not have is counted."""

from __future__ import annotations

from datetime import date

import pytest

from capalloc.imports.maintenance import Notice, Objects, Wanted, outages_of
from capalloc.imports.maintenance.place import Place
from capalloc.imports.maintenance.words import Words
from capalloc.imports.missing import Tally
from tests.byhand import by_hand, facility

_ROOMS = [("h1", "r1"), ("h1", "r2"), ("h1", "5"), ("h2", "r1"), ("h2", "r3"), ("cold aisle", "A 1")]
_SITE = by_hand(
    facility=facility(
        power=[{"name": name, "kind": "ups", "rated_kw": 500} for name in ("ups1", "ups2")],
        positions=[
            {"name": f"p{i}", "hall": hall, "row": row, "index": i, "feed_a": "ups1", "feed_b": "ups2"}
            | {"labels": {"bay": f"B-{i}"}}
            for i, (hall, row) in enumerate(_ROOMS * 2)
        ],
    )
)
_KNOWN = Objects(_SITE.facility)
_NONE = "objects of notices that are no place of the site"
_SEVERAL = "objects of notices that may be several places of the site"
_AROUND = "rooms that a notice names as where something else is"


def of(summary: str, place: str = "", known: Objects = _KNOWN) -> tuple[list[str], dict[str, list[str]]]:
    """The places that are out by a notice, and what is counted."""
    notice = Notice(
        name="N",
        summary=summary,
        provider="",
        status="CONFIRMED",
        impacts=(),
        impact="OUTAGE",
        place=place,
        first_day=_SITE.horizon.start,
        after=date.fromordinal(_SITE.horizon.start.toordinal() + 1),
        hours=24.0,
        times="",
        where="x",
    )
    tally = Tally()
    found = outages_of(_SITE, [notice], known, Wanted(), tally)
    counted = {one.what: [where.split("'")[1] for where in one.where] for one in tally.missing()}
    return [outage.place for outage, _ in found.found], counted


@pytest.mark.parametrize(
    ("summary", "places"),
    [
        ("Work in hall h1", ["hall h1"]),
        ("Halls h1 and h2: cleaning", ["hall h1", "hall h2"]),
        ("Work in row r2", ["row r2"]),
        ("Work in row r2 of hall h1", ["row h1/r2"]),
        ("Hall h1, row r1", ["row h1/r1"]),
        ("HALL h2: Row r1.", ["row h2/r1"]),
        ("row h2/r1", ["row h2/r1"]),
        ("Hall h2, row h2/r1", ["row h2/r1"]),
        ("Hall h1: rows r1, r2 and 5, from 22:00", ["row h1/5", "row h1/r1", "row h1/r2"]),
        ("Clean row r1 and r2 in hall h1", ["row h1/r1", "row h1/r2"]),
        ("row r1 of hall h1 and row r3 of hall h2", ["row h1/r1", "row h2/r3"]),
        ("hall h1 row r1, hall h2 rows r1 and r3", ["row h1/r1", "row h2/r1", "row h2/r3"]),
        ("hall cold aisle, row A 1", ["row cold aisle/A 1"]),
        ("Test of ups1, ups2", ["node ups1", "node ups2"]),
        ("Test of (ups1) and 'ups2'.", ["node ups1", "node ups2"]),
        ("row r2 and ups1", ["node ups1", "row r2"]),
    ],
)
def test_what_a_sentence_names_is_out(summary: str, places: list[str]) -> None:
    assert of(summary) == (places, {})


@pytest.mark.parametrize(
    ("summary", "what", "counted"),
    [
        ("work in hall h1 row 99", _NONE, "hall h1 row 99"),
        ("row 99 of hall h1", _NONE, "hall h1 row 99"),
        ("hall h1 row r3", _NONE, "hall h1 row r3"),  # r3 is in the other hall
        ("hall h9 row r2", _NONE, "hall h9 row r2"),
        ("hall h1 row r1.5", _NONE, "hall h1 row r1.5"),
        ("hall h1, row 5-7", _NONE, "hall h1 row 5-7"),
        ("hall h1, rows 5 to 7", _NONE, "hall h1 row 5 to 7"),
        ("hall h1: a second row of tiles", _NONE, "hall h1 row of"),
        ("row r1", _SEVERAL, "row r1"),
        ("row r2, hall h1, hall h2", _NONE, "hall h1 or h2 row r2"),
        ("row r2, hall h1, row r2, hall h2, row r2", _NONE, "hall h1 or h2 row r2"),
        ("Rack 7 in hall h1", _NONE, "Rack 7 in hall h1"),
        ("PDU-7 in hall h1", _NONE, "PDU-7 in hall h1"),
        ("Test of ups1.2", _NONE, "Test of ups1.2"),
        (
            "Test of ups1/2, ups1:2, x.ups1, ups1-2, ups1@x, ups1#2, ups1+2",
            _NONE,
            "Test of ups1/2, ups1:2, x.ups1, ups1-2, ups1@x, ups1#2, ups1+2",
        ),
        ("Town hall meeting", _NONE, "Town hall meeting"),
    ],
)
def test_what_the_site_does_not_have_is_counted_and_takes_nothing_else_out(
    summary: str, what: str, counted: str
) -> None:
    assert of(summary) == ([], {what: [counted]})


def test_what_is_known_beside_it_is_out() -> None:
    assert of("rows r2 and 99 of hall h1") == (["row h1/r2"], {_NONE: ["hall h1 row 99"]})
    assert of("rows r2 and r99") == (["row r2"], {_NONE: ["row r99"]})
    assert of("ups1 and row 99") == (["node ups1"], {_NONE: ["row 99"]})
    assert of("Test of ups1 in hall h1") == (["node ups1"], {_AROUND: ["h1"]})


@pytest.mark.parametrize(
    ("place", "places", "counted"),
    [
        ("h1", ["hall h1"], {}),
        ("Hall h1", ["hall h1"], {}),
        ("h1, h2", ["hall h1", "hall h2"], {}),
        ("h1, r1", ["row h1/r1"], {}),
        ("Hall h2; Row r1", ["row h2/r1"], {}),
        ("site, hall h1, row h1/r1", ["row h1/r1"], {}),
        ("ups1, r2", ["node ups1", "row r2"], {}),
        ("h1, r99", [], {_NONE: ["r99"]}),
        ("h1, row 99", [], {_NONE: ["hall h1 row 99"]}),
        ("ups1, r99", ["node ups1"], {_NONE: ["r99"]}),
        ("h1, ups1", ["node ups1"], {_AROUND: ["h1"]}),
        ("Rack 7 in hall h1", [], {_NONE: ["Rack 7 in hall h1"]}),
        ("Room of ups1 in hall h1", ["node ups1"], {_AROUND: ["h1"]}),
        ("Hall h1 row r2", ["row h1/r2"], {}),
        ("Roof", [], {_NONE: ["Roof"]}),
        ("B-1", ["bay B-1"], {}),
        ("B-1, r99", [], {_NONE: ["r99"]}),
        ("r1", [], {_SEVERAL: ["row r1"]}),
    ],
)
def test_the_place_of_an_event_is_read_part_by_part(
    place: str, places: list[str], counted: dict[str, list[str]]
) -> None:
    assert of("Batteries", place) == (places, counted)


@pytest.mark.parametrize(
    "summary",
    [
        "Cage 5 in hall h1: door",
        "CRAH 3 in hall h1: filter",
        "Feed A of hall h1",
        "STS-2 firmware, hall h1",
        "Generator load test affecting hall h1",
        "Transformer T1 in hall h1",
        "Cab p2 in hall h1",
        "Aisle 4, hall h1",
        "CDU-07 hall h1 pump swap",
        "Hall h1, r2: cleaning",
        "CHG0012345 hall h1",
        "Row r2, Rack r2-p1",
        "Hall h1 Row r2 Rack 5",
        "Row r2 breaker",
    ],
)
def test_a_room_beside_what_may_be_less_is_counted_and_not_out(summary: str) -> None:
    assert of(summary) == ([], {_NONE: [summary]})


@pytest.mark.parametrize("summary", ["Cleaning of hall h1, 22:00 to 04:00", "hall h1, 2026-06-11, 4 hours, 12th June"])
def test_times_are_no_names(summary: str) -> None:
    assert of(summary) == (["hall h1"], {})


@pytest.mark.parametrize(
    ("place", "summary", "places", "counted"),
    [
        ("Hall h1", "Row r2 busway replacement", ["row h1/r2"], {_AROUND: ["h1"]}),
        ("Hall h1", "Row r1 busway replacement", ["row h1/r1"], {_AROUND: ["h1"]}),
        ("h1", "ups1 battery replacement", ["node ups1"], {_AROUND: ["h1"]}),
        ("r2", "ups1 battery replacement", ["node ups1"], {_AROUND: ["r2"]}),
        ("London, h1", "ups1 maintenance", ["node ups1"], {_NONE: ["London"], _AROUND: ["h1"]}),
        ("Hall h1", "CRAH 3 filter", [], {_NONE: ["CRAH 3 filter"]}),
        ("r2", "Rack 7 swap", [], {_NONE: ["Rack 7 swap"]}),
        ("Hall h1", "CHG0012345 cleaning", ["hall h1"], {}),
        ("Hall h1", "Row r1 of hall h1", ["row h1/r1"], {_AROUND: ["h1"]}),
        ("h1", "Work in hall h2", ["hall h1"], {}),
        ("ups1", "Row r2", ["node ups1"], {}),
    ],
)
def test_what_is_said_to_be_in_a_place_is_out_and_not_the_place(
    place: str, summary: str, places: list[str], counted: dict[str, list[str]]
) -> None:
    assert of(summary, place) == (places, counted)


def test_of_names_in_each_other_the_longest_is_meant() -> None:
    words = Words(["UPS 1", "UPS 1 A", "A b"])
    assert list(words.found("UPS 1 A b")) == ["UPS 1 A"]
    assert list(words.found("UPS 1, A b")) == ["UPS 1", "A b"]
    assert (words.at("on UPS 1 A", 3), words.at("on UPS 1 A", 4)) == ("UPS 1 A", None)


def test_a_place_that_is_half_known_leaves_the_rest_to_no_sentence() -> None:
    assert of("Work in hall h1", "h1, r99") == ([], {_NONE: ["r99"]})
    assert of("Work in hall h1", "Roof") == (["hall h1"], {})


def test_a_file_says_what_a_part_of_a_sentence_is() -> None:
    known = Objects(_SITE.facility, {"hall h1 row 99": [Place(row="h1/5")], "row r1": [Place(row="h2/r1")]})
    assert of("work in hall h1 row 99 and ups1", known=known) == (["node ups1", "row h1/5"], {})
    assert of("row r1", known=known) == (["row h2/r1"], {})


def named_alike(*halls: str, label: str = "location") -> Objects:
    """A site of NetBox without rack groups: each hall is a row of the same name, and a label."""
    positions = [
        {"name": f"p{i}", "hall": hall, "row": hall, "index": i, "feed_a": "ups1", "labels": {label: hall}}
        for i, hall in enumerate(halls * 2)
    ]
    power = [{"name": "ups1", "kind": "ups", "rated_kw": 500}]
    return Objects(by_hand(facility=facility(power=power, positions=positions)).facility)


@pytest.mark.parametrize(
    ("place", "named", "around"),
    [
        ("Hall B", "hall Hall B", []),
        ("site, Hall B", "hall Hall B", []),
        ("row Hall B", "row Hall B", []),
        ("Cage 2", "hall Cage 2", []),
        ("Hall B, ups1", "node ups1", ["Hall B"]),
    ],
)
def test_names_of_the_same_racks_are_one_place(place: str, named: str, around: list[str]) -> None:
    found, counted = of("Batteries", place, named_alike("Hall A", "Hall B", "Cage 2"))
    assert (found, counted) == ([named], {_AROUND: around} if around else {})


_OF_NETBOX = Objects(
    by_hand(
        facility=facility(
            power=[{"name": "UPS-A", "kind": "ups", "rated_kw": 500}],
            positions=[
                {"name": f"p{i}", "hall": hall, "row": f"Row {i}", "index": i, "feed_a": "UPS-A"}
                | {"labels": {"site": "Oslo", "location": hall, "building": f"Block {i % 2}", "u_height": "48"}}
                for i, hall in enumerate(("Hall 1", "Hall 1", "Hall 2", "Hall 2"))
            ],
        )
    ).facility
)


@pytest.mark.parametrize(
    ("place", "summary", "places", "counted"),
    [
        ("Oslo, Hall 1", "Batteries", ["hall Hall 1"], {}),
        ("Oslo, Hall 1, Row 1", "Batteries", ["row Hall 1/Row 1"], {}),
        ("Oslo", "Battery replacement, UPS-A", ["node UPS-A"], {}),
        ("Oslo", "Cleaning", [], {_NONE: ["Oslo"]}),
        ("48", "Cleaning", [], {_NONE: ["48"]}),
        ("Hall 1, 48", "Cleaning", [], {_NONE: ["48"]}),
        ("Block 1", "Cleaning", ["building Block 1"], {}),
        ("Block 1", "UPS-A batteries", ["node UPS-A"], {_AROUND: ["Block 1"]}),
        ("Block 1", "CRAH 3 filter", [], {_NONE: ["CRAH 3 filter"]}),
        ("Block 1, Hall 1", "Cleaning", ["hall Hall 1"], {_AROUND: ["Block 1"]}),
        ("Block 1, Row 3", "Cleaning", ["row Row 3"], {_AROUND: ["Block 1"]}),
        ("Hall 1", "All but Row 1, which is not touched", [], {_NONE: ["All but Row 1, which is not touched"]}),
    ],
)
def test_labels_of_an_inventory_take_out_no_more_than_is_meant(
    place: str, summary: str, places: list[str], counted: dict[str, list[str]]
) -> None:
    assert of(summary, place, _OF_NETBOX) == (places, counted)


@pytest.mark.parametrize(
    "summary", ["Hall h1 except row r2", "no impact to row r2", "Row r2 only, not row 5 of hall h1"]
)
def test_what_is_excepted_is_not_out(summary: str) -> None:
    assert of(summary) == ([], {_NONE: [summary]})


def test_a_hall_that_is_called_so_is_found_in_a_sentence() -> None:
    known = named_alike("Hall A", "Hall B")
    assert of("Cleaning of Hall B", known=known) == (["hall Hall B"], {})
    assert of("Hall A and Hall B: cleaning", known=known) == (["hall Hall A", "hall Hall B"], {})


def test_a_power_node_is_never_the_racks_of_its_name() -> None:
    assert named_alike("ups1").could_be("ups1") == ("node ups1", "hall ups1")
