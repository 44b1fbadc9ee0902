"""Puts racks of a group into cells and takes them away, with a log to take it all back."""

from __future__ import annotations

import numpy as np

from capalloc.instance.layout import Floats
from capalloc.instance.model import Ints
from capalloc.placement.compiled import inner, kernel
from capalloc.placement.load import fitting, stand
from capalloc.placement.records import (
    AT,
    COUNT,
    ENTRIES,
    ENTRY,
    FIRST,
    FREE,
    HEAT,
    INSIDE,
    LIST,
    LISTED,
    LOGGED,
    LOGGED_MOVE,
    OPEN,
    PLACED,
    POWER,
    RACKS,
    RANDOM,
    ROOM,
    SLOT,
    SLOTTED,
    STANDS,
    TOGETHER,
    USED,
    WHOLE,
    WITHIN,
    WITHIN_END,
)


@inner
def drawn(m: Ints, below: int) -> int:
    """A random whole number below ``below`` (xorshift, Marsaglia 2003, doi:10.18637/jss.v008.i14)."""
    x = np.uint64(m[RANDOM])
    x ^= x << np.uint64(13)
    x ^= x >> np.uint64(7)
    x ^= x << np.uint64(17)
    m[RANDOM] = np.int64(x)
    return np.int64((x >> np.uint64(33)) % np.uint64(below))


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
    m[group + PLACED] -= racks
    if m[group + ENTRIES] == 0:
        m[group + STANDS] = 0
    note(m, group, cell, -racks)


@inner
def note(m: Ints, group: int, cell: int, racks: int) -> None:
    """Count what containers hold, and log a change."""
    for level in range(4):
        container = m[cell + INSIDE + level]
        before = m[container + USED]
        m[container + USED] = before + racks
        if before == 0 or before + racks == 0:
            m[OPEN + level] += 1 if before == 0 else -1
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
def fill(m: Ints, w: Floats, group: int, container: int, first: int, varied: bool, patience: int) -> int:
    """Put what is missing of a group into a container, cell by cell from its ``first`` on; how many racks were put.

    ``varied`` draws how many go into a cell where the others may take the rest. After ``patience`` cells that took
    nothing the rest is given up. A whole group that does not fit is taken back.
    """
    power, heat, whole = m[group + POWER], m[group + HEAT], m[group + WHOLE] != 0
    missing = m[group + RACKS] - m[group + PLACED]
    if m[container + ROOM] == 0 or (whole and m[container + ROOM] < missing):
        return 0
    mark, left = m[LOGGED], missing
    begin, end = m[container + WITHIN], m[container + WITHIN_END]
    for lap in range(1 + varied):
        i = begin + first
        for _ in range(end - begin):
            cell = m[i]
            i = i + 1 if i + 1 < end else begin
            racks = fitting(m, w, cell, power, heat, left)
            if varied and lap == 0 and racks > 1:
                least = max(0, left - (m[container + ROOM] - m[cell + FREE]))
                if racks > least:
                    racks = least + drawn(m, racks - least + 1)
            if racks > 0:
                put(m, w, group, cell, racks)
                left -= racks
                if left == 0:
                    return missing
            else:
                patience -= 1
                if patience < 0:
                    break
    if whole:
        undo(m, w, mark)
        return 0
    return missing - left
