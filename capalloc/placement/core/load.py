"""What still fits into a cell, and what racks there do to nodes, losses and zones.

Delta evaluation, as local search needs it: the load of every node and what every loss of a contingency adds to it are
kept up, so that a rack put or taken costs one addition for each node of its cords and each loss that changes them,
instead of a power flow over the whole forest. For each node the worst of its losses is kept as well; only when that one
gets less is the list of its losses read again. Loads are whole milliwatts rounded up and limits rounded down, so sums
are exact, in any order, and nothing that the verifier would reject fits here.
"""

from __future__ import annotations

import numpy as np

from capalloc.instance.model import Floats, Ints
from capalloc.kernels import inner, kernel
from capalloc.placement.core.records import (
    Cell,
    Container,
    Group,
    Header,
    Load,
    LoadShare,
    Loss,
    Node,
    NodeLoss,
    Shift,
    ShiftShare,
    Zone,
)
from capalloc.placement.problem.layout import HEATS, NOISE


@kernel
def loaded(power: int, share: float) -> int:
    """Load in whole milliwatts, rounded up."""
    return np.int64(np.ceil(power * share - NOISE))


@kernel
def fitting(m: Ints, w: Floats, cell: int, group: int, wanted: int) -> int:
    """How many of ``wanted`` racks of a group its positions, zone, nodes and losses still let into a cell: from 0."""
    racks, power = cooled(m, cell, group, min(wanted, m[cell + Cell.FREE])), m[group + Group.POWER]
    for i in range(m[cell + Cell.LOADS], m[cell + Cell.LOADS_END]):
        if racks <= 0:
            return 0
        each = loaded(power, w[i + LoadShare.SHARE])
        if each > 0:
            racks = min(racks, max(left_now(m, cell, i), 0) // each)
    for i in range(m[cell + Cell.SHIFTS], m[cell + Cell.SHIFTS_END], Shift.SIZE):
        if racks <= 0:
            return 0
        each = loaded(power, w[i + ShiftShare.AFTER])
        if each > 0:
            racks = min(racks, max(left_after(m, i), 0) // each)
    return max(racks, 0)


@inner
def sparing(m: Ints, w: Floats, cell: int, group: int, wanted: int) -> int:
    """The same, of racks that draw more than the reserve only as many as leave that for each position left free."""
    racks, above = fitting(m, w, cell, group, wanted), m[group + Group.POWER] - m[Header.RESERVE]
    if m[Header.RESERVE] == 0 or above <= 0 or racks == 0:
        return racks
    kept = float(m[cell + Cell.FREE] * m[Header.RESERVE])
    for i in range(m[cell + Cell.LOADS], m[cell + Cell.LOADS_END]):
        if w[i + LoadShare.SHARE] > 0.0:
            racks = min(racks, int((left_now(m, cell, i) / w[i + LoadShare.SHARE] - kept) / above))
    for i in range(m[cell + Cell.SHIFTS], m[cell + Cell.SHIFTS_END], Shift.SIZE):
        if w[i + ShiftShare.AFTER] > 0.0:
            racks = min(racks, int((left_after(m, i) / w[i + ShiftShare.AFTER] - kept) / above))
    return max(racks, 0)


@inner
def left_now(m: Ints, cell: int, load: int) -> int:
    """What the node of a Load may still bear, normally and after losses that change nothing of a cell's racks."""
    node = m[load + Load.NODE]
    worst = m[node + Node.WORST_ADDED]
    if m[node + Node.RELIEVED]:
        worst = worst_untouched(m, cell, node)
    return min(m[node + Node.NORMAL], m[node + Node.FAILOVER] - worst) - m[node + Node.LOAD]


@inner
def left_after(m: Ints, shift: int) -> int:
    """What the node of a Shift may still bear after its loss."""
    node = m[shift + Shift.NODE]
    return m[node + Node.FAILOVER] - m[node + Node.LOAD] - m[m[shift + Shift.LOSS] + Loss.ADDED]


@inner
def cooled(m: Ints, cell: int, group: int, racks: int) -> int:
    """How many of so many racks the cooling of a cell suits, and the heat of its zone lets in; below 0 for none."""
    if m[cell + Cell.COOLING] & m[group + Group.COOLING] == 0:
        return 0
    zone = m[cell + Cell.ZONE]
    if zone != 0:
        for kind in range(HEATS):
            each, left = m[group + Group.HEAT + kind], m[zone + Zone.LIMIT + kind] - m[zone + Zone.HEAT + kind]
            if each * racks > left and each > 0:
                racks = left // each
    return racks


@inner
def worst_untouched(m: Ints, cell: int, node: int) -> int:
    """The most that any loss adds to a node, leaving out the losses that racks in this cell change."""
    worst = m[node + Node.LEAST_ADDED]
    for j in range(m[node + Node.LOSSES], m[node + Node.LOSSES_END]):
        touched = False
        for i in range(m[cell + Cell.SHIFTS], m[cell + Cell.SHIFTS_END], Shift.SIZE):
            touched = touched or m[i + Shift.LOSS] == m[j + NodeLoss.LOSS]
        if not touched:
            worst = max(worst, m[m[j + NodeLoss.LOSS] + Loss.ADDED])
    return worst


@kernel
def stand(m: Ints, w: Floats, cell: int, group: int, racks: int) -> None:
    """Add racks of a group to a cell; below 0: take them away."""
    power = m[group + Group.POWER]
    m[cell + Cell.FREE] -= racks
    for level in range(4):
        container = m[cell + Cell.CONTAINERS + level]
        before, at_first = m[container + Container.FREE], m[container + Container.FREE_AT_FIRST]
        m[container + Container.FREE] = before - racks
        if (before == at_first) != (before - racks == at_first):
            m[Header.OPEN + level] += 1 if before == at_first else -1
    if m[cell + Cell.ZONE] != 0:
        for kind in range(HEATS):
            m[m[cell + Cell.ZONE] + Zone.HEAT + kind] += racks * m[group + Group.HEAT + kind]
    for i in range(m[cell + Cell.LOADS], m[cell + Cell.LOADS_END]):
        m[m[i + Load.NODE] + Node.LOAD] += racks * loaded(power, w[i + LoadShare.SHARE])
    for i in range(m[cell + Cell.SHIFTS], m[cell + Cell.SHIFTS_END], Shift.SIZE):
        loss, node = m[i + Shift.LOSS], m[i + Shift.NODE]
        before = m[loss + Loss.ADDED]
        after = before + racks * (loaded(power, w[i + ShiftShare.AFTER]) - loaded(power, w[i + ShiftShare.BEFORE]))
        m[loss + Loss.ADDED] = after
        if after >= m[node + Node.WORST_ADDED]:
            m[node + Node.WORST_ADDED] = after
        elif before == m[node + Node.WORST_ADDED]:
            worst = m[node + Node.LEAST_ADDED]
            for j in range(m[node + Node.LOSSES], m[node + Node.LOSSES_END]):
                worst = max(worst, m[m[j + NodeLoss.LOSS] + Loss.ADDED])
            m[node + Node.WORST_ADDED] = worst
