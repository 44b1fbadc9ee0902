"""What did not come across is counted and named."""

from __future__ import annotations

from capalloc.imports.missing import Missing, missing_lines


def test_a_line_counts_names_the_first_and_says_what_to_do() -> None:
    racks = Missing("racks without a feed", ("/racks/1", "/racks/2", "/racks/3", "/racks/4"), "add feeds")
    assert missing_lines([racks, Missing("feeds of 0 A", ())]) == [
        "4 racks without a feed: /racks/1, /racks/2, /racks/3 and 1 more; add feeds"
    ]
