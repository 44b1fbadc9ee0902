"""Days, months and the half-open periods of a planning horizon."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

from capalloc.units import HOURS_PER_DAY

PeriodUnit = Literal["month", "week", "day"]

_MONTH = re.compile(r"\d{4}-\d{2}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_COUNTED = re.compile(r"[2-9]\d{4}")
_DAY_ZERO = date(1899, 12, 30)
"""What spreadsheets count days from (ECMA-376, part 1, 18.17.4.1)."""


@dataclass(frozen=True, slots=True)
class Period:
    """One step of the horizon: the days from ``start`` up to, not including, ``end``."""

    index: int
    start: date
    end: date
    label: str
    """``2026-05`` for a period that starts a month in a monthly plan, else the ISO day it starts on."""

    @property
    def days(self) -> int:
        """Number of days."""
        return (self.end - self.start).days

    @property
    def hours(self) -> int:
        """Number of hours; every day counts 24."""
        return self.days * HOURS_PER_DAY

    @property
    def months(self) -> float:
        """Length in months: its days over the days of their month(s)."""
        return months_between(self.start, self.end)

    def touches(self, start: date | None, until: date | None) -> bool:
        """Whether any of its days lies in [start, until); None is an open end."""
        return (start is None or start < self.end) and (until is None or until > self.start)

    def inside(self, start: date | None, until: date | None) -> bool:
        """Whether all of its days lie in [start, until); None is an open end."""
        return (start is None or start <= self.start) and (until is None or until >= self.end)


@lru_cache(maxsize=4096)
def parse_day(text: str) -> date:
    """The day that ``2026-05-18`` names, or the first day of the month that ``2026-05`` names.

    Raises ValueError with a sentence for anything else.
    """
    try:
        if _MONTH.fullmatch(text):
            return date.fromisoformat(text + "-01")
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"{text!r} is no day of the calendar ({error})") from error
    raise ValueError(f"{text!r} is not a date; {_counted(text)}write a day as 2026-05-18 or a month as 2026-05")


def _counted(text: str) -> str:
    """What day a spreadsheet means by a number: it counts days, and may have lost the format that says so."""
    if not _COUNTED.fullmatch(text):
        return ""
    return f"if a spreadsheet counted so many days, it is {_DAY_ZERO + timedelta(days=int(text))}; "


@lru_cache(maxsize=4096)
def format_day(day: date) -> str:
    """The shortest text that :func:`parse_day` reads back: ``2026-05`` for a first of the month."""
    return f"{day:%Y-%m}" if day.day == 1 else day.isoformat()


def format_days(start: date | None, until: date | None) -> str:
    """The days [start, until), such as ``from 2026-07 until 2026-09``, as far as they are given."""
    parts = (("from", start), ("until", until))
    return " ".join(f"{word} {format_day(day)}" for word, day in parts if day is not None)


def add_months(day: date, months: int) -> date:
    """The same day ``months`` later, or the last day of that month where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def add_days(day: date, days: int) -> date:
    """The day ``days`` later."""
    return day + timedelta(days=days)


def next_month(day: date) -> date:
    """The first day of the month after ``day``'s."""
    return add_months(day.replace(day=1), 1)


def months_between(start: date, end: date) -> float:
    """Months in [start, end): each month's days in it over that month's length; 0 when empty."""
    total = 0.0
    while start < end:
        border = min(next_month(start), end)
        total += (border - start).days / calendar.monthrange(start.year, start.month)[1]
        start = border
    return total


def periods_of(start: date, end: date, unit: PeriodUnit) -> tuple[Period, ...]:
    """The periods of [start, end) in order; the first and last may be cut short by the horizon."""
    return tuple(_periods(start, end, unit))


def _periods(start: date, end: date, unit: PeriodUnit) -> Iterator[Period]:
    index = 0
    while start < end:
        border = next_month(start) if unit == "month" else add_days(start, 7 if unit == "week" else 1)
        label = format_day(start) if unit == "month" else start.isoformat()
        yield Period(index, start, min(border, end), label)
        index, start = index + 1, border


def period_named(text: str, periods: Sequence[Period]) -> Period:
    """The period of a horizon that ``text`` names: by its label, or by a day or month in it.

    Of several periods in a month it is the first. Raises ValueError with a sentence where there is none.
    """
    return periods_named(text, periods)[0]


def periods_named(text: str, periods: Sequence[Period]) -> Sequence[Period]:
    """The period that a label or a day names, or all that touch a month. Raises ValueError where there is none."""
    text = str(text)
    labelled = [period for period in periods if period.label == text]
    if labelled:
        return labelled
    first, last = periods[0].label, periods[-1].label
    wanted = ValueError(
        f"found {text!r}, expected a period of the plan, from {first} to {last}, or a day or month in one"
    )
    try:
        day = parse_day(text)
    except ValueError as error:
        raise wanted from error
    until = next_month(day) if _MONTH.fullmatch(text) else add_days(day, 1)
    touched = [period for period in periods if period.touches(day, until)]
    if not touched:
        raise wanted
    return touched


def day_named(text: str, periods: Sequence[Period]) -> date:
    """The day that is named, or the first that the periods have of a period or month that is.

    Raises ValueError with a sentence where there is none.
    """
    first = periods_named(text, periods)[0]
    return first.start if first.label == text else max(first.start, parse_day(text))


def days_named(text: str, periods: Sequence[Period]) -> tuple[date, date]:
    """The days [start, until) of the period that is named, or those of a month that the periods have.

    Raises ValueError with a sentence where there is none.
    """
    named = periods_named(text, periods)
    start, until = named[0].start, named[-1].end
    if not _MONTH.fullmatch(text):
        return start, until
    month = parse_day(text)
    return max(start, month), min(until, next_month(month))
