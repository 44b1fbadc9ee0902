"""Days as they are said in a sentence: months by name, and last days in place of first days excluded."""

from __future__ import annotations

from datetime import date

from capalloc.calendar import PeriodUnit, add_days, next_month

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def in_month(day: date) -> str:
    """``May 2026`` for a first of the month, else ``18 May 2026``."""
    return f"{_MONTHS[day.month - 1]} {day.year}" if day.day == 1 else on_day(day)


def on_day(day: date) -> str:
    """``18 May 2026``."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def at(day: date) -> str:
    """``in May 2026`` for a first of the month, else ``on 18 May 2026``."""
    return f"in {in_month(day)}" if day.day == 1 else f"on {on_day(day)}"


def in_period(start: date, unit: PeriodUnit) -> str:
    """A period by its first day: ``in May 2026``, ``in the week of 4 May 2026`` or ``on 4 May 2026``."""
    if unit == "month":
        return f"in {in_month(start.replace(day=1))}"
    return f"in the week of {on_day(start)}" if unit == "week" else f"on {on_day(start)}"


def last_day(until: date) -> str:
    """The last day before one: ``May 2026`` where that is the end of the month, else ``17 May 2026``."""
    last = add_days(until, -1)
    return in_month(last.replace(day=1)) if until.day == 1 else on_day(last)


def span(start: date, until: date) -> str:
    """The days [start, until), such as ``in May 2026`` or ``from May 2026 through 14 September 2026``."""
    if start.day == 1 and until == next_month(start):
        return f"in {in_month(start)}"
    if until == add_days(start, 1):
        return f"on {on_day(start)}"
    return f"from {in_month(start)} through {last_day(until)}"
