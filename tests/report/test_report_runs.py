"""Joining neighbouring periods."""

from __future__ import annotations

from datetime import date

import pytest

from capalloc.calendar import PeriodUnit
from capalloc.report.runs import Days, Line, runs
from capalloc.schema.scenario import Horizon

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


@pytest.mark.parametrize(
    ("unit", "end", "first", "last", "shown"),
    [
        ("week", date(2027, 6, 29), "2027-06-14", "2027-06-14", "2027-06-14 … 2027-06-20"),
        ("week", date(2027, 6, 29), "2027-06-14", "2027-06-21", "2027-06-14 … 2027-06-27"),
        ("week", date(2027, 6, 29), "2027-06-28", "2027-06-28", "2027-06-28 (1 day)"),
        ("week", date(2027, 6, 29), "2027-06-21", "2027-06-28", "2027-06-21 … 2027-06-28"),
        ("week", date(2027, 6, 30), "2027-06-28", "2027-06-28", "2027-06-28 … 2027-06-29"),
        ("day", date(2027, 6, 29), "2027-06-14", "2027-06-14", "2027-06-14"),
        ("day", date(2027, 6, 29), "2027-06-14", "2027-06-16", "2027-06-14 … 2027-06-16"),
        ("month", date(2027, 8, 1), "2027-07", "2027-07", "2027-07"),
        ("month", date(2027, 8, 13), "2027-07", "2027-08", "2027-07 … 2027-08 (to 2027-08-12)"),
    ],
)
def test_a_line_tells_the_days_that_its_label_does_not(
    unit: PeriodUnit, end: date, first: str, last: str, shown: str
) -> None:
    """2027-06-14 is a Monday; weeks count from the horizon's first day."""
    horizon = Horizon(start=date(2027, 7, 1) if unit == "month" else date(2027, 6, 14), end=end, period=unit)
    labels = [period.label for period in horizon.periods]
    chosen = labels[labels.index(first) : labels.index(last) + 1]
    (line,) = runs((Line(label, ()) for label in chosen), labels, days=Days.of(horizon))
    assert line.period == shown
