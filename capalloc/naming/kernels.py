"""Names racks period by period, greedily: few racks change hands, and fabric blocks stay whole.

The racks of a class are interchangeable, so any choice keeps every rule. Slots are the racks of all
classes, one class after the other, and inside a class block by block: a segment is one class's slots in one block.

In each period racks beyond a class's counts leave, then racks arrive, the missing are switched off and spares are held;
so within a class no more racks depart than its counts force. Which of them come and go is decided block by block, best
fit first: a demand goes on in its own blocks, then takes free blocks that it fills, then those that others share.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from capalloc.instance.model import NOBODY, Bools, Ints
from capalloc.kernels import inner, kernel


class State(NamedTuple):
    """Who does what at present; n slots, S segments, B blocks, D demands."""

    class_segment: Ints
    """(C + 1,) segments of each class, as slices."""
    segment_slot: Ints
    """(S + 1,) slots of each segment, as slices."""
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


class Targets(NamedTuple):
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
    """(n, T) each: what every slot does in every period."""

    serving: Ints
    off: Bools
    buffer: Ints


_RETURNS, _FREE = 1, 2
"""A rack that may return to a demand while it cools for all others, and one that may serve any."""
_FAR = 1 << 40


@kernel
def name_periods(state: State, targets: Targets, named: Named) -> int:
    """Fill in ``named``; racks that a class lacks because too many of its racks cool after a hand-over: 0."""
    classes, periods = targets.off.shape
    for t in range(periods):
        for rack_class in range(classes):
            if targets.starts[rack_class, t]:
                _leave(state, targets, rack_class, t)
        for rack_class in range(classes):
            if targets.starts[rack_class, t]:
                lacking = _arrive(state, targets, rack_class, t)
                if lacking > 0:
                    return lacking
                _switch_off(state, targets.off[rack_class, t], targets.on[rack_class, t], rack_class)
                _hold(state, targets, rack_class, t)
        for slot in range(len(state.serves)):
            named.serving[slot, t] = state.serves[slot]
            named.off[slot, t] = state.off[slot]
            named.buffer[slot, t] = state.held_for[slot]
    return 0


@inner
def _slots(state: State, rack_class: int) -> tuple[int, int]:
    """First and end of the slots of a class."""
    return state.segment_slot[state.class_segment[rack_class]], state.segment_slot[state.class_segment[rack_class + 1]]


@inner
def _have(state: State, rack_class: int, demand: int) -> int:
    begin, end = _slots(state, rack_class)
    have = 0
    for slot in range(begin, end):
        have += state.serves[slot] == demand
    return have


@inner
def _leave(state: State, targets: Targets, rack_class: int, t: int) -> None:
    """Racks beyond the counts leave: those in blocks where their demand has fewest."""
    for demand in range(targets.serve.shape[1]):
        surplus = _have(state, rack_class, demand) - targets.serve[rack_class, demand, t]
        if surplus <= 0:
            continue
        begin, end = state.class_segment[rack_class], state.class_segment[rack_class + 1]
        for segment in range(begin, end):
            state.suiting[segment] = 0
            for slot in range(state.segment_slot[segment], state.segment_slot[segment + 1]):
                state.suiting[segment] += state.serves[slot] == demand
        while surplus > 0:
            thinnest, fewest = -1, _FAR
            for segment in range(begin, end):
                there = state.serving[state.segment_block[segment], demand]
                if state.suiting[segment] > 0 and there <= fewest:
                    thinnest, fewest = segment, there
            surplus -= _take(state, thinnest, demand, t, surplus)


@inner
def _take(state: State, segment: int, demand: int, t: int, most: int) -> int:
    """Let up to ``most`` racks of a segment leave a demand, the last first; how many."""
    taken, block = 0, state.segment_block[segment]
    for slot in range(state.segment_slot[segment + 1] - 1, state.segment_slot[segment] - 1, -1):
        if taken < most and state.serves[slot] == demand:
            state.serves[slot], state.left[slot] = NOBODY, t
            taken += 1
    state.serving[block, demand] -= taken
    state.busy[block] -= taken
    state.suiting[segment] -= taken
    return taken


@inner
def _arrive(state: State, targets: Targets, rack_class: int, t: int) -> int:
    """Racks arrive: first those that return to a demand, then those that have cooled; powered ones first."""
    missing = np.zeros(targets.serve.shape[1], dtype=np.int64)
    for demand in range(len(missing)):
        missing[demand] = max(targets.serve[rack_class, demand, t] - _have(state, rack_class, demand), 0)
    for demand in range(len(missing)):
        missing[demand] -= _return(state, targets, rack_class, demand, t, missing[demand])
    for demand in range(len(missing)):
        for powered in (True, False):
            if missing[demand] > 0:
                _count_free(state, targets, rack_class, demand, t, powered)
            while missing[demand] > 0:
                segment = _best(state, rack_class, demand, missing[demand])
                if segment < 0:
                    break
                missing[demand] -= _give(state, targets, segment, rack_class, demand, t, powered, missing[demand])
    return missing.sum()


@inner
def _return(state: State, targets: Targets, rack_class: int, demand: int, t: int, missing: int) -> int:
    """Let up to ``missing`` racks that still cool return to their demand; how many.

    Those that left last return first, so that those that have cooled longest are free for others soonest; of those
    that left together, powered ones.
    """
    begin, end = _slots(state, rack_class)
    returned, before = 0, _FAR
    while returned < missing:
        latest = -_FAR
        for slot in range(begin, end):
            if latest < state.left[slot] < before and _may(state, targets, rack_class, slot, demand, t) == _RETURNS:
                latest = state.left[slot]
        if latest == -_FAR:
            break
        for powered in (True, False):
            for slot in range(begin, end):
                suits = state.left[slot] == latest and state.powered[slot] == powered
                if returned < missing and suits and _may(state, targets, rack_class, slot, demand, t) == _RETURNS:
                    _serve(state, slot, demand)
                    returned += 1
        before = latest
    return returned


@inner
def _serve(state: State, slot: int, demand: int) -> None:
    block = state.block[slot]
    state.serves[slot], state.last[slot] = demand, demand
    state.serving[block, demand] += 1
    state.busy[block] += 1


@inner
def _count_free(state: State, targets: Targets, rack_class: int, demand: int, t: int, powered: bool) -> None:
    """Count the racks of each segment that are free for a demand, powered or not."""
    for segment in range(state.class_segment[rack_class], state.class_segment[rack_class + 1]):
        state.suiting[segment] = 0
        for slot in range(state.segment_slot[segment], state.segment_slot[segment + 1]):
            if state.powered[slot] == powered:
                state.suiting[segment] += _may(state, targets, rack_class, slot, demand, t) == _FREE


@inner
def _may(state: State, targets: Targets, rack_class: int, slot: int, demand: int, t: int) -> int:
    """Whether an idle rack returns to a demand, is free, or neither."""
    if state.serves[slot] != NOBODY:
        return 0
    left = state.left[slot]
    cools = t < state.ready[rack_class] if left < 0 else targets.cools_at[left, t]
    if state.last[slot] == NOBODY or not cools:
        return _FREE
    return _RETURNS if state.last[slot] == demand else 0


@inner
def _best(state: State, rack_class: int, demand: int, missing: int) -> int:
    """The segment to take racks from: the demand's own blocks, then free ones that it fills, then shared ones."""
    best, least = -1, np.inf
    for segment in range(state.class_segment[rack_class], state.class_segment[rack_class + 1]):
        racks = state.suiting[segment]
        if racks == 0:
            continue
        own = state.serving[state.segment_block[segment], demand]
        others = state.busy[state.segment_block[segment]] - own
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
    state: State, targets: Targets, segment: int, rack_class: int, demand: int, t: int, powered: bool, missing: int
) -> int:
    """Let free racks of a segment serve a demand; how many."""
    given = 0
    for slot in range(state.segment_slot[segment], state.segment_slot[segment + 1]):
        suits = state.powered[slot] == powered and _may(state, targets, rack_class, slot, demand, t) == _FREE
        if given < missing and suits:
            _serve(state, slot, demand)
            given += 1
    state.suiting[segment] -= given
    return given


