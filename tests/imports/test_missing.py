"""What did not come across is counted and named."""

from __future__ import annotations

import pytest

from capalloc.imports.missing import Missing, missing_lines, missing_page


def test_a_line_counts_names_the_first_and_says_what_to_do() -> None:
    racks = Missing("racks without a feed", ("/racks/1", "/racks/2", "/racks/3", "/racks/4"), "add feeds")
    assert missing_lines([racks, Missing("feeds of 0 A", ())]) == [
        "4 racks without a feed: /racks/1, /racks/2, /racks/3 and 1 more; add feeds"
    ]


@pytest.mark.parametrize(
    ("several", "one"),
    [
        ("racks without a feed", "1 rack without a feed"),
        ("cooling sources that are offline", "1 cooling source that is offline"),
        ("feeds that go nowhere", "1 feed that goes nowhere"),
        ("feeds of these panels to racks elsewhere", "1 feed of these panels to racks elsewhere"),
        ("panels that feed themselves", "1 panel that feeds itself"),
        ("racks that several tenants reserve", "1 rack that several tenants reserve"),
        ("racks whose two feeds are of one type", "1 rack whose two feeds are of one type"),
        (
            "racks whose type is a guess from the draws of their devices",
            "1 rack whose type is a guess from the draws of its devices",
        ),
        (
            "reservations of other days than those that are planned",
            "1 reservation of other days than those that are planned",
        ),
        ("reserved racks with nothing in them", "1 reserved rack with nothing in it"),
        ("rows of what another row has already", "1 row of what another row has already"),
        ("values of racks that cannot be", "1 value of racks that cannot be"),
        ("cells of numbers that hold words", "1 cell of numbers that holds words"),
        ("names in the mapping file that mean nothing here", "1 name in the mapping file that means nothing here"),
        (
            "rooms that a notice names as where something else is",
            "1 room that a notice names as where something else is",
        ),
        ("notices that end before they begin", "1 notice that ends before it begins"),
    ],
)
def test_of_one_the_words_are_those_of_one(several: str, one: str) -> None:
    found = Missing(several, ("/1",))
    assert found.counted == one
    assert missing_lines([found])[0].startswith(f"{found.counted}: /1")
    assert f"## {found.counted}\n" in missing_page([found], "Missing")
    assert Missing(several, ("/1", "/2")).counted == f"2 {several}"
