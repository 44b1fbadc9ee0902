"""Joining neighbouring periods."""

from __future__ import annotations

from capalloc.report.runs import Line, runs

CALENDAR = ["2026-05", "2026-06", "2026-07", "2026-08"]


def lines(*cells: tuple[str, str]) -> list[Line]:
    return [Line(period, (text,)) for period, text in cells]


def test_equal_neighbours_become_one_line() -> None:
    found = runs(lines(("2026-05", "a"), ("2026-06", "b"), ("2026-07", "b"), ("2026-08", "b")), CALENDAR)
    assert [(line.period, *line.cells) for line in found] == [("2026-05", "a"), ("2026-06 … 2026-08", "b")]


def test_a_gap_in_the_calendar_ends_a_run() -> None:
    found = runs(lines(("2026-05", "a"), ("2026-07", "a"), ("2026-08", "a")), CALENDAR)
    assert [line.period for line in found] == ["2026-05", "2026-07 … 2026-08"]


def test_the_same_figures_later_are_another_run() -> None:
    found = runs(lines(("2026-05", "a"), ("2026-06", "b"), ("2026-07", "a")), CALENDAR)
    assert [line.period for line in found] == ["2026-05", "2026-06", "2026-07"]


def test_lines_come_in_the_order_of_the_calendar() -> None:
    found = runs(lines(("2026-07", "c"), ("2026-05", "a")), CALENDAR)
    assert [line.period for line in found] == ["2026-05", "2026-07"]


def test_every_period_has_its_line_when_asked_for() -> None:
    found = runs(lines(("2026-05", "a"), ("2026-06", "a")), CALENDAR, all_periods=True)
    assert [line.period for line in found] == ["2026-05", "2026-06"]