@inner
def _switch_off(state: State, count: int, on: bool, rack_class: int) -> None:
    """Racks that were off stay off; of the others the last go first."""
    begin, end = _slots(state, rack_class)
    for slot in range(begin, end):
        state.off[slot] = False
    for powered in (False, True):
        for slot in range(end - 1, begin - 1, -1):
            if count > 0 and state.serves[slot] == NOBODY and state.powered[slot] == powered and not state.off[slot]:
                state.off[slot] = True
                count -= 1
    for slot in range(begin, end):
        state.powered[slot] = not state.off[slot] and (state.serves[slot] != NOBODY or on)


@inner
def _hold(state: State, targets: Targets, rack_class: int, t: int) -> None:
    """A spare stays with its demand while the count allows."""
    begin, end = _slots(state, rack_class)
    before = state.held_for[begin:end].copy()
    for slot in range(begin, end):
        state.held_for[slot] = NOBODY
    need = targets.hold[rack_class, :, t].copy()
    for stays in (True, False):
        for demand in range(len(need)):
            for slot in range(begin, end):
                idle = state.serves[slot] == NOBODY and not state.off[slot] and state.held_for[slot] == NOBODY
                if need[demand] > 0 and idle and (before[slot - begin] == demand) == stays:
                    state.held_for[slot] = demand
                    need[demand] -= 1
