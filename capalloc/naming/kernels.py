"""Names racks period by period: as few as possible change hands, and fabric blocks stay whole.

The racks of a class are interchangeable, so any choice keeps every rule of the counts. Places are the racks of all
classes, one class after the other, and inside a class block by block: a segment is one class's places in one block.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from capalloc.instance.model import NOBODY, Bools, Ints
from capalloc.kernels import inner, kernel


class Book(NamedTuple):
    """Who does what at present; n places, S segments, B blocks, D demands."""

    class_segment: Ints
    """(C + 1,) segments of each class, as slices."""
    segment_place: Ints
    """(S + 1,) places of each segment, as slices."""
    segment_block: Ints
    """(S,)"""
    block: Ints
    """(n,)"""
    ready: Ints
    """(C,) first period in which a demand other than the last may take a rack of the class."""
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
    suiting: Ints
    """(S,) scratch: racks of each segment that may come or go at present."""


class Counts(NamedTuple):
    """What the planner counts, by class, demand and period."""

    serve: Ints
    """(C, D, T)"""
    hold: Ints
    """(C, D, T)"""
    off: Ints
    """(C, T)"""
    on: Bools
    """(C, T) an idle rack is powered unless it is off."""
    starts: Bools
    """(C, T) something about the class changes."""
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
    classes, periods = counts.off.shape
    for t in range(periods):
        for rack_class in range(classes):
            if counts.starts[rack_class, t]:
                _leave(book, counts, rack_class, t)
        for rack_class in range(classes):
            if counts.starts[rack_class, t]:
                lacking = _arrive(book, counts, rack_class, t)
                if lacking > 0:
                    return lacking
                _switch_off(book, counts.off[rack_class, t], counts.on[rack_class, t], rack_class)
                _hold(book, counts, rack_class, t)
        for place in range(len(book.serves)):
            named.serving[place, t] = book.serves[place]
            named.off[place, t] = book.off[place]
            named.buffer[place, t] = book.held_for[place]
    return 0


@inner
def _places(book: Book, rack_class: int) -> tuple[int, int]:
    """First and end of the places of a class."""
    return book.segment_place[book.class_segment[rack_class]], book.segment_place[book.class_segment[rack_class + 1]]


@inner
def _have(book: Book, rack_class: int, demand: int) -> int:
    begin, end = _places(book, rack_class)
    have = 0
    for place in range(begin, end):
        have += book.serves[place] == demand
    return have


@inner
def _leave(book: Book, counts: Counts, rack_class: int, t: int) -> None:
    """Racks beyond the counts leave: those in blocks where their demand has fewest."""
    for demand in range(counts.serve.shape[1]):
        surplus = _have(book, rack_class, demand) - counts.serve[rack_class, demand, t]
        if surplus <= 0:
            continue
        begin, end = book.class_segment[rack_class], book.class_segment[rack_class + 1]
        for segment in range(begin, end):
            book.suiting[segment] = 0
            for place in range(book.segment_place[segment], book.segment_place[segment + 1]):
                book.suiting[segment] += book.serves[place] == demand
        while surplus > 0:
            thinnest, fewest = -1, _FAR
            for segment in range(begin, end):
                there = book.serving[book.segment_block[segment], demand]
                if book.suiting[segment] > 0 and there <= fewest:
                    thinnest, fewest = segment, there
            surplus -= _take(book, thinnest, demand, t, surplus)


@inner
def _take(book: Book, segment: int, demand: int, t: int, most: int) -> int:
    """Let up to ``most`` racks of a segment leave a demand, the last first; how many."""
    taken, block = 0, book.segment_block[segment]
    for place in range(book.segment_place[segment + 1] - 1, book.segment_place[segment] - 1, -1):
        if taken < most and book.serves[place] == demand:
            book.serves[place], book.left[place] = NOBODY, t
            taken += 1
    book.serving[block, demand] -= taken
    book.busy[block] -= taken
    book.suiting[segment] -= taken
    return taken


@inner
def _arrive(book: Book, counts: Counts, rack_class: int, t: int) -> int:
    """Racks arrive: first those that return to a demand, then those that have cooled; powered ones first."""
    missing = np.zeros(counts.serve.shape[1], dtype=np.int64)
    for demand in range(len(missing)):
        missing[demand] = max(counts.serve[rack_class, demand, t] - _have(book, rack_class, demand), 0)
    for demand in range(len(missing)):
        missing[demand] -= _return(book, counts, rack_class, demand, t, missing[demand])
    for demand in range(len(missing)):
        for powered in (True, False):
            if missing[demand] > 0:
                _count_free(book, counts, rack_class, demand, t, powered)
            while missing[demand] > 0:
                segment = _best(book, rack_class, demand, missing[demand])
                if segment < 0:
                    break
                missing[demand] -= _give(book, counts, segment, rack_class, demand, t, powered, missing[demand])
    return missing.sum()


@inner
def _return(book: Book, counts: Counts, rack_class: int, demand: int, t: int, missing: int) -> int:
    """Let up to ``missing`` racks that still cool return to their demand; how many.

    Those that left last return first, so that those that have cooled longest are free for others soonest; of those
    that left together, powered ones.
    """
    begin, end = _places(book, rack_class)
    returned, before = 0, _FAR
    while returned < missing:
        latest = -_FAR
        for place in range(begin, end):
            if latest < book.left[place] < before and _may(book, counts, rack_class, place, demand, t) == _RETURNS:
                latest = book.left[place]
        if latest == -_FAR:
            break
        for powered in (True, False):
            for place in range(begin, end):
                suits = book.left[place] == latest and book.powered[place] == powered
                if returned < missing and suits and _may(book, counts, rack_class, place, demand, t) == _RETURNS:
                    _serve(book, place, demand)
                    returned += 1
        before = latest
    return returned


@inner
def _serve(book: Book, place: int, demand: int) -> None:
    block = book.block[place]
    book.serves[place], book.last[place] = demand, demand
    book.serving[block, demand] += 1
    book.busy[block] += 1


@inner
def _count_free(book: Book, counts: Counts, rack_class: int, demand: int, t: int, powered: bool) -> None:
    """Count the racks of each segment that are free for a demand, powered or not."""
    for segment in range(book.class_segment[rack_class], book.class_segment[rack_class + 1]):
        book.suiting[segment] = 0
        for place in range(book.segment_place[segment], book.segment_place[segment + 1]):
            if book.powered[place] == powered:
                book.suiting[segment] += _may(book, counts, rack_class, place, demand, t) == _FREE


@inner
def _may(book: Book, counts: Counts, rack_class: int, place: int, demand: int, t: int) -> int:
    """Whether an idle rack returns to a demand, is free, or neither."""
    if book.serves[place] != NOBODY:
        return 0
    left = book.left[place]
    cools = t < book.ready[rack_class] if left < 0 else counts.cools_at[left, t]
    if book.last[place] == NOBODY or not cools:
        return _FREE
    return _RETURNS if book.last[place] == demand else 0


@inner
def _best(book: Book, rack_class: int, demand: int, missing: int) -> int:
    """The segment to take racks from: the demand's own blocks, then free ones that it fills, then shared ones."""
    best, least = -1, np.inf
    for segment in range(book.class_segment[rack_class], book.class_segment[rack_class + 1]):
        racks = book.suiting[segment]
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
    book: Book, counts: Counts, segment: int, rack_class: int, demand: int, t: int, powered: bool, missing: int
) -> int:
    """Let free racks of a segment serve a demand; how many."""
    given = 0
    for place in range(book.segment_place[segment], book.segment_place[segment + 1]):
        suits = book.powered[place] == powered and _may(book, counts, rack_class, place, demand, t) == _FREE
        if given < missing and suits:
            _serve(book, place, demand)
            given += 1
    book.suiting[segment] -= given
    return given


@inner
def _switch_off(book: Book, count: int, on: bool, rack_class: int) -> None:
    """Racks that were off stay off; of the others the last go first."""
    begin, end = _places(book, rack_class)
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
def _hold(book: Book, counts: Counts, rack_class: int, t: int) -> None:
    """A spare stays with its demand while the count allows."""
    begin, end = _places(book, rack_class)
    before = book.held_for[begin:end].copy()
    for place in range(begin, end):
        book.held_for[place] = NOBODY
    need = counts.hold[rack_class, :, t].copy()
    for stays in (True, False):
        for demand in range(len(need)):
            for place in range(begin, end):
                idle = book.serves[place] == NOBODY and not book.off[place] and book.held_for[place] == NOBODY
                if need[demand] > 0 and idle and (before[place - begin] == demand) == stays:
                    book.held_for[place] = demand
                    need[demand] -= 1
