"""From counts by class to racks by name, moving as few as possible and keeping fabric blocks whole.

Racks of a class are interchangeable, so any choice of names keeps every rule of the counts. A rack stays with its
demand while the count allows; which of a class come and go is chosen in :mod:`capalloc.naming.periods`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from heapq import heappop, heappush

import numpy as np

from capalloc.errors import InternalError
from capalloc.instance.model import NOBODY, Bools, Ints
from capalloc.naming.periods import State, Targets, name_periods
from capalloc.naming.spares import steady_spares
from capalloc.reduction.classes import RackClasses, Reduction
from capalloc.reduction.counts import Counts
from capalloc.roster.roster import Roster


def name_racks(reduction: Reduction, counts: Counts) -> Roster:
    """Turn counts by class and period into a roster by rack and period.

    Raises InternalError where a class needs more racks than its hand-overs leave, or than its positions hold.
    """
    instance = reduction.instance
    shape = (len(instance.racks.names), len(instance.periods))
    roster = Roster(
        serving=np.full(shape, NOBODY),
        off=np.zeros(shape, dtype=bool),
        buffer=np.full(shape, NOBODY),
        position=instance.racks.position.copy(),
    )
    members = _members(reduction, counts.place, roster)
    racks, state = _state(reduction, members, roster.position)
    named = name_periods(state, _targets(reduction, counts))
    if named is None:
        raise InternalError("the counts of a class need more racks than are free of hand-over")
    roster.serving[racks], roster.off[racks], roster.buffer[racks] = named
    steady_spares(instance, roster)
    return roster


def _targets(reduction: Reduction, counts: Counts) -> Targets:
    serve, hold, off = counts.serve, counts.hold, counts.off
    on = reduction.classes.usable & reduction.instance.policy.idle_powered
    return Targets(serve, hold, off, on, _changes(serve, off, hold, on), reduction.instance.cools_at)


def _state(reduction: Reduction, members: Sequence[Ints], position: Ints) -> tuple[Ints, State]:
    """Racks in order of their slots, and what they do before the first period."""
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
    return racks, _opened(classes, rack_class, block, begins, demands)


def _opened(classes: RackClasses, rack_class: Ints, block: Ints, begins: Ints, demands: int) -> State:
    """The state before the first period; ``begins`` are the first slots of the segments."""
    count = len(rack_class)
    state = State(
        class_segment=np.searchsorted(rack_class[begins], np.arange(len(classes.racks) + 1)),
        segment_slot=np.append(begins, count),
        segment_block=block[begins],
        ready=classes.ready,
        serves=classes.held[rack_class],
        last=classes.last[rack_class],
        left=np.full(count, -1),
        off=np.zeros(count, dtype=bool),
        held_for=np.full(count, NOBODY),
        powered=classes.powered_before[rack_class],
        serving=np.zeros((int(block.max(initial=-1)) + 1, demands), dtype=np.int64),
    )
    holds = state.serves != NOBODY
    np.add.at(state.serving, (block[holds], state.serves[holds]), 1)
    return state


def _changes(serve: Ints, off: Ints, hold: Ints, on: Bools) -> Bools:
    """(C, T) periods in which something about a class changes; in all others its racks do what they did before."""
    starts = np.ones(off.shape, dtype=bool)
    starts[:, 1:] = (off[:, 1:] != off[:, :-1]) | (on[:, 1:] != on[:, :-1])
    for counts in (serve, hold):
        starts[:, 1:] |= (counts[:, :, 1:] != counts[:, :, :-1]).any(axis=1)
    return starts


def _members(reduction: Reduction, place: Ints, roster: Roster) -> list[Ints]:
    """Racks of each class; deliveries are divided among their classes in order and get their positions."""
    classes = reduction.classes
    divided: dict[int, int] = {}
    members: list[Ints] = []
    for c, racks in enumerate(classes.racks):
        group = int(classes.delivery[c])
        if group < 0:
            members.append(racks)
            continue
        begin = divided.get(group, 0)
        divided[group] = begin + int(place[c])
        members.append(racks[begin : begin + int(place[c])])
    for q in np.unique(classes.position_class[classes.delivery >= 0]):
        arrivals = sorted(_arrivals(reduction, members, int(q)))
        _give_positions(reduction.position_classes.members[q].tolist(), arrivals, roster)
    return members


def _arrivals(reduction: Reduction, members: list[Ints], q: int) -> Iterator[tuple[int, int, int]]:
    """(first period, rack, end) of the stays of the deliveries that a class of positions takes."""
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
            raise InternalError("more deliveries than positions in a class of positions")
        taken = heappop(free)
        heappush(busy, (end, taken))
        roster.position[r] = positions[taken]
