"""What still fits into a cell, and what racks there do to nodes, losses and zones."""

from __future__ import annotations

import numpy as np

from capalloc.instance.model import Ints
from capalloc.kernels import inner, kernel
from capalloc.placement.core.records import (
    ADDED,
    BY_LOSS,
    BY_LOSS_END,
    FAILOVER,
    FLOOR,
    FREE,
    IN_ZONE,
    INSIDE,
    LIMIT,
    LOAD,
    LOADS,
    LOADS_END,
    MOVE,
    MOVES,
    MOVES_END,
    NORMAL,
    OPEN,
    RELIEVED,
    ROOM,
    SPACE,
    WARM,
    WORST,
)
from capalloc.placement.problem.layout import NOISE, Floats


@kernel
def loaded(power: int, share: float) -> int:
    """Load in whole mW, rounded up."""
    return np.int64(np.ceil(power * share - NOISE))


@kernel
def fitting(m: Ints, w: Floats, cell: int, power: int, heat: int, wanted: int) -> int:
    """How many of ``wanted`` racks still fit into a cell."""
    racks = min(wanted, m[cell + FREE])
    zone = m[cell + IN_ZONE]
    if zone != 0 and heat > 0:
        racks = min(racks, (m[zone + LIMIT] - m[zone + WARM]) // heat)
    for i in range(m[cell + LOADS], m[cell + LOADS_END]):
        if racks <= 0:
            return 0
        node = m[i]
        each = loaded(power, w[i])
        worst = m[node + WORST]
        if m[node + RELIEVED]:
            worst = worst_untouched(m, cell, node)
        left = min(m[node + NORMAL], m[node + FAILOVER] - worst) - m[node + LOAD]
        if each > 0:
            racks = min(racks, max(left, 0) // each)
    for i in range(m[cell + MOVES], m[cell + MOVES_END], MOVE):
        if racks <= 0:
            return 0
        node = m[i + 1]
        each = loaded(power, w[i + 1])
        left = m[node + FAILOVER] - m[node + LOAD] - m[m[i] + ADDED]
        if each > 0:
            racks = min(racks, max(left, 0) // each)
    return max(racks, 0)


@inner
def worst_untouched(m: Ints, cell: int, node: int) -> int:
    """The most that any loss adds to a node, leaving out the losses that racks in this cell change."""
    worst = m[node + FLOOR]
    for j in range(m[node + BY_LOSS], m[node + BY_LOSS_END]):
        touched = False
        for i in range(m[cell + MOVES], m[cell + MOVES_END], MOVE):
            touched = touched or m[i] == m[j]
        if not touched:
            worst = max(worst, m[m[j] + ADDED])
    return worst


@kernel
def stand(m: Ints, w: Floats, cell: int, power: int, heat: int, racks: int) -> None:
    """Add racks to a cell; below 0: take them away."""
    m[cell + FREE] -= racks
    for level in range(4):
        container = m[cell + INSIDE + level]
        before, space = m[container + ROOM], m[container + SPACE]
        m[container + ROOM] = before - racks
        if (before == space) != (before - racks == space):
            m[OPEN + level] += 1 if before == space else -1
    if m[cell + IN_ZONE] != 0:
        m[m[cell + IN_ZONE] + WARM] += racks * heat
    for i in range(m[cell + LOADS], m[cell + LOADS_END]):
        m[m[i] + LOAD] += racks * loaded(power, w[i])
    for i in range(m[cell + MOVES], m[cell + MOVES_END], MOVE):
        loss, node = m[i], m[i + 1]
        before = m[loss + ADDED]
        after = before + racks * (loaded(power, w[i + 1]) - loaded(power, w[i]))
        m[loss + ADDED] = after
        if after >= m[node + WORST]:
            m[node + WORST] = after
        elif before == m[node + WORST]:
            worst = m[node + FLOOR]
            for j in range(m[node + BY_LOSS], m[node + BY_LOSS_END]):
                worst = max(worst, m[m[j] + ADDED])
            m[node + WORST] = worst
