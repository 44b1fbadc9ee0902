"""The page of ``capalloc slots``, as text."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from capalloc.placement.floor import Slots
from capalloc.report.figures import DASH
from capalloc.report.slots import slots_page
from capalloc.schema.request import Together


def page(found: dict[str, Slots], racks: int = 4, together: Together = "row") -> list[str]:
    out = Console(file=io.StringIO(), width=100, highlight=False, markup=False, emoji=False)
    for part in slots_page("site [x]", racks, together, found):
        out.print(part)
    assert isinstance(out.file, io.StringIO)
    return [" ".join(line.split()) for line in out.file.getvalue().splitlines()]


@pytest.mark.parametrize(
    ("together", "racks", "says"),
    [
        ("row", 1, "groups of 1 rack in one row"),
        ("fabric_block", 2, "groups of 2 racks in one fabric block"),
        ("hall", 1000, "groups of 1,000 racks in one hall"),
        ("none", 2, "groups of 2 racks anywhere"),
    ],
)
def test_the_title_says_what_is_counted(together: Together, racks: int, says: str) -> None:
    assert f"site [x]: {says} that still fit, at least" in page({"a": Slots(0, {}, {})}, racks, together)


def test_each_kind_of_rack_has_a_column_and_a_place_that_it_has_no_count_of_a_dash() -> None:
    lines = page({"wet": Slots(1200, {"h1": 1200}, {"b1": 3}), "dry": Slots(0, {}, {})})
    assert "Site wet dry" in lines
    assert "site 1,200 0" in lines
    assert f"h1 1,200 {DASH}" in lines
    assert f"b1 3 {DASH}" in lines


def test_without_halls_and_blocks_the_site_stands_alone() -> None:
    lines = page({"a": Slots(7, {}, {})}, together="none")
    assert not any("alone" in line for line in lines)


def test_the_first_forty_places_are_shown_and_the_others_told() -> None:
    lines = page({"a": Slots(1, {"h": 1}, {f"b{number:02}": 1 for number in range(1042)})})
    assert "b39 1" in lines
    assert "b40 1" not in lines
    assert "… and 1,002 more; --json lists them all" in lines
