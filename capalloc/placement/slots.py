"""Counts how many equal groups still fit."""

from __future__ import annotations

from capalloc.instance.layout import Floats
from capalloc.instance.model import Ints
from capalloc.placement.compiled import kernel
from capalloc.placement.construct import NEVER
from capalloc.placement.moves import fill, undo
from capalloc.placement.records import (
    CONTAINER,
    INSIDE,
    LEVEL,
    LOG,
    LOGGED,
    PLACED,
    RACKS,
    ROOM,
    TOGETHER,
    WITHIN,
)


@kernel
def count_slots(m: Ints, w: Floats, group: int, scope: int, level: int) -> int:
    """How many times a whole group fits into the containers of its level that lie in ``scope``, one after the other.

    ``scope`` is a container of ``level``; a container that lies in several counts with that of its first cell. What is
    put is taken back. The group needs an entry for every free position.
    """
    m[LOGGED] = m[LOG]
    first = LEVEL + 2 * m[group + TOGETHER]
    slots = 0
    for container in range(m[first], m[first] + CONTAINER * m[first + 1], CONTAINER):
        if m[m[m[container + WITHIN]] + INSIDE + level] != scope:
            continue
        while m[container + ROOM] >= m[group + RACKS] and fill(m, w, group, container, 0, False, NEVER) > 0:
            m[group + PLACED] = 0
            slots += 1
    undo(m, w, m[LOG])
    m[group + PLACED] = 0
    return slots
