"""Racks and days on which two plans have racks do different things."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise

from capalloc.analysis.diff.spans import Doing, Timeline, of_rack
from capalloc.schema.diff import DiffSpan


def spans_between(
    first: Mapping[str, Timeline], second: Mapping[str, Timeline], start: date, end: date
) -> Iterator[DiffSpan]:
    """Maximal spans of the days [start, end) in which a rack does one thing in one plan, another in the other.

    By rack, then by day.
    """
    for rack in sorted(first.keys() | second.keys()):
        old, new = dict(of_rack(first, rack, start)), dict(of_rack(second, rack, start))
        days = [*sorted(old.keys() | new.keys()), end]
        one, two = old[start], new[start]
        for day, until in pairwise(days):
            one, two = old.get(day, one), new.get(day, two)
            if one != two:
                yield _span(rack, day, until, one, two)


def _span(rack: str, day: date, until: date, one: Doing, two: Doing) -> DiffSpan:
    return DiffSpan(rack=rack, start=day, until=until, demands=(one.demand, two.demand), states=(one.state, two.state))
