"""Counts how many equal groups still fit."""

from __future__ import annotations

from capalloc.instance.model import Ints
from capalloc.kernels import inner, kernel
from capalloc.placement.core.construct import NEVER
from capalloc.placement.core.moves import fill, undo
from capalloc.placement.core.records import (
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
    WITHIN_END,
)
from capalloc.placement.problem.layout import Floats


@inner
def reaches(m: Ints, container: int, scope: int, level: int) -> bool:
    """Whether a cell of a container lies in ``scope``, a container of ``level``."""
    found = False
    for i in range(m[container + WITHIN], m[container + WITHIN_END]):
        found = found or m[m[i] + INSIDE + level] == scope
    return found


@kernel
def count_slots(m: Ints, w: Floats, group: int, scope: int, level: int) -> int:
    """How many times a whole group fits into the containers of its level that lie in ``scope``, one after the other.

    ``scope`` is a container of ``level``; the cells outside it must show no free positions, since a row may lie in
    several blocks. What is put is taken back. The group needs an entry for every free position.
    """
    m[LOGGED] = m[LOG]
    first = LEVEL + 2 * m[group + TOGETHER]
    slots = 0
    for container in range(m[first], m[first] + CONTAINER * m[first + 1], CONTAINER):
        if not reaches(m, container, scope, level):
            continue
        while m[container + ROOM] >= m[group + RACKS] and fill(m, w, group, container, 0, False, NEVER) > 0:
            m[group + PLACED] = 0
            slots += 1
    undo(m, w, m[LOG])
    m[group + PLACED] = 0
    return slots
