"""Neighbourhood of a placement: one group moved or let in, others put out for it, or a cell emptied and filled again.

A step of the search is one of three moves, each proposed in place and undone by its log when it is turned down:

- relocate a group to a container that is drawn, or deal it out anew to the cells of its own;
- insert a group of which racks are missing; where it does not fit, an ejection chain: up to three groups are put out
  one by one until it fits, and each then looks for another place (Glover, Ejection chains, reference structures and
  alternating path methods for traveling salesman problems, Discrete Applied Mathematics 65, 1996,
  doi:10.1016/0166-218X(94)00037-E);
- ruin and recreate: take a group or two out of a cell and fill the space with groups of which racks are missing
  (Schrimpf, Schneider, Stamm-Wilbrandt and Dueck, Record breaking optimization results using the ruin and recreate
  principle, Journal of Computational Physics 159, 2000, doi:10.1006/jcph.1999.6413).

Racks go only where they fit, so whatever stands after a step keeps every rule; what may change is its worth.
"""

from __future__ import annotations

from typing import Final

from capalloc.instance.model import Floats, Ints
from capalloc.kernels import inner
from capalloc.placement.core.moves import clear, fill, has_room, random_below, take
from capalloc.placement.core.records import (
    Cell,
    Container,
    Entry,
    Group,
    Header,
    Member,
    Missing,
    Slot,
    Worth,
)
from capalloc.placement.problem.layout import ANYWHERE

PUT_OUT: Final = 3
"""Most groups that are put out for another."""
PERCENT: Final = 100
_TRIES = 6
"""Containers that are tried for a group that was put out, and groups for a cell that was emptied."""
_MISSES = 24
"""Cells in vain before a container is given up."""
_MISSES_OF_PARTS = 4
"""The same where a part of the group has a place already, or may have one."""
_MISSING = 60
"""Percent of the steps that ask for a group of which racks are missing."""
_SAME = 20
"""Percent of the moves of a placed group that leave it in its container, dealt out to other cells."""


@inner
def worth(m: Ints, w: Floats, group: int) -> float:
    """What the placed racks of a group are worth."""
    value = w[group + Worth.GAIN] * m[group + Group.PLACED]
    return value + w[group + Worth.BONUS] if m[group + Group.PLACED] == m[group + Group.RACKS] else value


@inner
def priced_worth(m: Ints, w: Floats, group: int) -> float:
    """The same less the price of what they take of what is scarce: what the search climbs by."""
    return worth(m, w, group) - w[group + Worth.COST] * m[group + Group.PLACED]


@inner
def drawn_container(m: Ints, group: int) -> int:
    """A container that a group may stand in, drawn."""
    if m[group + Group.HOME] != 0:
        return m[group + Group.HOME]
    level = Header.LEVELS + 2 * m[group + Group.LEVEL]
    return m[level] + Container.SIZE * random_below(m, m[level + 1]) if m[level + 1] > 0 else 0


@inner
def fill_from_any_cell(m: Ints, w: Floats, group: int, container: int) -> int:
    """Put what is missing of a group into a container, beginning at a cell that is drawn; how many racks were put."""
    if container == 0 or not has_room(m, group, container):
        return 0
    first = random_below(m, m[container + Container.CELLS_END] - m[container + Container.CELLS])
    return fill(m, w, group, container, first, True, _MISSES if m[group + Group.ALL_OR_NOTHING] else _MISSES_OF_PARTS)


@inner
def take_out(m: Ints, w: Floats, group: int, entry: int) -> None:
    """Take a group away; of one that nothing keeps together and that may be split, one entry."""
    if m[group + Group.LEVEL] == ANYWHERE and not m[group + Group.ALL_OR_NOTHING]:
        take(m, w, group, entry)
    else:
        clear(m, w, group)


