"""Puts racks of a group into cells and takes them away, with a log to take it all back.

Moves are made in place and undone by playing the log backwards (the trail of backtracking search), which costs what was
changed and copies nothing. Random numbers are Marsaglia's xorshift: three shifts on one word of the records.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from capalloc.instance.model import Floats, Ints
from capalloc.kernels import inner, kernel
from capalloc.placement.core.load import fitting, stand
from capalloc.placement.core.records import Cell, Container, Entry, Group, Header, Member, Missing, Move, Slot

_FEW = 8
"""Cells of a container up to which all are looked at before anything is put there: with more, undoing is cheaper."""
ALL: Final = 1 << 40
"""So many cells in vain that none is left out."""


@inner
def random_below(m: Ints, below: int) -> int:
    """A random whole number below ``below``, itself below 2**31 (Marsaglia's xorshift, doi:10.18637/jss.v008.i14)."""
    x = np.uint64(m[Header.RANDOM])
    x ^= x << np.uint64(13)
    x ^= x >> np.uint64(7)
    x ^= x << np.uint64(17)
    m[Header.RANDOM] = np.int64(x)
    return (np.int64(x >> np.uint64(33)) * below) >> 31


@kernel
def put(m: Ints, w: Floats, group: int, cell: int, racks: int) -> None:
    """Put racks of a group into a cell, whether they fit or not."""
    stand(m, w, cell, group, racks)
    entry = m[group + Group.FIRST_ENTRY] + Entry.SIZE * m[group + Group.ENTRIES]
    slot = m[cell + Cell.SLOTS] + Slot.SIZE * m[cell + Cell.SLOTS_USED]
    m[group + Group.ENTRIES] += 1
    m[cell + Cell.SLOTS_USED] += 1
    m[entry + Entry.CELL], m[entry + Entry.RACKS], m[entry + Entry.SLOT] = cell, racks, slot
    m[slot + Slot.ENTRY], m[slot + Slot.GROUP] = entry, group
    m[group + Group.PLACED] += racks
    if m[group + Group.PLACED] == m[group + Group.RACKS] and m[group + Group.MISSING] != 0:
        m[Header.MISSING_END] -= 1
        slot, other = m[group + Group.MISSING], m[m[Header.MISSING_END] + Missing.GROUP]
        m[slot + Missing.GROUP], m[other + Group.MISSING] = other, slot
        m[group + Group.MISSING] = 0
    m[group + Group.STANDS_IN] = m[cell + Cell.CONTAINERS + m[group + Group.LEVEL]]
    note(m, group, cell, racks)


@inner
def take(m: Ints, w: Floats, group: int, entry: int) -> None:
    """Take an entry of a group away."""
    cell, racks, slot = m[entry + Entry.CELL], m[entry + Entry.RACKS], m[entry + Entry.SLOT]
    stand(m, w, cell, group, -racks)
    m[cell + Cell.SLOTS_USED] -= 1
    last = m[cell + Cell.SLOTS] + Slot.SIZE * m[cell + Cell.SLOTS_USED]
    m[slot + Slot.ENTRY], m[slot + Slot.GROUP] = m[last + Slot.ENTRY], m[last + Slot.GROUP]
    m[m[slot + Slot.ENTRY] + Entry.SLOT] = slot
    m[group + Group.ENTRIES] -= 1
    end = m[group + Group.FIRST_ENTRY] + Entry.SIZE * m[group + Group.ENTRIES]
    if entry != end:
        m[entry + Entry.CELL], m[entry + Entry.RACKS], m[entry + Entry.SLOT] = (
            m[end + Entry.CELL],
            m[end + Entry.RACKS],
            m[end + Entry.SLOT],
        )
        m[m[entry + Entry.SLOT] + Slot.ENTRY] = entry
    if m[group + Group.PLACED] == m[group + Group.RACKS]:
        m[m[Header.MISSING_END] + Missing.GROUP], m[group + Group.MISSING] = group, m[Header.MISSING_END]
        m[Header.MISSING_END] += 1
    m[group + Group.PLACED] -= racks
    if m[group + Group.ENTRIES] == 0:
        m[group + Group.STANDS_IN] = 0
    note(m, group, cell, -racks)


@inner
def note(m: Ints, group: int, cell: int, racks: int) -> None:
    """Log a change."""
    move = m[Header.LOG_END]
    m[move + Move.GROUP], m[move + Move.CELL], m[move + Move.RACKS] = group, cell, racks
    m[Header.LOG_END] = move + Move.SIZE


@kernel
def clear(m: Ints, w: Floats, group: int) -> None:
    """Take all of a group away."""
    while m[group + Group.ENTRIES] > 0:
        take(m, w, group, m[group + Group.FIRST_ENTRY] + Entry.SIZE * (m[group + Group.ENTRIES] - 1))


@kernel
def undo(m: Ints, w: Floats, mark: int) -> None:
    """Take back everything since the log ended at ``mark``."""
    while m[Header.LOG_END] > mark:
        move = m[Header.LOG_END] - Move.SIZE
        group, cell, racks = m[move + Move.GROUP], m[move + Move.CELL], m[move + Move.RACKS]
        if racks < 0:
            put(m, w, group, cell, -racks)
        else:
            entry = m[group + Group.FIRST_ENTRY] + Entry.SIZE * (m[group + Group.ENTRIES] - 1)
            while m[entry + Entry.CELL] != cell or m[entry + Entry.RACKS] != racks:
                entry -= Entry.SIZE
            take(m, w, group, entry)
        m[Header.LOG_END] = move


@kernel
def replay(source: Ints, m: Ints, w: Floats) -> None:
    """Put the racks of groups where those of the same number stand in other records, ``source``."""
    shift, cells = m[Header.GROUPS] - source[Header.GROUPS], m[Header.CELLS] - source[Header.CELLS]
    for group in range(source[Header.GROUPS], source[Header.GROUPS_END], Group.SIZE):
        for i in range(source[group + Group.ENTRIES]):
            entry = source[group + Group.FIRST_ENTRY] + Entry.SIZE * i
            m[Header.LOG_END] = m[Header.LOG]
            put(m, w, group + shift, source[entry + Entry.CELL] + cells, source[entry + Entry.RACKS])


@inner
def has_room(m: Ints, group: int, container: int) -> bool:
    """Whether a container has a free position, or as many as are missing where a part of the group is worth nothing."""
    free = m[container + Container.FREE]
    return free > 0 and (
        m[group + Group.ALL_OR_NOTHING] == 0 or free >= m[group + Group.RACKS] - m[group + Group.PLACED]
    )


@inner
def may_hold(m: Ints, w: Floats, group: int, container: int, missing: int) -> bool:
    """Whether the cells of a container, each for itself, hold what is missing of a group; if not, it does not fit."""
    if m[container + Container.FREE] < missing:
        return False
    for i in range(m[container + Container.CELLS], m[container + Container.CELLS_END]):
        missing -= fitting(m, w, m[i + Member.CELL], group, missing)
        if missing <= 0:
            return True
    return False


@inner
def share_of(m: Ints, container: int, cell: int, racks: int, left: int) -> int:
    """How many of the ``racks`` that fit into a cell to put there: drawn, where the other cells may take the rest."""
    least = max(0, left - (m[container + Container.FREE] - m[cell + Cell.FREE]))
    return least + random_below(m, racks - least + 1) if racks > least else racks


@kernel
def fill(m: Ints, w: Floats, group: int, container: int, first: int, varied: bool, misses: int) -> int:
    """Put what is missing of a group into a container, cell by cell from its ``first`` on; how many racks were put.

    ``varied`` draws how many go into a cell where the others may take the rest. After more than
    ``misses`` cells that took nothing the rest is given up. A group of all or nothing that does not fit is taken back.
    """
    whole, missing = m[group + Group.ALL_OR_NOTHING] != 0, m[group + Group.RACKS] - m[group + Group.PLACED]
    begin, cells = m[container + Container.CELLS], m[container + Container.CELLS_END] - m[container + Container.CELLS]
    if not has_room(m, group, container):
        return 0
    if whole and cells <= _FEW and not may_hold(m, w, group, container, missing):
        return 0
    mark, left = m[Header.LOG_END], missing
    for i in range(first, first + cells * (1 + varied)):
        cell = m[begin + i % cells + Member.CELL]
        racks = fitting(m, w, cell, group, left)
        if varied and racks > 1 and i - first < cells:
            racks = share_of(m, container, cell, racks, left)
        if racks > 0:
            put(m, w, group, cell, racks)
            left -= racks
        else:
            misses -= 1
        if left == 0 or misses < 0:
            break
    if whole and left > 0:
        undo(m, w, mark)
        return 0
    return missing - left
