"""Counts how many equal groups still fit.

First fit, one group after the other: what is counted fits together, so the count is a lower bound on how many fit; it
is not always the most.
"""

from __future__ import annotations

from capalloc.instance.model import Floats, Ints
from capalloc.kernels import inner, kernel
from capalloc.placement.core.moves import ALL, fill, has_room, undo
from capalloc.placement.core.records import Cell, Container, Group, Header, Member


@inner
def has_cell_in(m: Ints, container: int, scope: int, level: int) -> bool:
    """Whether a cell of a container lies in ``scope``, a container of ``level``."""
    found = False
    for i in range(m[container + Container.CELLS], m[container + Container.CELLS_END]):
        found = found or m[m[i + Member.CELL] + Cell.CONTAINERS + level] == scope
    return found


@kernel
def count_slots(m: Ints, w: Floats, group: int, scope: int, level: int) -> int:
    """How many times a group of all or nothing fits into the containers of its level in ``scope``, one after the other.

    ``scope`` is a container of ``level``; the cells outside it must show no free positions, since a row may lie in
    several blocks. What is put is taken back. The group needs an entry for every free position.
    """
    m[Header.LOG_END] = m[Header.LOG]
    first = Header.LEVELS + 2 * m[group + Group.LEVEL]
    slots = 0
    for container in range(m[first], m[first] + Container.SIZE * m[first + 1], Container.SIZE):
        if not has_cell_in(m, container, scope, level):
            continue
        while has_room(m, group, container) and fill(m, w, group, container, 0, False, ALL) > 0:
            m[group + Group.PLACED] = 0
            slots += 1
    undo(m, w, m[Header.LOG])
    m[group + Group.PLACED] = 0
    return slots