@inner
def random_group(m: Ints) -> int:
    """A group, drawn; now and then one of which racks are missing."""
    waiting = m[Header.MISSING_END] - m[Header.MISSING]
    if waiting > 0 and random_below(m, PERCENT) < _MISSING:
        return m[m[Header.MISSING] + Missing.SIZE * random_below(m, waiting) + Missing.GROUP]
    return m[Header.GROUPS] + Group.SIZE * random_below(m, (m[Header.GROUPS_END] - m[Header.GROUPS]) // Group.SIZE)


@inner
def add_worth(m: Ints, w: Floats, group: int, sign: float, changes: Floats) -> None:
    """Add what a group is worth, and its priced worth, to the changes."""
    changes[0] += sign * worth(m, w, group)
    changes[1] += sign * priced_worth(m, w, group)


@inner
def put_out(m: Ints, w: Floats, slot: int, changes: Floats) -> int:
    """Take the group of a slot out of its cell, or its only entry there where it may be split; which it is."""
    group = m[slot + Slot.GROUP]
    add_worth(m, w, group, -1.0, changes)
    take_out(m, w, group, m[slot + Slot.ENTRY])
    add_worth(m, w, group, 1.0, changes)
    return group


@inner
def eject(m: Ints, w: Floats, group: int, container: int, out: Ints, changes: Floats) -> int:
    """Put groups out of a container until another fits; how many were put out, 0 where that does not help."""
    cells = m[container + Container.CELLS_END] - m[container + Container.CELLS]
    outs = 0
    for _ in range(PUT_OUT + 2):
        first = random_below(m, cells)
        cell = m[m[container + Container.CELLS] + Member.SIZE * first + Member.CELL]
        if m[cell + Cell.SLOTS_USED] == 0:
            continue
        slot = m[cell + Cell.SLOTS] + Slot.SIZE * random_below(m, m[cell + Cell.SLOTS_USED])
        if m[slot + Slot.GROUP] == group:
            continue
        out[outs] = put_out(m, w, slot, changes)
        outs += 1
        if fill(m, w, group, container, first, True, _MISSES if m[group + Group.ALL_OR_NOTHING] else 0) > 0:
            return outs
        if outs == PUT_OUT:
            break
    return 0


@inner
def find_another_place(m: Ints, w: Floats, group: int, changes: Floats) -> None:
    """Try a few containers for a group that was put out."""
    add_worth(m, w, group, -1.0, changes)
    for _ in range(_TRIES):
        container = m[group + Group.STANDS_IN]
        if container == 0:
            container = drawn_container(m, group)
        if fill_from_any_cell(m, w, group, container) > 0:
            break
    add_worth(m, w, group, 1.0, changes)


@inner
def propose(m: Ints, w: Floats, group: int, out: Ints, changes: Floats) -> bool:
    """Move or insert a group; whether anything moved. ``changes`` becomes what worth and priced worth grow by."""
    changes[0], changes[1] = -worth(m, w, group), -priced_worth(m, w, group)
    stands, complete = m[group + Group.STANDS_IN], m[group + Group.PLACED] == m[group + Group.RACKS]
    container, outs = stands, 0
    moves = stands != 0 and (complete or random_below(m, 2) == 0)
    if stands == 0 or (moves and random_below(m, PERCENT) >= _SAME):
        container = drawn_container(m, group)
    if moves:
        free = m[container + Container.FREE]
        if m[group + Group.ALL_OR_NOTHING] and container != stands and free < m[group + Group.RACKS]:
            return False
        last = m[group + Group.FIRST_ENTRY] + Entry.SIZE * random_below(m, m[group + Group.ENTRIES])
        take_out(m, w, group, last)
    got = fill_from_any_cell(m, w, group, container)
    if got == 0 and not moves and container != 0:
        outs = eject(m, w, group, container, out, changes)
        got = outs
    if got == 0:
        return False
    add_worth(m, w, group, 1.0, changes)
    for i in range(outs):
        find_another_place(m, w, out[i], changes)
    return True


@inner
def ruin_and_recreate(m: Ints, w: Floats, changes: Floats) -> bool:
    """Take a group or two out of a cell and put others into the space; whether anything was taken."""
    cell = m[Header.CELLS] + Cell.SIZE * random_below(m, (m[Header.CELLS_END] - m[Header.CELLS]) // Cell.SIZE)
    if m[cell + Cell.SLOTS_USED] == 0:
        return False
    changes[0] = changes[1] = 0.0
    for _ in range(1 + random_below(m, 2)):
        if m[cell + Cell.SLOTS_USED] > 0:
            put_out(m, w, m[cell + Cell.SLOTS] + Slot.SIZE * random_below(m, m[cell + Cell.SLOTS_USED]), changes)
    for _ in range(_TRIES):
        waiting = m[Header.MISSING_END] - m[Header.MISSING]
        if waiting == 0 or m[cell + Cell.FREE] == 0:
            break
        group = m[m[Header.MISSING] + Missing.SIZE * random_below(m, waiting) + Missing.GROUP]
        container = m[cell + Cell.CONTAINERS + m[group + Group.LEVEL]]
        stays = m[group + Group.STANDS_IN] if m[group + Group.STANDS_IN] != 0 else m[group + Group.HOME]
        if container == 0 or stays not in (0, container):
            continue
        add_worth(m, w, group, -1.0, changes)
        first = m[cell + Cell.RANKS + m[group + Group.LEVEL]]
        fill(m, w, group, container, first, True, _MISSES if m[group + Group.ALL_OR_NOTHING] else 0)
        add_worth(m, w, group, 1.0, changes)
    return True
