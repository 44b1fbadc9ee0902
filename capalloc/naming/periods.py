"""Names racks period by period, greedily: few racks change hands, and fabric blocks stay whole.

The racks of a class are interchangeable, so any choice keeps every rule. Slots are the racks of all
classes, one class after the other, and inside a class block by block: a segment is one class's slots in one block.

In each period racks beyond a class's counts leave, then racks arrive, the missing are switched off and spares are held;
so within a class no more racks depart than its counts force. Which of them come and go is decided block by block, best
fit first: a demand goes on in its own blocks, then takes free blocks that it fills, then those that others share.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from capalloc.instance.model import NOBODY, Bools, Ints


@dataclass(frozen=True, slots=True)
class State:
    """Who does what at present; n slots, S segments, B blocks, D demands. All but the first four change."""

    class_segment: Ints
    """(C + 1,) segments of each class, as slices."""
    segment_slot: Ints
    """(S + 1,) slots of each segment, as slices."""
    segment_block: Ints
    """(S,)"""
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


@dataclass(frozen=True, slots=True)
class Targets:
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


_OWN, _FREE, _SHARED = range(3)
"""Blocks in which a demand is alone, nobody is, and others are."""


class Named(NamedTuple):
    """(n, T) each: what every slot does in every period."""

    serving: Ints
    off: Bools
    buffer: Ints


def name_periods(state: State, targets: Targets) -> Named | None:
    """What every slot does; None where too many racks of a class cool after a hand-over to meet its counts."""
    shape = targets.off.shape[1], len(state.serves)
    named = Named(np.empty(shape, dtype=np.int64), np.empty(shape, dtype=bool), np.empty(shape, dtype=np.int64))
    classes = [_Class(state, targets, rack_class) for rack_class in range(len(targets.off))]
    for t in range(shape[0]):
        starting = [classes[rack_class] for rack_class in np.flatnonzero(targets.starts[:, t])]
        for one in starting:
            one.leave(t)
        for one in starting:
            if not one.arrive(t):
                return None
            one.switch_off(t)
            one.hold(t)
        named.serving[t], named.off[t], named.buffer[t] = state.serves, state.off, state.held_for
    return Named(named.serving.T, named.off.T, named.buffer.T)


class _Class:
    """The slots of a class, as views of the state."""

    def __init__(self, state: State, targets: Targets, rack_class: int) -> None:
        segments = slice(state.class_segment[rack_class], state.class_segment[rack_class + 1])
        begins = state.segment_slot[segments.start : segments.stop + 1]
        slots = slice(begins[0], begins[-1])
        self.serves, self.last, self.left = state.serves[slots], state.last[slots], state.left[slots]
        self.off, self.powered, self.held_for = state.off[slots], state.powered[slots], state.held_for[slots]
        self.ready, self.serving, self.block = state.ready[rack_class], state.serving, state.segment_block[segments]
        self.segment = np.repeat(np.arange(len(self.block)), np.diff(begins))
        self.serve, self.spare = targets.serve[rack_class], targets.hold[rack_class]
        self.dark, self.on, self.cools_at = targets.off[rack_class], targets.on[rack_class], targets.cools_at

    def leave(self, t: int) -> None:
        """Racks beyond the counts leave: those in blocks where their demand has fewest, of a block the last first."""
        surplus = self._have() - self.serve[:, t]
        for demand in np.flatnonzero(surplus > 0).tolist():
            there = np.flatnonzero(self.serves == demand)
            segment = self.segment[there]
            leaving = there[np.lexsort((-there, self.serving[self.block[segment], demand]))][: surplus[demand]]
            self.serves[leaving], self.left[leaving] = NOBODY, t
            self._count(leaving, demand, -1)

    def arrive(self, t: int) -> bool:
        """Racks arrive: first those that return to a demand, then those that have cooled. Whether none is missing."""
        missing = self.serve[:, t] - self._have()
        lacking = np.flatnonzero(missing > 0).tolist()
        if not lacking:
            return True
        cools = (self.last != NOBODY) & np.where(self.left < 0, t < self.ready, self.cools_at[self.left, t])
        for demand in lacking:
            missing[demand] -= self._return(cools, demand, missing[demand])
        for demand in lacking:
            for powered in (True, False):
                if missing[demand] > 0:
                    missing[demand] -= self._fetch(~cools & (self.powered == powered), demand, missing[demand])
        return not missing.any()

    def _have(self) -> Ints:
        """(D,) racks that serve each demand."""
        return np.bincount(self.serves + 1, minlength=len(self.serve) + 1)[1:]

    def _count(self, slots: Ints, demand: int, change: int) -> None:
        np.add.at(self.serving[:, demand], self.block[self.segment[slots]], change)

    def _take(self, slots: Ints, demand: int) -> None:
        self.serves[slots] = self.last[slots] = demand
        self._count(slots, demand, 1)

    def _return(self, cools: Bools, demand: int, missing: int) -> int:
        """Let up to ``missing`` racks that still cool return to their demand; how many.

        Those that left last return first, so that those that have cooled longest are free for others soonest; of those
        that left together, powered ones.
        """
        may = np.flatnonzero(cools & (self.serves == NOBODY) & (self.last == demand))
        if not len(may):
            return 0
        returned = may[np.lexsort((~self.powered[may], -self.left[may]))][:missing]
        self._take(returned, demand)
        return len(returned)

    def _fetch(self, suits: Bools, demand: int, missing: int) -> int:
        """Let up to ``missing`` racks that are free serve a demand, the first of each segment; how many."""
        free = np.flatnonzero(suits & (self.serves == NOBODY))
        if not len(free):
            return 0
        segment = self.segment[free]
        racks = np.bincount(segment, minlength=len(self.block))
        place_in_segment = np.arange(len(free)) - (np.cumsum(racks) - racks)[segment]
        chosen = free[place_in_segment < self._shared_out(racks, demand, missing)[segment]]
        self._take(chosen, demand)
        return len(chosen)

    def _shared_out(self, racks: Ints, demand: int, missing: int) -> Ints:
        """How many of the free ``racks`` of each segment a demand takes that lacks so many.

        From its own blocks, the fullest first; from free ones that it fills, the largest first; from shared ones, and
        in the end from the smallest free one.
        """
        own = self.serving[self.block, demand]
        others = self.serving[self.block].sum(axis=1) - own
        rank = np.where(others > 0, _SHARED, np.where(own > 0, _OWN, _FREE))
        among = np.choose(rank, (-own, -racks, others - own))
        some = np.flatnonzero(racks)
        taken, too_large = np.zeros(len(racks), dtype=np.int64), list[tuple[int, int]]()
        order = some[np.lexsort((among[some], rank[some]))]
        for segment, free, kind in zip(order.tolist(), racks[order].tolist(), rank[order].tolist(), strict=True):
            if missing == 0:
                return taken
            if kind == _FREE and free > missing:
                too_large.append((free, segment))
                continue
            taken[segment] = min(free, missing)
            missing -= min(free, missing)
        if too_large:
            taken[min(too_large)[1]] = missing
        return taken

    def switch_off(self, t: int) -> None:
        """Racks that were off stay off; of the others the last go first."""
        idle = np.flatnonzero(self.serves == NOBODY)
        self.off[:] = False
        self.off[idle[np.lexsort((-idle, self.powered[idle]))][: self.dark[t]]] = True
        self.powered[:] = ~self.off & ((self.serves != NOBODY) | self.on[t])

    def hold(self, t: int) -> None:
        """A spare stays with its demand while the count allows."""
        before = self.held_for.copy()
        self.held_for[:] = NOBODY
        need = self.spare[:, t].copy()
        for stays in (True, False):
            for demand in np.flatnonzero(need).tolist():
                idle = (self.serves == NOBODY) & ~self.off & (self.held_for == NOBODY)
                held = np.flatnonzero(idle & ((before == demand) == stays))[: need[demand]]
                self.held_for[held] = demand
                need[demand] -= len(held)
