"""Counts how many equal groups still fit."""

from __future__ import annotations

from capalloc.instance.layout import Floats
from capalloc.instance.model import Ints
from capalloc.placement.compiled import inner, kernel
from capalloc.placement.construct import NEVER
from capalloc.placement.moves import fill, undo
from capalloc.placement.records import (
    FREE,
    INSIDE,
    LOG,
    LOGGED,
    PLACED,
    RACKS,
    ROOM,
    TOGETHER,
    WITHIN,
    WITHIN_END,
)

_SHUT = 1 << 40
"""More positions than there are."""


@kernel
def count_slots(m: Ints, w: Floats, group: int, scope: int, level: int) -> int:
    """How many times a whole group fits into the cells of ``scope``, one container of its level after the other.

    ``scope`` is a container of ``level``; of a container that lies in several only the cells in ``scope`` are filled.
    What is put is taken back. The group needs an entry for every free position.
    """
    m[LOGGED] = m[LOG]
    slots = last = 0
    for i in range(m[scope + WITHIN], m[scope + WITHIN_END]):
        container = m[m[i] + INSIDE + m[group + TOGETHER]]
        if container in (0, last):
            continue
        last = container
        shut(m, container, scope, level, _SHUT)
        while m[container + ROOM] >= m[group + RACKS] and fill(m, w, group, container, 0, False, NEVER) > 0:
            m[group + PLACED] = 0
            slots += 1
        shut(m, container, scope, level, -_SHUT)
    undo(m, w, m[LOG])
    m[group + PLACED] = 0
    return slots


@inner
def shut(m: Ints, container: int, scope: int, level: int, positions: int) -> None:
    """Take free positions from the cells of a container outside ``scope``; below 0: give them back."""
    for i in range(m[container + WITHIN], m[container + WITHIN_END]):
        if m[m[i] + INSIDE + level] != scope:
            m[m[i] + FREE] -= positions
