"""From counts by class to racks by name, moving as few as possible.

Racks of a cell are interchangeable, so any choice of names keeps every rule of the counts. A rack stays with its
demand while the count allows; one that must arrive comes from the idle racks that are free of hand-over, those of
the same demand first, then powered ones, then by index.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import pairwise

import numpy as np

from capalloc.errors import InternalError
from capalloc.instance.classes import Reduction
from capalloc.instance.model import NOBODY, Bools, Ints
from capalloc.instance.roster import Roster


@dataclass(frozen=True, slots=True)
class _Cell:
    """The racks of a cell, n of them in order of index, while its periods are filled in order."""

    racks: Ints
    ready: int
    cools_at: Bools
    serves: Ints
    """(n,)"""
    last: Ints
    """(n,) the demand it served last; NOBODY for none."""
    left: Ints
    """(n,) period in which it left ``last``; -1: before the horizon."""
    off: Bools
    held_for: Ints
    """(n,) the demand that it is a spare for; NOBODY for none."""
    powered: Bools


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
    starts = _starts(serve, off, hold, on)
    for c, members in enumerate(_members(reduction, place, roster)):
        cell = _cell(reduction, c, members)
        borders = [*np.flatnonzero(starts[c]).tolist(), shape[1]]
        for first, end in pairwise(borders):
            _step_serving(cell, first, serve[c, :, first])
            _step_off(cell, int(off[c, first]), bool(on[c, first]))
            _step_hold(cell, hold[c, :, first])
            _record(cell, slice(first, end), roster)
    return roster


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


def _cell(reduction: Reduction, c: int, racks: Ints) -> _Cell:
    """The cell before the first period."""
    cells, count = reduction.cells, len(racks)
    return _Cell(
        racks,
        ready=int(cells.ready[c]),
        cools_at=reduction.instance.cools_at,
        serves=np.full(count, cells.held[c]),
        last=np.full(count, cells.last[c]),
        left=np.full(count, -1),
        off=np.zeros(count, dtype=bool),
        held_for=np.full(count, NOBODY),
        powered=np.full(count, cells.powered_before[c]),
    )


def _step_serving(cell: _Cell, t: int, need: Ints) -> None:
    have = np.bincount(cell.serves[cell.serves != NOBODY], minlength=len(need))
    for d in np.flatnonzero(have > need):
        leaves = np.flatnonzero(cell.serves == d)[need[d] :]
        cell.serves[leaves], cell.left[leaves] = NOBODY, t
    missing = np.maximum(need - have, 0)
    if not missing.any():
        return
    cooling = _cooling(cell, t)
    for returning in (True, False):  # first those that return to a demand, then those that have cooled
        for d in np.flatnonzero(missing):
            may = cooling & (cell.last == d) if returning else ~cooling
            free = np.flatnonzero(may & (cell.serves == NOBODY))
            takes = _preferred(free, cell.powered[free], missing[d])
            cell.serves[takes], cell.last[takes] = d, d
            missing[d] -= len(takes)
    if missing.any():
        raise InternalError("the counts of a class need more racks than are free of hand-over")


def _preferred(places: Ints, first: Bools, count: int) -> Ints:
    """The first ``count`` of some places in the cell, those that ``first`` (n,) marks before the others."""
    return np.concatenate((places[first], places[~first]))[:count]


def _cooling(cell: _Cell, t: int) -> Bools:
    """(n,) racks that may serve nobody but the demand they left."""
    hot = np.where(cell.left < 0, t < cell.ready, cell.cools_at[cell.left, t])
    return np.asarray(hot & (cell.last != NOBODY))


def _step_off(cell: _Cell, count: int, on_unless_off: bool) -> None:
    """Racks that were off stay off; of the others the last go first."""
    idle = np.flatnonzero(cell.serves == NOBODY)[::-1]
    goes = _preferred(idle, ~cell.powered[idle], count)
    cell.off[:], cell.powered[:] = False, (cell.serves != NOBODY) | on_unless_off
    cell.off[goes], cell.powered[goes] = True, False


def _step_hold(cell: _Cell, need: Ints) -> None:
    """A spare stays with its demand while the count allows."""
    before = cell.held_for.copy()
    cell.held_for[:] = NOBODY
    for d in np.flatnonzero(need):
        idle = np.flatnonzero((cell.serves == NOBODY) & ~cell.off & (cell.held_for == NOBODY))
        cell.held_for[_preferred(idle, before[idle] == d, need[d])] = d


def _record(cell: _Cell, periods: slice, roster: Roster) -> None:
    roster.serving[cell.racks, periods] = cell.serves[:, None]
    roster.off[cell.racks, periods] = cell.off[:, None]
    roster.buffer[cell.racks, periods] = cell.held_for[:, None]
