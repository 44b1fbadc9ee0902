"""From counts by class to racks by name, moving as few as possible and keeping fabric blocks whole.

Racks of a class are interchangeable, so any choice of names keeps every rule of the counts. A rack stays with its
demand while the count allows; which of a class come and go is chosen in :mod:`capalloc.naming.kernels`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from heapq import heappop, heappush

import numpy as np

from capalloc.errors import InternalError
from capalloc.instance.model import NOBODY, Bools, Ints
from capalloc.naming.kernels import Book, Counts, Named, name_periods
from capalloc.reduction.classes import RackClasses, Reduction
from capalloc.roster.roster import Roster


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
    on = reduction.classes.usable & instance.policy.idle_powered
    members = _members(reduction, place, roster)
    racks, book = _book(reduction, members, roster.position)
    named = Named(*(np.empty((len(racks), shape[1]), dtype=kind) for kind in (np.int64, bool, np.int64)))
    serve, hold, off = (np.ascontiguousarray(count, dtype=np.int64) for count in (serve, hold, off))
    counts = Counts(serve, hold, off, on, _starts(serve, off, hold, on), instance.cools_at.copy())
    if name_periods(book, counts, named) > 0:
        raise InternalError("the counts of a class need more racks than are free of hand-over")
    roster.serving[racks], roster.off[racks], roster.buffer[racks] = named
    return roster


def _book(reduction: Reduction, members: Sequence[Ints], position: Ints) -> tuple[Ints, Book]:
    """Racks in order of their places, and what they do before the first period."""
    classes, demands = reduction.classes, len(reduction.instance.demands)
    sizes = np.array([len(racks) for racks in members], dtype=np.int64)
    rack_class, racks = (
        np.repeat(np.arange(len(members)), sizes),
        np.concatenate((*members, np.zeros(0, dtype=np.int64))),
    )
    block = reduction.instance.positions.unit[position[racks]]
    order = np.lexsort((racks, block, rack_class))
    racks, block = racks[order], block[order]
    begins = np.flatnonzero(np.concatenate(([True], (np.diff(rack_class) != 0) | (np.diff(block) != 0))))[: len(racks)]
    return racks, _opened(classes, rack_class, block, begins.astype(np.int64), demands)


def _opened(classes: RackClasses, rack_class: Ints, block: Ints, begins: Ints, demands: int) -> Book:
    """The book before the first period; ``begins`` are the first places of the segments."""
    count = len(rack_class)
    book = Book(
        class_segment=np.searchsorted(rack_class[begins], np.arange(len(classes.racks) + 1)).astype(np.int64),
        segment_place=np.append(begins, count),
        segment_block=block[begins],
        block=block,
        ready=classes.ready.copy(),  # kernels are compiled for arrays that can be written into
        serves=classes.held[rack_class],
        last=classes.last[rack_class],
        left=np.full(count, -1),
        off=np.zeros(count, dtype=bool),
        held_for=np.full(count, NOBODY),
        powered=classes.powered_before[rack_class],
        serving=np.zeros((int(block.max(initial=-1)) + 1, demands), dtype=np.int64),
        busy=np.zeros(int(block.max(initial=-1)) + 1, dtype=np.int64),
        suiting=np.zeros(len(begins), dtype=np.int64),
    )
    holds = book.serves != NOBODY
    np.add.at(book.serving, (block[holds], book.serves[holds]), 1)
    np.add.at(book.busy, block[holds], 1)
    return book


def _starts(serve: Ints, off: Ints, hold: Ints, on: Bools) -> Bools:
    """(C, T) periods in which something about a class changes; in all others its racks do what they did before."""
    starts = np.ones(off.shape, dtype=bool)
    starts[:, 1:] = (off[:, 1:] != off[:, :-1]) | (on[:, 1:] != on[:, :-1])
    for counts in (serve, hold):
        starts[:, 1:] |= (counts[:, :, 1:] != counts[:, :, :-1]).any(axis=1)
    return starts


def _members(reduction: Reduction, place: Ints, roster: Roster) -> list[Ints]:
    """Racks of each class; deliveries are dealt out to their classes and get their positions."""
    classes = reduction.classes
    dealt: dict[int, int] = {}
    members: list[Ints] = []
    for c, racks in enumerate(classes.racks):
        group = int(classes.delivery[c])
        if group < 0:
            members.append(racks)
            continue
        begin = dealt.get(group, 0)
        dealt[group] = begin + int(place[c])
        members.append(racks[begin : begin + int(place[c])])
    for q in np.unique(classes.position_class[classes.delivery >= 0]):
        arrivals = sorted(_arrivals(reduction, members, int(q)))
        _give_positions(reduction.position_classes.members[q].tolist(), arrivals, roster)
    return members


def _arrivals(reduction: Reduction, members: list[Ints], q: int) -> Iterator[tuple[int, int, int]]:
    """(first period, rack, end) of the stays of the deliveries that a place class takes."""
    classes = reduction.classes
    for c in np.flatnonzero((classes.position_class == q) & (classes.delivery >= 0)):
        stay = np.flatnonzero(classes.stay[c])
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
