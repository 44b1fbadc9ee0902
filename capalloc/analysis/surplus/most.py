"""The most that whole columns can be worth within limits: a small integer program, with a proven bound.

Columns that no limit tells apart are one, and limits that everything together keeps are left out. What is left falls
apart into blocks that share no limit (decomposition), most of them tiny. Limits on many columns are let in only where
what is best without them breaks them (lazy constraints): what is best without a limit and keeps it is best with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from capalloc.analysis.surplus.block import Block, Search
from capalloc.instance.model import Bools, Ints

_WIDE = 12
"""Columns of a limit above which it is let in only where it is broken."""


@dataclass(frozen=True, slots=True)
class Entries:
    """What columns put on limits: ``amount[i]`` for each unit of ``column[i]`` on ``limit[i]``; no pair twice."""

    limit: Ints
    column: Ints
    amount: Ints

    def loads(self, counts: Ints, limits: int) -> Ints:
        """(M,) what counts (C,) of the columns put on each limit."""
        return _sums(self.limit, self.amount * counts[self.column], limits)

    def most(self, upper: Ints, limits: int) -> Ints:
        """(M,) what columns up to ``upper`` put on each limit at most."""
        return _sums(self.limit, np.maximum(self.amount, 0) * upper[self.column], limits)

    def where(self, chosen: Bools) -> Entries:
        """Some of them."""
        return Entries(self.limit[chosen], self.column[chosen], self.amount[chosen])


def _sums(limit: Ints, amounts: Ints, limits: int) -> Ints:
    sums = np.zeros(limits, dtype=np.int64)
    np.add.at(sums, limit, amounts)
    return sums


@dataclass(frozen=True, slots=True)
class Most:
    """The best counts that were found, what they are worth, and what no counts can be worth more than."""

    counts: Ints
    worth: int
    bound: int


@dataclass(frozen=True, slots=True)
class Packing:
    """Whole columns x (C,), at most ``upper``, with entries @ x <= ``left`` (M,), of the most ``worth`` @ x."""

    upper: Ints
    worth: Ints
    entries: Entries
    left: Ints

    def signatures(self) -> list[bytes]:
        """For each column its worth and what it puts on limits that can bind: equal columns are interchangeable."""
        kept = self.binding_entries()
        order = np.lexsort((kept.limit, kept.column))
        table = np.column_stack((kept.limit, kept.amount))[order]
        borders = np.searchsorted(kept.column[order], np.arange(len(self.upper) + 1))
        parts = [table[begin:end].tobytes() for begin, end in pairwise(borders.tolist())]
        return [part + worth.tobytes() for part, worth in zip(parts, self.worth, strict=True)]

    def binding_entries(self) -> Entries:
        """Entries of the limits that can bind."""
        binds = self.entries.most(self.upper, len(self.left)) > self.left
        return self.entries.where(binds[self.entries.limit])

    def solve(self, search: Search) -> Most:
        """The most, or the best that was found in time with a bound."""
        of, first = _numbered(self.signatures())
        number = np.full(len(self.upper), -1)
        number[first] = np.arange(len(first))
        kept = self.binding_entries()
        kept = kept.where(number[kept.column] >= 0)
        upper = np.bincount(of, weights=self.upper, minlength=len(first)).astype(np.int64)
        merged = Packing(upper, self.worth[first], Entries(kept.limit, number[kept.column], kept.amount), self.left)
        found = merged.by_blocks(search)
        return Most(_dealt(found.counts, of, self.upper), found.worth, found.bound)

    def by_blocks(self, search: Search) -> Most:
        """The same, block by block, with those limits alone that narrow columns or are broken without."""
        limits = len(self.left)
        holds = np.bincount(self.entries.limit, minlength=limits) <= _WIDE
        while True:
            found = self._within(holds, search)
            broken = (self.entries.loads(found.counts, limits) > self.left) & ~holds
            if not broken.any():
                return found
            holds |= broken

    def _within(self, holds: Bools, search: Search) -> Most:
        counts, bound = self.upper.copy(), 0
        used = self.entries.where(holds[self.entries.limit])
        for columns, block in _blocks(self, used):
            counts[columns], most = search.best(block)
            bound += most
        loose = np.ones(len(self.upper), dtype=bool)
        loose[used.column] = False
        return Most(counts, int(counts @ self.worth), bound + int(self.upper[loose] @ self.worth[loose]))


def _numbered(keys: list[bytes]) -> tuple[Ints, Ints]:
    """(C,) number of each key, and the first place of each number."""
    known: dict[bytes, int] = {}
    of = np.array([known.setdefault(key, len(known)) for key in keys], dtype=np.int64)
    first = np.unique(of, return_index=True)[1] if len(of) else np.zeros(0, dtype=np.int64)
    return of, first


def _dealt(found: Ints, of: Ints, upper: Ints) -> Ints:
    """(C,) counts of merged columns given back to the columns, the first ones filled first."""
    counts, left = np.zeros_like(upper), found.copy()
    for c, group in enumerate(of.tolist()):
        counts[c] = min(int(upper[c]), int(left[group]))
        left[group] -= counts[c]
    return counts


def _blocks(packing: Packing, entries: Entries) -> Iterator[tuple[Ints, Block]]:
    """Columns that limits tie together, with the program of each block."""
    own = _component(entries, len(packing.upper))[entries.column]
    for block in np.unique(own).tolist():
        mine = entries.where(own == block)
        columns, column = np.unique(mine.column, return_inverse=True)
        limits, limit = np.unique(mine.limit, return_inverse=True)
        order = np.lexsort((column, limit))
        table = np.column_stack((limit, column, mine.amount))[order]
        yield columns, Block(packing.upper[columns], packing.worth[columns], table, packing.left[limits])


def _component(entries: Entries, columns: int) -> Ints:
    """(C,) the least column that each is tied to by limits, step by step from the least of each limit."""
    least, order = np.arange(columns), np.argsort(entries.limit, kind="stable")
    limit, column = entries.limit[order], entries.column[order]
    begin = np.flatnonzero(np.diff(limit, prepend=-1))
    if not len(begin):
        return least
    span = np.repeat(np.arange(len(begin)), np.diff(np.append(begin, len(limit))))
    while True:
        before = least.copy()
        np.minimum.at(least, column, np.minimum.reduceat(least[column], begin)[span])
        if (before == least).all():
            return least
