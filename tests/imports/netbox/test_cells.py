"""Cells of NetBox's CSV files, as its pages and its imports write them, and as people do."""

from __future__ import annotations

import pytest

from capalloc.imports.netbox.cells import number, text, units, word


@pytest.mark.parametrize(
    ("cell", "found"),
    [("48U", 48.0), ("80%", 80.0), ("-48 V", -48.0), ("97,2 kW", 97.2), ("1.5", 1.5), ("—", None), ("about 5", None)],
)
def test_numbers_stand_without_their_units(cell: str, found: float | None) -> None:
    assert number(cell) == found


@pytest.mark.parametrize(
    ("cell", "found"), [("1-3, 7", (1, 2, 3, 7)), ("48", (48,)), ("", ()), ("40 - 42", (40, 41, 42))]
)
def test_units_may_stand_as_ranges(cell: str, found: tuple[int, ...]) -> None:
    assert units(cell) == found


def test_a_range_that_is_a_slip_has_no_more_units_than_a_rack_can_have() -> None:
    assert len(units("1-9999")) == 101


def test_what_stands_for_nothing_is_nothing() -> None:
    assert [text(cell) for cell in (None, " ", "—", "-", "None", " a ")] == [None, None, None, None, None, "a"]
    assert word("Single phase", "x") == word("single_phase", "x") == "single-phase"
    assert word("—", "single-phase") == "single-phase"
