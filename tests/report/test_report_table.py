"""Tables in narrow places: a column may go, a figure is never cut."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from capalloc.report import terminal
from capalloc.report.table import Column, Grid, words

WEEKS = Grid(
    "weeks",
    [words("Week"), Column("Wanted racks"), Column("Delivered kW"), Column("Value per hour", optional=True)],
    [["2026-05-01 … 2026-05-22", "8", "560.0", "$864"], ["2026-05-29", "10", "320.0", "$120,064"]],
)


def shown(width: int) -> str:
    console = Console(file=io.StringIO(), width=width)
    with console.capture() as captured:
        console.print(WEEKS)
    return captured.get()


@pytest.mark.parametrize("width", range(30, 60))
def test_a_column_is_whole_or_absent(width: int) -> None:
    text = shown(width)
    assert max(map(len, text.splitlines())) <= width
    assert ("Value per" in text) == ("hour" in text) == ("$864" in text) == ("$120,064" in text)
    for date in ("2026-05-01", "2026-05-22", "2026-05-29"):
        assert date in text


def test_room_for_all_shows_all() -> None:
    assert "$120,064" in shown(60)


def test_a_terminal_narrower_than_tables_is_left_to_break_the_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert terminal.console().width == 60
