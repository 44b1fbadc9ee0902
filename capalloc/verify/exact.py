"""Exact numbers: what a person wrote as 81.6 is 816/10 here, so that a limit met exactly is met."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from functools import cache

from capalloc.calendar import next_month
from capalloc.units import W_PER_KW

NOTHING = Fraction(0)


@cache
def exact(value: float) -> Fraction:
    """The fraction that the shortest decimal text of ``value`` names."""
    return Fraction(repr(value))


def mw_as_kw(mw: float) -> Fraction:
    """MW as exact kW."""
    return exact(mw) * W_PER_KW


def by_month(start: date, end: date) -> Iterator[tuple[int, int]]:
    """For each month that [start, end) touches: its days inside, and the days of the whole month."""
    while start < end:
        border = min(next_month(start), end)
        yield (border - start).days, calendar.monthrange(start.year, start.month)[1]
        start = border


def months(start: date, end: date) -> Fraction:
    """Months in [start, end): each month's days in it over that month's length."""
    return sum((Fraction(days, length) for days, length in by_month(start, end)), NOTHING)


def shown(value: Fraction | float) -> str:
    """A number as people read it: thousands separated, no needless zeros, but never rounded onto its limit."""
    text = f"{float(value):,.3f}".rstrip("0").rstrip(".")
    if float(text.replace(",", "")) == float(value):
        return text
    return f"{float(value):,.9f}".rstrip("0").rstrip(".")
