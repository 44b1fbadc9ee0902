"""Why racks of a group found no position: what is at its limit where most of them would fit.

The group is put, for a try, into the container that takes most of it; the free positions left there are asked one cell
at a time which limit the next rack would be above by most. The commonest of these are told, with the racks that they
keep out and the kW that all of these miss there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from capalloc.instance.model import Floats, Ints
from capalloc.kernels import kernel
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
from capalloc.placement.problem.layout import COOLINGS, HEATS, LEVELS, NO_LIMIT, PlacementProblem
from capalloc.schema.placing import Reason
from capalloc.schema.rules import Rule
from capalloc.units import MILLIWATTS_PER_KW

_CONTAINERS = 1024
"""Most containers of a level that are looked into for one group."""
_WAYS = ("", " by liquid", " by air")
"""How heat leaves that is at its limit."""
_TOLD = 3
"""Most reasons that are given for a group."""


@kernel
def container_taking_most(m: Ints, w: Floats, group: int) -> int:
    """The container of its level that takes most of what is missing of a group; 0 where there is none."""
    level = Header.LEVELS + 2 * m[group + Group.LEVEL]
    begin, count = m[level], m[level + 1]
    if m[group + Group.HOME] != 0:
        begin, count = m[group + Group.HOME], 1
    if m[group + Group.STANDS_IN] != 0:
        begin, count = m[group + Group.STANDS_IN], 1
    mark, whole = m[Header.LOG_END], m[group + Group.ALL_OR_NOTHING]
    m[group + Group.ALL_OR_NOTHING] = 0
    best, most, stride = 0, -1, 1 + count // _CONTAINERS
    for container in range(begin, begin + Container.SIZE * count, Container.SIZE * stride):
        if m[container + Container.FREE] > most:
            racks = fill(m, w, group, container, 0, False, ALL)
            undo(m, w, mark)
            if racks > most or (racks == most and m[container + Container.FREE] > m[best + Container.FREE]):
                best, most = container, racks
    m[group + Group.ALL_OR_NOTHING] = whole
    return best


@dataclass(frozen=True, slots=True)
class _Hindrance:
    rule: Rule
    where: str
    short: int = 0
    """Milliwatts missing for one rack more."""
    each: int = 0
    """Milliwatts that a rack adds there."""

    def short_for(self, racks: int) -> int:
        """Milliwatts missing for so many racks more."""
        return self.short + (racks - 1) * self.each


class Explainer:
    """Explains groups of one placement; those that ask for the same once."""

    def __init__(self, problem: PlacementProblem, memory: Memory) -> None:
        self._problem, self._memory = problem, memory.copy()
        self._memory.m[Header.LOG_END] = self._memory.m[Header.LOG]
        self._known: dict[tuple[int, ...], tuple[Reason, ...]] = {}

    def reasons(self, number: int) -> tuple[Reason, ...]:
        """What keeps the missing racks of a group out."""
        m, group = self._memory.m, self._memory.places[Group][number]
        missing = int(m[group + Group.RACKS] - m[group + Group.PLACED])
        fields = (Group.LEVEL, Group.ALL_OR_NOTHING, Group.HOME, Group.STANDS_IN)
        asks = m[group + Group.POWER : group + Group.COOLING + 1].tolist()
        key = (missing, *asks, *(int(m[group + field]) for field in fields))
        if key not in self._known:
            self._known[key] = tuple(self._found(group, missing, LEVELS[m[group + Group.LEVEL]]))
        return self._known[key]

    def _found(self, group: int, missing: int, level: str) -> list[Reason]:
        m, w = self._memory.m, self._memory.w
        container = int(container_taking_most(m, w, group))
        if container == 0:
            where = "site" if level in ("none", "hall", "row") else f"any {level.replace('_', ' ')}"
            return [Reason(rule=Rule.POSITION, where=where, racks=missing)]
        mark, whole = m[Header.LOG_END], m[group + Group.ALL_OR_NOTHING]
        room = int(m[container + Container.FREE])
        m[group + Group.ALL_OR_NOTHING] = 0
        fits = int(fill(m, w, group, container, 0, False, ALL))
        m[group + Group.ALL_OR_NOTHING] = whole
        left = missing - fits
        reasons = [self._of_limit(*entry, left) for entry in self._hindrances(group, container)]
        undo(m, w, mark)
        if room < missing:
            name = self._problem.container_names[self._memory.places[Container].index(container)]
            reasons.append(Reason(rule=Rule.POSITION, where=name, racks=missing - room))
        return reasons

    def _of_limit(self, hindrance: _Hindrance, positions: int, racks: int) -> Reason:
        count = min(racks, positions)
        kw = round(hindrance.short_for(count) / MILLIWATTS_PER_KW, 6)
        return Reason(rule=hindrance.rule, where=hindrance.where, racks=count, short_kw=kw)

    def _hindrances(self, group: int, container: int) -> list[tuple[_Hindrance, int]]:
        """What is at its limit at the free positions of a container, and at how many of them: the commonest."""
        m = self._memory.m
        free: Counter[tuple[Rule, str]] = Counter()
        least: dict[tuple[Rule, str], _Hindrance] = {}
        for i in range(m[container + Container.CELLS], m[container + Container.CELLS_END]):
            cell = int(m[i + Member.CELL])
            if m[cell + Cell.FREE] > 0:
                found = self._hindrance(cell, group)
                key = (found.rule, found.where)
                free[key] += int(m[cell + Cell.FREE])
                least[key] = min(least.get(key, found), found, key=lambda one: one.short)
        told = sorted(free.items(), key=lambda entry: (-entry[1], entry[0]))[:_TOLD]
        return [(least[key], positions) for key, positions in told]

    def _hindrance(self, cell: int, group: int) -> _Hindrance:
        """What a further rack in a cell would be most above; first of all, that its positions are cooled otherwise."""
        m = self._memory.m
        cooling, power = int(m[cell + Cell.COOLING]), int(m[group + Group.POWER])
        if cooling & m[group + Group.COOLING] == 0:
            return _Hindrance(Rule.POSITION, f"{COOLINGS[cooling.bit_length() - 1]}-cooled positions")
        found = [_Hindrance(Rule.POWER, "site")]
        found += self._of_zone(int(m[cell + Cell.ZONE]), m[group + Group.HEAT : group + Group.HEAT + HEATS])
        found += self._of_nodes(cell, power)
        found += self._of_shifts(cell, power)
        return max(found, key=lambda hindrance: hindrance.short)

    def _of_zone(self, zone: int, heat: Ints) -> Iterator[_Hindrance]:
        m, places = self._memory.m, self._memory.places[Zone]
        if zone:
            name = self._problem.facility.cooling[places.index(zone)].name
            stands, limit = (m[zone + field : zone + field + HEATS] for field in (Zone.HEAT, Zone.LIMIT))
            short = np.where(heat > 0, heat + stands - limit, -NO_LIMIT)
            way = int(short.argmax())
            yield _Hindrance(Rule.COOLING, f"{name}{_WAYS[way]}", int(short[way]), int(heat[way]))

    def _of_nodes(self, cell: int, power: int) -> Iterator[_Hindrance]:
        """In normal operation, and after losses that change nothing of the rack."""
        m, w, forest = self._memory.m, self._memory.w, self._problem.forest
        for i in range(m[cell + Cell.LOADS], m[cell + Cell.LOADS_END]):
            node = int(m[i + Load.NODE])
            v = self._memory.places[Node].index(node)
            each = int(loaded(power, w[i + LoadShare.SHARE]))
            load = int(m[node + Node.LOAD]) + each
            rule = Rule.SUPPLY if forest.supply_binds[v, 0] else Rule.POWER
            yield _Hindrance(rule, forest.nodes[v].name, load - int(m[node + Node.NORMAL]), each)
            for j in range(m[node + Node.LOSSES], m[node + Node.LOSSES_END]):
                yield self._after_loss(int(m[j + NodeLoss.LOSS]), node, load, each)

    def _of_shifts(self, cell: int, power: int) -> Iterator[_Hindrance]:
        """After losses that change what the rack puts on a node."""
        m, w = self._memory.m, self._memory.w
        for i in range(m[cell + Cell.SHIFTS], m[cell + Cell.SHIFTS_END], Shift.SIZE):
            node = int(m[i + Shift.NODE])
            each = int(loaded(power, w[i + ShiftShare.AFTER]))
            yield self._after_loss(int(m[i + Shift.LOSS]), node, int(m[node + Node.LOAD]) + each, each)

    def _after_loss(self, loss: int, node: int, load: int, each: int) -> _Hindrance:
        m, places, nodes = self._memory.m, self._memory.places, self._problem.forest.nodes
        lost, _ = self._problem.losses[places[Loss].index(loss)]
        name = nodes[places[Node].index(node)].name
        short = load + int(m[loss + Loss.ADDED]) - int(m[node + Node.FAILOVER])
        return _Hindrance(Rule.FAILOVER, f"{name} after the loss of {nodes[lost].name}", short, each)
