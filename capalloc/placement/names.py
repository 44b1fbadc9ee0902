"""From counts by class to racks by name, moving as few as possible.

Racks of a cell are interchangeable, so any choice of names keeps every rule of the counts. A rack stays with its
demand while the count allows; one that must arrive comes from the idle racks that are free of hand-over, those of
the same demand first, then powered ones, then by index.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from capalloc.errors import InternalError
from capalloc.instance.classes import Reduction
from capalloc.instance.model import NOBODY, Bools, Ints
from capalloc.instance.roster import Roster


@dataclass(slots=True)
class _Rack:
    """One rack of a cell while its periods are filled in order."""

    number: int
    serves: int
    last: int
    """The demand it served last; NOBODY for none."""
    left: int = -1
    """Period in which it left ``last``; -1: before the horizon."""
    off: bool = False
    held_for: int = NOBODY
    powered: bool = True


@dataclass(slots=True)
class _Cell:
    racks: list[_Rack]
    ready: int
    cools_at: Bools


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
    for c, members in enumerate(_members(reduction, place, roster)):
        _fill_cell(reduction, c, members, roster, (serve[c], off[c], hold[c]))
    return roster


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
    _give_positions(reduction, members, roster)
    return members


def _give_positions(reduction: Reduction, members: list[Ints], roster: Roster) -> None:
    """Stays of a place class are intervals: first free position in order of arrival never runs out."""
    cells = reduction.cells
    for q in np.unique(cells.place[cells.delivery >= 0]):
        stays = [(c, r) for c in np.flatnonzero((cells.place == q) & (cells.delivery >= 0)) for r in members[c]]
        stays.sort(key=lambda item: (int(np.argmax(cells.stay[item[0]])), item[1]))
        busy: dict[int, Bools] = {}
        for c, r in stays:
            roster.position[r] = _first_free(reduction.places.members[q], cells.stay[c], busy)


def _first_free(positions: Ints, stay: Bools, busy: dict[int, Bools]) -> int:
    for p in positions:
        taken = busy.get(int(p))
        if taken is None or not (taken & stay).any():
            busy[int(p)] = stay if taken is None else taken | stay
            return int(p)
    raise InternalError("more deliveries than positions in a place class")


def _fill_cell(reduction: Reduction, c: int, members: Ints, roster: Roster, counts: tuple[Ints, Ints, Ints]) -> None:
    cells = reduction.cells
    start = int(cells.held[c]), int(cells.last[c]), bool(cells.powered_before[c])
    racks = [_Rack(int(r), serves=start[0], last=start[1], powered=start[2]) for r in members]
    cell = _Cell(racks, int(cells.ready[c]), reduction.instance.cools_at)
    always_on = reduction.instance.scenario.policy.idle == "powered"
    serve, off, hold = counts
    for t in range(serve.shape[1]):
        if t == 0 or (serve[:, t] != serve[:, t - 1]).any():
            _step_serving(cell, t, serve[:, t])
        _step_off(cell, int(off[t]), always_on and bool(cells.usable[c, t]))
        _step_hold(cell, hold[:, t])
        _record(cell, t, roster)


def _step_serving(cell: _Cell, t: int, need: Ints) -> None:
    arrivals: list[tuple[int, int]] = []
    for d, wanted in enumerate(need):
        now = [rack for rack in cell.racks if rack.serves == d]
        for rack in now[int(wanted) :]:
            rack.serves, rack.left = NOBODY, t
        arrivals.append((d, int(wanted) - min(len(now), int(wanted))))
    for returning in (True, False):
        for i, (d, missing) in enumerate(arrivals):
            free = [rack for rack in cell.racks if rack.serves == NOBODY and _may_take(cell, rack, d, t, returning)]
            free.sort(key=lambda rack: (not rack.powered, rack.number))
            for rack in free[:missing]:
                rack.serves, rack.last = d, d
            arrivals[i] = (d, missing - min(missing, len(free)))
    if any(missing for _, missing in arrivals):
        raise InternalError("the counts of a class need more racks than are free of hand-over")


def _may_take(cell: _Cell, rack: _Rack, d: int, t: int, returning: bool) -> bool:
    """Whether a free rack can take the demand: first those that return to it, then those that have cooled."""
    if returning:
        return rack.last == d and _cooling(cell, rack, t)
    return not _cooling(cell, rack, t)


def _cooling(cell: _Cell, rack: _Rack, t: int) -> bool:
    if rack.last == NOBODY:
        return False
    return t < cell.ready if rack.left < 0 else bool(cell.cools_at[rack.left, t])


def _step_off(cell: _Cell, count: int, on_unless_off: bool) -> None:
    idle = [rack for rack in cell.racks if rack.serves == NOBODY]
    idle.sort(key=lambda rack: (rack.powered, -rack.number))
    for rack in cell.racks:
        rack.off, rack.powered = False, rack.serves != NOBODY or on_unless_off
    for rack in idle[:count]:
        rack.off, rack.powered = True, False


def _step_hold(cell: _Cell, need: Ints) -> None:
    idle = [rack for rack in cell.racks if rack.serves == NOBODY and not rack.off]
    before = {rack.number: rack.held_for for rack in cell.racks}
    for rack in cell.racks:
        rack.held_for = NOBODY
    for d, wanted in enumerate(need):
        spare = [rack for rack in idle if rack.held_for == NOBODY]
        spare.sort(key=lambda rack: (before[rack.number] != d, rack.number))
        for rack in spare[: int(wanted)]:
            rack.held_for = d


def _record(cell: _Cell, t: int, roster: Roster) -> None:
    for rack in cell.racks:
        roster.serving[rack.number, t] = rack.serves
        roster.off[rack.number, t] = rack.off
        roster.buffer[rack.number, t] = rack.held_for
