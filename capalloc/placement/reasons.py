"""Why racks of a group found no position: what is at its limit where most of them would fit.

The group is put, for a try, into the container that takes most of it; the free positions left there, of many a part,
are asked one cell at a time which limit the next rack would be above by most. The commonest of these are told, with the
racks that they keep out and the kW that all of these miss there.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from capalloc.instance.model import Floats, Ints
from capalloc.kernels import inner, kernel
from capalloc.placement.core.construct import FIRST_FIT, pour
from capalloc.placement.core.index import CONTAINERS, Index, index_of, next_leaf, reread
from capalloc.placement.core.load import loaded
from capalloc.placement.core.memory import Memory
from capalloc.placement.core.moves import ALL, fill, undo
from capalloc.placement.core.records import (
    Cell,
    Container,
    Group,
    Header,
    Load,
    LoadShare,
    Loss,
    Member,
    Node,
    NodeLoss,
    Shift,
    ShiftShare,
    Zone,
)
from capalloc.placement.problem.layout import COOLINGS, HEATS, LEVELS, PlacementProblem
from capalloc.schema.placing import Reason
from capalloc.schema.rules import Rule
from capalloc.units import MILLIWATTS_PER_KW

_CONTAINERS = 1024
"""Most containers of a level that are looked into for one group."""
_WAYS = ("", " by liquid", " by air")
"""How heat leaves that is at its limit."""
_CELLS = 256
"""Most cells of a container that are asked, evenly spread, what a further rack would be above."""
_TOLD = 3
"""Most reasons that are given for a group."""


@kernel
def container_taking_most(m: Ints, w: Floats, index: Index, group: int, roomiest: int) -> int:
    """The container of its level that takes most of what is missing of a group.

    Where none takes any it is ``roomiest``, the container of the level with most free positions, or 0.
    """
    level = m[group + Group.LEVEL]
    begin, count = m[Header.LEVELS + 2 * level], m[Header.LEVELS + 2 * level + 1]
    own = max(m[group + Group.HOME], m[group + Group.STANDS_IN])
    if own != 0:
        return own
    mark, whole = m[Header.LOG_END], m[group + Group.ALL_OR_NOTHING]
    m[group + Group.ALL_OR_NOTHING] = 0
    best, most, number = roomiest, 0, 0
    for _ in range(_CONTAINERS):
        number = next_leaf(m, index, level, CONTAINERS, number, group, most + 1)
        if not 0 <= number < count:
            break
        container = begin + Container.SIZE * number
        racks = pour(m, w, index, group, container, FIRST_FIT)
        undo(m, w, mark)
        if racks == 0:
            reread(m, index, level, number)
        if racks > most or (racks == most > 0 and m[container + Container.FREE] > m[best + Container.FREE]):
            best, most = container, racks
        number += 1
    m[group + Group.ALL_OR_NOTHING] = whole
    return best


_COOLED, _SITE, _ZONE, _NODE, _LOSS = range(_KINDS := 5)
"""What a rack may be above: how its position is cooled, nothing that is known, a zone, a node, a node after a loss."""
_WHAT, _WHERE, _SHORT, _EACH, _POSITIONS = range(5)
"""Columns of what hinders racks in a cell."""


@kernel
def hindrances(m: Ints, w: Floats, group: int, container: int, stride: int, found: Ints) -> int:
    """What a further rack of a group would be most above in cells of a container that have room; how many they are.

    ``found`` (n, 5) takes for every ``stride``-th cell: what, where (a record, or how it is cooled), milliwatts
    that are missing, that a rack adds there, and free positions.
    """
    count = 0
    for i in range(m[container + Container.CELLS], m[container + Container.CELLS_END], stride):
        cell = m[i + Member.CELL]
        if m[cell + Cell.FREE] > 0:
            found[count, _POSITIONS] = m[cell + Cell.FREE]
            hindered(m, w, group, cell, found[count])
            count += 1
    return count


@inner
def hindered(m: Ints, w: Floats, group: int, cell: int, row: Ints) -> None:
    """Write what a further rack in a cell would be most above; before all, that its positions are cooled otherwise."""
    if m[cell + Cell.COOLING] & m[group + Group.COOLING] == 0:
        row[_WHAT], row[_WHERE], row[_SHORT], row[_EACH] = _COOLED, m[cell + Cell.COOLING], 0, 0
        return
    power, zone = m[group + Group.POWER], m[cell + Cell.ZONE]
    row[_WHAT], row[_WHERE], row[_SHORT], row[_EACH] = _SITE, 0, 0, 0
    for kind in range(HEATS if zone != 0 else 0):
        heat = m[group + Group.HEAT + kind]
        if heat > 0:
            short = heat + m[zone + Zone.HEAT + kind] - m[zone + Zone.LIMIT + kind]
            note_worse(row, _ZONE, zone * HEATS + kind, short, heat)
    for i in range(m[cell + Cell.LOADS], m[cell + Cell.LOADS_END]):
        node, each = m[i + Load.NODE], loaded(power, w[i + LoadShare.SHARE])
        load = m[node + Node.LOAD] + each
        note_worse(row, _NODE, node, load - m[node + Node.NORMAL], each)
        for j in range(m[node + Node.LOSSES], m[node + Node.LOSSES_END]):
            loss = m[j + NodeLoss.LOSS]
            note_worse(row, _LOSS, loss, load + m[loss + Loss.ADDED] - m[node + Node.FAILOVER], each)
    for i in range(m[cell + Cell.SHIFTS], m[cell + Cell.SHIFTS_END], Shift.SIZE):
        node, loss, each = m[i + Shift.NODE], m[i + Shift.LOSS], loaded(power, w[i + ShiftShare.AFTER])
        note_worse(row, _LOSS, loss, m[node + Node.LOAD] + each + m[loss + Loss.ADDED] - m[node + Node.FAILOVER], each)


@inner
def note_worse(row: Ints, what: int, where: int, short: int, each: int) -> None:
    """Write a hindrance where more is missing than of the one that is there."""
    if short > row[_SHORT]:
        row[_WHAT], row[_WHERE], row[_SHORT], row[_EACH] = what, where, short, each


class Explainer:
    """Explains groups of one placement; those that ask for the same once."""

    def __init__(self, problem: PlacementProblem, memory: Memory) -> None:
        self._problem, self._memory = problem, memory.copy()
        m = self._memory.m
        m[Header.LOG_END] = m[Header.LOG]
        self._index = index_of(m, memory.w, range(len(LEVELS)))
        self._roomiest = [_roomiest(m, level) for level in range(len(LEVELS))]
        self._known: dict[tuple[int, ...], tuple[Reason, ...]] = {}

    def reasons(self, number: int) -> tuple[Reason, ...]:
        """What keeps the missing racks of a group out; nothing where they fit, and the time was up before."""
        m, group = self._memory.m, self._memory.places[Group][number]
        missing = int(m[group + Group.RACKS] - m[group + Group.PLACED])
        fields = (Group.LEVEL, Group.ALL_OR_NOTHING, Group.HOME, Group.STANDS_IN)
        asks = m[group + Group.POWER : group + Group.COOLING + 1].tolist()
        key = (missing, *asks, *(int(m[group + field]) for field in fields))
        if key not in self._known:
            self._known[key] = tuple(self._found(group, missing, int(m[group + Group.LEVEL])))
        return self._known[key]

    def _found(self, group: int, missing: int, level: int) -> list[Reason]:
        m, w = self._memory.m, self._memory.w
        container = int(container_taking_most(m, w, self._index, group, self._roomiest[level]))
        if container == 0:
            where = f"any {LEVELS[level].replace('_', ' ')}" if LEVELS[level] == "fabric_block" else "site"
            return [Reason(rule=Rule.POSITION, where=where, racks=missing)]
        mark, whole = m[Header.LOG_END], m[group + Group.ALL_OR_NOTHING]
        room = int(m[container + Container.FREE])
        m[group + Group.ALL_OR_NOTHING] = 0
        fits = int(fill(m, w, group, container, 0, False, ALL))
        m[group + Group.ALL_OR_NOTHING] = whole
        left = missing - fits
        reasons = list(self._hindrances(group, container, left)) if left > 0 else []
        undo(m, w, mark)
        if room < missing:
            name = self._problem.container_names[self._memory.places[Container].index(container)]
            reasons.append(Reason(rule=Rule.POSITION, where=name, racks=missing - room))
        return reasons

    def _hindrances(self, group: int, container: int, missing: int) -> Iterator[Reason]:
        """What is at its limit at the free positions of a container: the commonest, and where least is missing."""
        m, w = self._memory.m, self._memory.w
        cells = int(m[container + Container.CELLS_END] - m[container + Container.CELLS])
        stride = 1 + (cells - 1) // _CELLS
        rows = np.zeros((cells, 5), dtype=np.int64)
        rows = rows[: hindrances(m, w, group, container, stride, rows)]
        kinds, of = np.unique(rows[:, _WHERE] * _KINDS + rows[:, _WHAT], return_inverse=True)
        positions = np.bincount(of, rows[:, _POSITIONS], len(kinds)).astype(np.int64) * stride
        for kind in np.argsort(-positions, kind="stable")[:_TOLD].tolist():
            mine = rows[of == kind]
            least = mine[mine[:, _SHORT].argmin()]
            rule, where = self._named(int(least[_WHAT]), int(least[_WHERE]))
            count = min(missing, int(positions[kind]))
            kw = round(int(least[_SHORT] + (count - 1) * least[_EACH]) / MILLIWATTS_PER_KW, 6)
            yield Reason(rule=rule, where=where, racks=count, short_kw=kw)

    def _named(self, what: int, where: int) -> tuple[Rule, str]:
        """The rule and the place of a hindrance."""
        places, forest = self._memory.places, self._problem.forest
        if what == _COOLED:
            return Rule.POSITION, f"{COOLINGS[where.bit_length() - 1]}-cooled positions"
        if what == _SITE:
            return Rule.POWER, "site"
        if what == _ZONE:
            name = self._problem.facility.cooling[places[Zone].index(where // HEATS)].name
            return Rule.COOLING, f"{name}{_WAYS[where % HEATS]}"
        if what == _NODE:
            v = places[Node].index(where)
            return Rule.SUPPLY if forest.supply_binds[v, 0] else Rule.POWER, forest.nodes[v].name
        lost, _ = self._problem.losses[places[Loss].index(where)]
        name = forest.nodes[places[Node].index(int(self._memory.m[where + Loss.NODE]))].name
        return Rule.FAILOVER, f"{name} after the loss of {forest.nodes[lost].name}"


def _roomiest(m: Ints, level: int) -> int:
    """The first container of a level with most free positions; 0 where there is none."""
    first, count = m[Header.LEVELS + 2 * level : Header.LEVELS + 2 * level + 2].tolist()
    free = m[first + Container.FREE : first + Container.SIZE * count : Container.SIZE]
    return int(first + Container.SIZE * free.argmax()) if count else 0
