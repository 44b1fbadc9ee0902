"""Why racks of a group found no position: what is at its limit where most of them would fit."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from capalloc.instance.model import Ints
from capalloc.kernels import kernel
from capalloc.placement.core import records as at
from capalloc.placement.core.construct import NEVER
from capalloc.placement.core.load import loaded
from capalloc.placement.core.memory import Memory
from capalloc.placement.core.moves import fill, undo
from capalloc.placement.problem.layout import LEVELS, MW_PER_W, Floats, Floorplan
from capalloc.schema.placing import Reason
from capalloc.schema.rules import Rule
from capalloc.units import W_PER_KW

_CONTAINERS = 1024
"""Most containers of a level that are looked into for one group."""
_TOLD = 3
"""Most reasons that are given for a group."""


@kernel
def roomiest(m: Ints, w: Floats, group: int) -> int:
    """The container of its level that takes most of what is missing of a group; 0 where there is none."""
    level = at.LEVEL + 2 * m[group + at.TOGETHER]
    begin, count = m[level], m[level + 1]
    if m[group + at.HOME] != 0:
        begin, count = m[group + at.HOME], 1
    if m[group + at.STANDS] != 0:
        begin, count = m[group + at.STANDS], 1
    mark, whole = m[at.LOGGED], m[group + at.WHOLE]
    m[group + at.WHOLE] = 0
    best, most, stride = 0, -1, 1 + count // _CONTAINERS
    for container in range(begin, begin + at.CONTAINER * count, at.CONTAINER * stride):
        if m[container + at.ROOM] > most:
            racks = fill(m, w, group, container, 0, False, NEVER)
            undo(m, w, mark)
            if racks > most or (racks == most and m[container + at.ROOM] > m[best + at.ROOM]):
                best, most = container, racks
    m[group + at.WHOLE] = whole
    return best


@dataclass(frozen=True, slots=True)
class _Hindrance:
    rule: Rule
    where: str
    short: int
    """mW missing for one rack more."""


class Explainer:
    """Explains groups of one placement, alike ones once."""

    def __init__(self, plan: Floorplan, memory: Memory) -> None:
        self._plan, self._memory = plan, memory.copy()
        self._memory.m[at.LOGGED] = self._memory.m[at.LOG]
        self._known: dict[tuple[int, ...], tuple[Reason, ...]] = {}

    def reasons(self, number: int) -> tuple[Reason, ...]:
        """What keeps the missing racks of a group out."""
        m, group = self._memory.m, self._memory.groups + at.GROUP * number
        missing = int(m[group + at.RACKS] - m[group + at.PLACED])
        fields = (at.POWER, at.HEAT, at.TOGETHER, at.WHOLE, at.HOME, at.STANDS)
        key = (missing, *(int(m[group + field]) for field in fields))
        if key not in self._known:
            self._known[key] = tuple(self._found(group, missing, LEVELS[m[group + at.TOGETHER]]))
        return self._known[key]

    def _found(self, group: int, missing: int, level: str) -> list[Reason]:
        m, w = self._memory.m, self._memory.w
        container = int(roomiest(m, w, group))
        if container == 0:
            where = "site" if level in ("none", "hall", "row") else f"no free position is in a {level}"
            return [Reason(rule=Rule.POSITION, where=where, racks=missing)]
        mark, whole = m[at.LOGGED], m[group + at.WHOLE]
        room = int(m[container + at.ROOM])
        m[group + at.WHOLE] = 0
        fits = int(fill(m, w, group, container, 0, False, NEVER))
        m[group + at.WHOLE] = whole
        reasons = [self._of_limit(*entry, missing - fits) for entry in self._hindrances(group, container)]
        undo(m, w, mark)
        if room < missing:
            name = self._plan.container_names[(container - self._memory.containers) // at.CONTAINER]
            reasons.append(Reason(rule=Rule.POSITION, where=name, racks=missing - room))
        return reasons

    def _of_limit(self, hindrance: _Hindrance, positions: int, racks: int) -> Reason:
        kw = round(hindrance.short / (MW_PER_W * W_PER_KW), 6)
        return Reason(rule=hindrance.rule, where=hindrance.where, racks=min(racks, positions), short_kw=kw)

    def _hindrances(self, group: int, container: int) -> list[tuple[_Hindrance, int]]:
        """What is at its limit at the free positions of a container, and at how many of them: the commonest."""
        m = self._memory.m
        free: Counter[tuple[Rule, str]] = Counter()
        least: dict[tuple[Rule, str], int] = {}
        for i in range(m[container + at.WITHIN], m[container + at.WITHIN_END]):
            cell = int(m[i])
            if m[cell + at.FREE] > 0:
                found = self._hindrance(cell, int(m[group + at.POWER]), int(m[group + at.HEAT]))
                key = (found.rule, found.where)
                free[key] += int(m[cell + at.FREE])
                least[key] = min(least.get(key, found.short), found.short)
        told = sorted(free.items(), key=lambda entry: (-entry[1], entry[0]))[:_TOLD]
        return [(_Hindrance(*key, least[key]), positions) for key, positions in told]

    def _hindrance(self, cell: int, power: int, heat: int) -> _Hindrance:
        """What a further rack in a cell would be most above."""
        m, w, memory = self._memory.m, self._memory.w, self._memory
        forest, facility = self._plan.forest, self._plan.facility
        found = [_Hindrance(Rule.POWER, "site", 0)]
        zone = int(m[cell + at.IN_ZONE])
        if zone:
            name = facility.cooling[(zone - memory.zones) // at.ZONE].name
            found.append(_Hindrance(Rule.COOLING, name, heat + int(m[zone + at.WARM] - m[zone + at.LIMIT])))
        for i in range(m[cell + at.LOADS], m[cell + at.LOADS_END]):
            node = int(m[i])
            v = (node - memory.nodes) // at.NODE
            load = int(m[node + at.LOAD]) + int(loaded(power, w[i]))
            rule = Rule.SUPPLY if forest.supply_binds[v, 0] else Rule.POWER
            found.append(_Hindrance(rule, forest.nodes[v].name, load - int(m[node + at.NORMAL])))
            losses = m[m[node + at.BY_LOSS] : m[node + at.BY_LOSS_END]].tolist()
            found += [self._after_loss(loss, v, load + int(m[loss + at.ADDED])) for loss in losses]
        for i in range(m[cell + at.MOVES], m[cell + at.MOVES_END], at.MOVE):
            v = (int(m[i + 1]) - memory.nodes) // at.NODE
            load = int(m[m[i + 1] + at.LOAD] + m[m[i] + at.ADDED]) + int(loaded(power, w[i + 1]))
            found.append(self._after_loss(int(m[i]), v, load))
        return max(found, key=lambda hindrance: hindrance.short)

    def _after_loss(self, loss: int, v: int, load: int) -> _Hindrance:
        memory, nodes = self._memory, self._plan.forest.nodes
        lost, _ = self._plan.losses[(loss - memory.losses) // at.LOSS]
        limit = int(memory.m[memory.nodes + at.NODE * v + at.FAILOVER])
        return _Hindrance(Rule.FAILOVER, f"{nodes[v].name} after the loss of {nodes[lost].name}", load - limit)
