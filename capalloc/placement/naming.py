"""Names racks period by period: as few as possible change hands, and fabric blocks stay whole.

The racks of a cell are interchangeable, so any choice keeps every rule of the counts. Places are the racks of all
cells, one cell after the other, and inside a cell block by block: a segment is the places of one cell in one block.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from capalloc.instance.model import NOBODY, Bools, Ints
from capalloc.placement.compiled import inner, kernel


class Book(NamedTuple):
    """Who does what at present; n places, S segments, B blocks, D demands."""

    cell_segment: Ints
    """(C + 1,) segments of each cell, as slices."""
    segment_place: Ints
    """(S + 1,) places of each segment, as slices."""
    segment_block: Ints
    """(S,)"""
    ready: Ints
    """(C,) first period in which a demand other than the last may take a rack of the cell."""
    serves: Ints
    """(n,) NOBODY where idle."""
    last: Ints
    """(n,) the demand served last; NOBODY for none."""
    left: Ints
    """(n,) period in which it left that demand; -1: before the horizon."""
    off: Bools
    held_for: Ints
    """(n,) the demand that it is a spare for; NOBODY for none."""
    powered: Bools
    serving: Ints
    """(B, D) racks in each block that serve each demand."""
    busy: Ints
    """(B,) racks in each block that serve any."""


class Counts(NamedTuple):
    """What the planner counts, by cell, demand and period."""

    serve: Ints
    """(C, D, T)"""
    hold: Ints
    """(C, D, T)"""
    off: Ints
    """(C, T)"""
    on: Bools
    """(C, T) an idle rack is powered unless it is off."""
    starts: Bools
    """(C, T) something about the cell changes."""
    cools_at: Bools
    """(T, T) see :class:`capalloc.instance.model.Instance`."""


class Named(NamedTuple):
    """(n, T) each: what every place does in every period."""

    serving: Ints
    off: Bools
    buffer: Ints


_RETURNS, _FREE = 1, 2
"""A rack that may return to a demand while it cools for all others, and one that may serve any."""
_FAR = 1 << 40


@kernel
def name_periods(book: Book, counts: Counts, named: Named) -> int:
    """Fill in ``named``; racks that a class lacks because too many of its racks cool after a hand-over: 0."""
    cells, periods = counts.off.shape
    for t in range(periods):
        for cell in range(cells):
            if counts.starts[cell, t]:
                _leave(book, counts, cell, t)
        for cell in range(cells):
            if counts.starts[cell, t]:
                lacking = _arrive(book, counts, cell, t)
                if lacking > 0:
                    return lacking
                _switch_off(book, counts.off[cell, t], counts.on[cell, t], cell)
                _hold(book, counts, cell, t)
        for place in range(len(book.serves)):
            named.serving[place, t] = book.serves[place]
            named.off[place, t] = book.off[place]
            named.buffer[place, t] = book.held_for[place]
    return 0


@inner
def _places(book: Book, cell: int) -> tuple[int, int]:
    """First and end of the places of a cell."""
    return book.segment_place[book.cell_segment[cell]], book.segment_place[book.cell_segment[cell + 1]]


@inner
def _have(book: Book, cell: int, demand: int) -> int:
    begin, end = _places(book, cell)
    have = 0
    for place in range(begin, end):
        have += book.serves[place] == demand
    return have


@inner
def _leave(book: Book, counts: Counts, cell: int, t: int) -> None:
    """Racks beyond the counts leave: those in blocks where their demand has fewest."""
    for demand in range(counts.serve.shape[1]):
        surplus = _have(book, cell, demand) - counts.serve[cell, demand, t]
        while surplus > 0:
            thinnest, fewest = -1, _FAR
            for segment in range(book.cell_segment[cell], book.cell_segment[cell + 1]):
                there = book.serving[book.segment_block[segment], demand]
                if there <= fewest and _serve_in(book, segment, demand):
                    thinnest, fewest = segment, there
            block = book.segment_block[thinnest]
            for place in range(book.segment_place[thinnest + 1] - 1, book.segment_place[thinnest] - 1, -1):
                if surplus > 0 and book.serves[place] == demand:
                    book.serves[place], book.left[place] = NOBODY, t
                    book.serving[block, demand] -= 1
                    book.busy[block] -= 1
                    surplus -= 1


@inner
def _serve_in(book: Book, segment: int, demand: int) -> bool:
    for place in range(book.segment_place[segment], book.segment_place[segment + 1]):
        if book.serves[place] == demand:
            return True
    return False


@inner
def _arrive(book: Book, counts: Counts, cell: int, t: int) -> int:
    """Racks arrive: first those that return to a demand, then those that have cooled; powered ones first."""
    missing = np.zeros(counts.serve.shape[1], dtype=np.int64)
    for demand in range(len(missing)):
        missing[demand] = max(counts.serve[cell, demand, t] - _have(book, cell, demand), 0)
    for may in (_RETURNS, _FREE):
        for demand in range(len(missing)):
            for powered in (True, False):
                while missing[demand] > 0:
                    segment = _best(book, counts, cell, demand, t, may, powered, missing[demand])
                    if segment < 0:
                        break
                    missing[demand] -= _give(book, counts, cell, segment, demand, t, may, powered, missing[demand])
    return missing.sum()


@inner
def _may(book: Book, counts: Counts, cell: int, place: int, demand: int, t: int) -> int:
    """Whether an idle rack returns to a demand, is free, or neither."""
    if book.serves[place] != NOBODY:
        return 0
    left = book.left[place]
    cools = t < book.ready[cell] if left < 0 else counts.cools_at[left, t]
    if book.last[place] == NOBODY or not cools:
        return _FREE
    return _RETURNS if book.last[place] == demand else 0


@inner
def _best(book: Book, counts: Counts, cell: int, demand: int, t: int, may: int, powered: bool, missing: int) -> int:
    """The segment to take racks from: the demand's own blocks, then free ones that it fills, then shared ones."""
    best, least = -1, np.inf
    for segment in range(book.cell_segment[cell], book.cell_segment[cell + 1]):
        racks = 0
        for place in range(book.segment_place[segment], book.segment_place[segment + 1]):
            if book.powered[place] == powered:
                racks += _may(book, counts, cell, place, demand, t) == may
        if racks == 0:
            continue
        own = book.serving[book.segment_block[segment], demand]
        others = book.busy[book.segment_block[segment]] - own
        if others == 0 and own > 0:
            rank, among = 0, -own
        elif others == 0 and racks <= missing:
            rank, among = 1, -racks
        elif others > 0:
            rank, among = 2, others - own
        else:
            rank, among = 3, racks
        if rank * 1e9 + among < least:
            best, least = segment, rank * 1e9 + among
    return best


