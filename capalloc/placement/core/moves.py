"""Puts racks of a group into cells and takes them away, with a log to take it all back."""

from __future__ import annotations

import numpy as np

from capalloc.instance.model import Ints
from capalloc.kernels import inner, kernel
from capalloc.placement.core.load import fitting, stand
from capalloc.placement.core.records import (
    AT,
    CELLS,
    COUNT,
    ENTRIES,
    ENTRY,
    FIRST,
    FREE,
    GROUP,
    GROUPS,
    GROUPS_END,
    HEAT,
    INSIDE,
    LIST,
    LISTED,
    LOG,
    LOGGED,
    LOGGED_MOVE,
    MISSING_END,
    PLACED,
    POWER,
    RACKS,
    RANDOM,
    ROOM,
    SLOT,
    SLOTTED,
    STANDS,
    TOGETHER,
    WAITS,
    WHOLE,
    WITHIN,
    WITHIN_END,
)
from capalloc.placement.problem.layout import Floats

_FEW = 8
"""Cells of a container that are looked at before anything is put there."""


@inner
def drawn(m: Ints, below: int) -> int:
    """A random whole number below ``below``, itself below 2**31 (Marsaglia's xorshift, doi:10.18637/jss.v008.i14)."""
    x = np.uint64(m[RANDOM])
    x ^= x << np.uint64(13)
    x ^= x >> np.uint64(7)
    x ^= x << np.uint64(17)
    m[RANDOM] = np.int64(x)
    return (np.int64(x >> np.uint64(33)) * below) >> 31


@kernel
def put(m: Ints, w: Floats, group: int, cell: int, racks: int) -> None:
    """Put racks of a group into a cell where they fit."""
    stand(m, w, cell, m[group + POWER], m[group + HEAT], racks)
    entry = m[group + FIRST] + ENTRY * m[group + ENTRIES]
    slot = m[cell + LIST] + SLOTTED * m[cell + LISTED]
    m[group + ENTRIES] += 1
    m[cell + LISTED] += 1
    m[entry + AT], m[entry + COUNT], m[entry + SLOT] = cell, racks, slot
    m[slot], m[slot + 1] = entry, group
    m[group + PLACED] += racks
    if m[group + PLACED] == m[group + RACKS] and m[group + WAITS] != 0:
        m[MISSING_END] -= 1
        slot, other = m[group + WAITS], m[m[MISSING_END]]
        m[slot], m[other + WAITS] = other, slot
        m[group + WAITS] = 0
    m[group + STANDS] = m[cell + INSIDE + m[group + TOGETHER]]
    note(m, group, cell, racks)


@inner
def take(m: Ints, w: Floats, group: int, entry: int) -> None:
    """Take an entry of a group away."""
    cell, racks, slot = m[entry + AT], m[entry + COUNT], m[entry + SLOT]
    stand(m, w, cell, m[group + POWER], m[group + HEAT], -racks)
    m[cell + LISTED] -= 1
    last = m[cell + LIST] + SLOTTED * m[cell + LISTED]
    m[slot], m[slot + 1] = m[last], m[last + 1]
    m[m[slot] + SLOT] = slot
    m[group + ENTRIES] -= 1
    end = m[group + FIRST] + ENTRY * m[group + ENTRIES]
    if entry != end:
        m[entry + AT], m[entry + COUNT], m[entry + SLOT] = m[end + AT], m[end + COUNT], m[end + SLOT]
        m[m[entry + SLOT]] = entry
    if m[group + PLACED] == m[group + RACKS]:
        m[m[MISSING_END]], m[group + WAITS] = group, m[MISSING_END]
        m[MISSING_END] += 1
    m[group + PLACED] -= racks
    if m[group + ENTRIES] == 0:
        m[group + STANDS] = 0
    note(m, group, cell, -racks)


@inner
def note(m: Ints, group: int, cell: int, racks: int) -> None:
    """Log a change."""
    log = m[LOGGED]
    m[log], m[log + 1], m[log + 2] = group, cell, racks
    m[LOGGED] = log + LOGGED_MOVE


@kernel
def clear(m: Ints, w: Floats, group: int) -> None:
    """Take all of a group away."""
    while m[group + ENTRIES] > 0:
        take(m, w, group, m[group + FIRST] + ENTRY * (m[group + ENTRIES] - 1))


@kernel
def undo(m: Ints, w: Floats, mark: int) -> None:
    """Take back everything since the log ended at ``mark``."""
    while m[LOGGED] > mark:
        log = m[LOGGED] - LOGGED_MOVE
        group, cell, racks = m[log], m[log + 1], m[log + 2]
        if racks < 0:
            put(m, w, group, cell, -racks)
        else:
            entry = m[group + FIRST] + ENTRY * (m[group + ENTRIES] - 1)
            while m[entry + AT] != cell or m[entry + COUNT] != racks:
                entry -= ENTRY
            take(m, w, group, entry)
        m[LOGGED] = log


@kernel
def replay(source: Ints, groups: int, m: Ints, w: Floats) -> None:
    """Put the racks of groups where they stand in other records, whose groups begin at ``groups``."""
    shift, cells = m[GROUPS] - groups, m[CELLS] - source[CELLS]
    for group in range(source[GROUPS], source[GROUPS_END], GROUP):
        for i in range(source[group + ENTRIES]):
            entry = source[group + FIRST] + ENTRY * i
            m[LOGGED] = m[LOG]
            put(m, w, group + shift, source[entry + AT] + cells, source[entry + COUNT])


@inner
def may_hold(m: Ints, w: Floats, group: int, container: int, missing: int) -> bool:
    """Whether the cells of a container, each for itself, hold what is missing of a group; if not, it does not fit."""
    if m[container + ROOM] < missing:
        return False
    for i in range(m[container + WITHIN], m[container + WITHIN_END]):
        missing -= fitting(m, w, m[i], m[group + POWER], m[group + HEAT], missing)
        if missing <= 0:
            return True
    return False


@inner
def share_of(m: Ints, container: int, cell: int, racks: int, left: int) -> int:
    """How many of the ``racks`` that fit into a cell to put there: drawn, where the other cells may take the rest."""
    least = max(0, left - (m[container + ROOM] - m[cell + FREE]))
    return least + drawn(m, racks - least + 1) if racks > least else racks


@kernel
def fill(m: Ints, w: Floats, group: int, container: int, first: int, varied: bool, patience: int) -> int:
    """Put what is missing of a group into a container, cell by cell from its ``first`` on; how many racks were put.

    ``varied`` draws how many go into a cell where the others may take the rest. After ``patience`` cells that took
    nothing the rest is given up. A whole group that does not fit is taken back.
    """
    whole, missing = m[group + WHOLE] != 0, m[group + RACKS] - m[group + PLACED]
    begin, cells = m[container + WITHIN], m[container + WITHIN_END] - m[container + WITHIN]
    if m[container + ROOM] == 0 or (whole and m[container + ROOM] < missing):
        return 0
    if whole and cells <= _FEW and not may_hold(m, w, group, container, missing):
        return 0
    mark, left = m[LOGGED], missing
    for i in range(first, first + cells * (1 + varied)):
        cell = m[begin + i % cells]
        racks = fitting(m, w, cell, m[group + POWER], m[group + HEAT], left)
        if varied and racks > 1 and i - first < cells:
            racks = share_of(m, container, cell, racks, left)
        if racks > 0:
            put(m, w, group, cell, racks)
            left -= racks
        else:
            patience -= 1
        if left == 0 or patience < 0:
            break
    if whole and left > 0:
        undo(m, w, mark)
        return 0
    return missing - left
