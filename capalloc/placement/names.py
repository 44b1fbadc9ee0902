"""From counts by class to racks by name, moving as few as possible and keeping fabric blocks whole.

Racks of a cell are interchangeable, so any choice of names keeps every rule of the counts. A rack stays with its
demand while the count allows; which of a cell come and go is chosen in :mod:`capalloc.placement.naming`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from heapq import heappop, heappush

import numpy as np

from capalloc.errors import InternalError
from capalloc.instance.classes import Cells, Reduction
from capalloc.instance.model import NOBODY, Bools, Ints
from capalloc.instance.roster import Roster
from capalloc.placement.naming import Book, Counts, Named, name_periods


def name_racks(reduction: Reduction, serve: Ints, off: Ints, hold: Ints, place: Ints) -> Roster:
    """Turn counts (shapes as in the planner's columns) into a roster."""
    instance = reduction.instance
    shape = (len(instance.racks.names), len(instance.periods))
    roster = Roster(
        serving=np.full(shape, NOBODY),
        off=np.zeros(shape, dtype=bool),
        buffer=np.full(shape, NOBODY),
        position=instance.racks.position.copy(),
    )
    on = reduction.cells.usable & (instance.scenario.policy.idle == "powered")
    members = _members(reduction, place, roster)
    racks, book = _book(reduction, members, roster.position)
    named = Named(*(np.empty((len(racks), shape[1]), dtype=kind) for kind in (np.int64, bool, np.int64)))
    serve, hold, off = (np.ascontiguousarray(count, dtype=np.int64) for count in (serve, hold, off))
    counts = Counts(serve, hold, off, on, _starts(serve, off, hold, on), instance.cools_at)
    if name_periods(book, counts, named) > 0:
        raise InternalError("the counts of a class need more racks than are free of hand-over")
    roster.serving[racks], roster.off[racks], roster.buffer[racks] = named
    return roster


def _book(reduction: Reduction, members: Sequence[Ints], position: Ints) -> tuple[Ints, Book]:
    """Racks in order of their places, and what they do before the first period."""
    cells, demands = reduction.cells, len(reduction.instance.demands)
    sizes = np.array([len(racks) for racks in members], dtype=np.int64)
    cell, racks = np.repeat(np.arange(len(members)), sizes), np.concatenate((*members, np.zeros(0, dtype=np.int64)))
    block = reduction.instance.positions.unit[position[racks]]
    order = np.lexsort((racks, block, cell))
    racks, block = racks[order], block[order]
    begins = np.flatnonzero(np.concatenate(([True], (np.diff(cell) != 0) | (np.diff(block) != 0))))[: len(racks)]
    return racks, _opened(cells, cell, block, begins.astype(np.int64), demands)


def _opened(cells: Cells, cell: Ints, block: Ints, begins: Ints, demands: int) -> Book:
    """The book before the first period; ``begins`` are the first places of the segments."""
    count = len(cell)
    book = Book(
        cell_segment=np.searchsorted(cell[begins], np.arange(len(cells.racks) + 1)).astype(np.int64),
        segment_place=np.append(begins, count),
        segment_block=block[begins],
        block=block,
        ready=cells.ready,
        serves=cells.held[cell],
        last=cells.last[cell],
        left=np.full(count, -1),
        off=np.zeros(count, dtype=bool),
        held_for=np.full(count, NOBODY),
        powered=cells.powered_before[cell],
        serving=np.zeros((int(block.max(initial=-1)) + 1, demands), dtype=np.int64),
        busy=np.zeros(int(block.max(initial=-1)) + 1, dtype=np.int64),
        suiting=np.zeros(len(begins), dtype=np.int64),
    )
    holds = book.serves != NOBODY
    np.add.at(book.serving, (block[holds], book.serves[holds]), 1)
    np.add.at(book.busy, block[holds], 1)
    return book


def _starts(serve: Ints, off: Ints, hold: Ints, on: Bools) -> Bools:
    """(C, T) periods in which something about a cell changes; in all others its racks do what they did before."""
    starts = np.ones(off.shape, dtype=bool)
    starts[:, 1:] = (off[:, 1:] != off[:, :-1]) | (on[:, 1:] != on[:, :-1])
    for counts in (serve, hold):
        starts[:, 1:] |= (counts[:, :, 1:] != counts[:, :, :-1]).any(axis=1)
    return starts


def _members(reduction: Reduction, place: Ints, roster: Roster) -> list[Ints]:
    """Racks of each cell; deliveries are dealt out to their cells and get their positions."""
    cells = reduction.cells
    dealt: dict[int, int] = {}
    members: list[Ints] = []
    for c, racks in enumerate(cells.racks):
        group = int(cells.delivery[c])
        if group < 0:
            members.append(racks)
            continue
        begin = dealt.get(group, 0)
        dealt[group] = begin + int(place[c])
        members.append(racks[begin : begin + int(place[c])])
    for q in np.unique(cells.place[cells.delivery >= 0]):
        arrivals = sorted(_arrivals(reduction, members, int(q)))
        _give_positions(reduction.places.members[q].tolist(), arrivals, roster)
    return members


def _arrivals(reduction: Reduction, members: list[Ints], q: int) -> Iterator[tuple[int, int, int]]:
    """(first period, rack, end) of the stays of the deliveries that a place class takes."""
    cells = reduction.cells
    for c in np.flatnonzero((cells.place == q) & (cells.delivery >= 0)):
        stay = np.flatnonzero(cells.stay[c])
        yield from ((int(stay[0]), r, int(stay[-1]) + 1) for r in members[c].tolist())


def _give_positions(positions: list[int], arrivals: list[tuple[int, int, int]], roster: Roster) -> None:
    """Stays are intervals: the first free position in order of arrival never runs out."""
    free, busy = list(range(len(positions))), list[tuple[int, int]]()
    for first, r, end in arrivals:
        while busy and busy[0][0] <= first:
            heappush(free, heappop(busy)[1])
        if not free:
            raise InternalError("more deliveries than positions in a place class")
        taken = heappop(free)
        heappush(busy, (end, taken))
        roster.position[r] = positions[taken]