@inner
def _give(
    book: Book, counts: Counts, cell: int, segment: int, demand: int, t: int, may: int, powered: bool, missing: int
) -> int:
    """Let racks of a segment serve a demand; how many."""
    given, block = 0, book.segment_block[segment]
    for place in range(book.segment_place[segment], book.segment_place[segment + 1]):
        suits = book.powered[place] == powered and _may(book, counts, cell, place, demand, t) == may
        if given < missing and suits:
            book.serves[place], book.last[place] = demand, demand
            given += 1
    book.serving[block, demand] += given
    book.busy[block] += given
    return given


@inner
def _switch_off(book: Book, count: int, on: bool, cell: int) -> None:
    """Racks that were off stay off; of the others the last go first."""
    begin, end = _places(book, cell)
    for place in range(begin, end):
        book.off[place] = False
    for powered in (False, True):
        for place in range(end - 1, begin - 1, -1):
            if count > 0 and book.serves[place] == NOBODY and book.powered[place] == powered and not book.off[place]:
                book.off[place] = True
                count -= 1
    for place in range(begin, end):
        book.powered[place] = not book.off[place] and (book.serves[place] != NOBODY or on)


@inner
def _hold(book: Book, counts: Counts, cell: int, t: int) -> None:
    """A spare stays with its demand while the count allows."""
    begin, end = _places(book, cell)
    before = book.held_for[begin:end].copy()
    for place in range(begin, end):
        book.held_for[place] = NOBODY
    need = counts.hold[cell, :, t].copy()
    for stays in (True, False):
        for demand in range(len(need)):
            for place in range(begin, end):
                idle = book.serves[place] == NOBODY and not book.off[place] and book.held_for[place] == NOBODY
                if need[demand] > 0 and idle and (before[place - begin] == demand) == stays:
                    book.held_for[place] = demand
                    need[demand] -= 1
