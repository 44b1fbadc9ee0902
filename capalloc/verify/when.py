"""Sets of periods, and amounts that hold for some periods and not for others."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import lru_cache
from typing import TypeVar

from capalloc.calendar import Period

When = int
"""A set of periods: bit i is set when the period of index i belongs to it."""
NEVER: When = 0

Key = TypeVar("Key")
Span = tuple[date, date]
"""Days [start, until)."""
Amount = tuple[Key, int, int, int]
"""What a key has from one period on (index) until another (excluded), and how much of it."""


def during(periods: range) -> When:
    """The set of neighbouring periods."""
    return (1 << periods.stop) - (1 << periods.start) if periods else NEVER


def has(when: When, index: int) -> bool:
    """Whether the period belongs to the set."""
    return bool(when >> index & 1)


def indices(when: When) -> Iterator[int]:
    """The periods of the set in order."""
    while when:
        lowest = when & -when
        yield lowest.bit_length() - 1
        when ^= lowest


@lru_cache(maxsize=4096)
def runs(when: When) -> tuple[range, ...]:
    """The set as runs of neighbouring periods, as long as they get."""
    found = []
    while when:
        first = (when & -when).bit_length() - 1
        beyond = when + (1 << first)
        end = (beyond & -beyond).bit_length() - 1
        found.append(range(first, end))
        when &= -1 << end
    return tuple(found)


def changes(amounts: Iterable[Amount[Key]], periods: int) -> list[dict[Key, int]]:
    """For each period how much more of each key it has than the period before."""
    borders: list[dict[Key, int]] = [{} for _ in range(periods + 1)]
    for key, first, end, amount in amounts:
        borders[first][key] = borders[first].get(key, 0) + amount
        borders[end][key] = borders[end].get(key, 0) - amount
    return borders[:periods]


def over_time(amounts: Iterable[Amount[Key]], periods: int) -> Iterator[dict[Key, int]]:
    """For each period the sum of each key, without the keys that sum up to nothing."""
    sums: dict[Key, int] = {}
    for change in changes(amounts, periods):
        for key, more in change.items():
            sums[key] = sums.get(key, 0) + more
            if not sums[key]:
                del sums[key]
        yield dict(sums)


class Borders:
    """Finds the periods that days [start, until) touch, cover or begin; equal days are looked up once."""

    def __init__(self, periods: tuple[Period, ...]) -> None:
        self.periods = periods
        self._starts = [period.start for period in periods]
        self._ends = [period.end for period in periods]
        self._touched: dict[Span, range] = {}
        self._covered: dict[Span, range] = {}

    def touched(self, start: date, until: date) -> range:
        """Indices of the periods with a day in [start, until)."""
        return _looked_up(self._touched, (start, until), self._touches)

    def covered(self, start: date, until: date) -> range:
        """Indices of the periods with all days in [start, until)."""
        return _looked_up(self._covered, (start, until), self._covers)

    def begun(self, start: date, until: date) -> range:
        """Indices of the periods with their first day in [start, until)."""
        return range(bisect_left(self._starts, start), bisect_left(self._starts, until))

    def meet(self, start: date, until: date) -> bool:
        """Whether the days begin and end with periods."""
        periods = self.covered(start, until)
        return bool(periods) and self._starts[periods.start] == start and self._ends[periods.stop - 1] == until

    def _touches(self, span: Span) -> range:
        start, until = span
        if until <= start:
            return range(0)
        return range(bisect_right(self._ends, start), bisect_left(self._starts, until))

    def _covers(self, span: Span) -> range:
        start, until = span
        return range(bisect_left(self._starts, start), bisect_right(self._ends, until))


def _looked_up(known: dict[Span, range], span: Span, find: Callable[[Span], range]) -> range:
    found = known.get(span)
    if found is None:
        found = known[span] = find(span)
    return found
