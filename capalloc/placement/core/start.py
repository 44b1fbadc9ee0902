"""The constructive answer: several orders and scores, of which the best stands.

Multi-start greedy: no one order or score is best everywhere, and each costs milliseconds. Decreasing orders (by worth
for what is scarce, by size) are those of first fit decreasing and best fit decreasing for bin packing; the mixed ones
break ties between equal groups. Each rack is put only where every limit holds, so any of the answers will do. How many
are tried depends on how many containers would be looked at, and on the time.

Where racks draw differently, a row may run out of power before it runs out of positions. So power is also kept back, in
some constructions, for every position that is still free beside racks that draw more: then they share rows with those
that draw less, as items of unlike shape fill a bin in vector packing.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from capalloc.instance.model import Ints
from capalloc.placement.core.construct import BALANCED, BEST_FIT, DOT_PRODUCT, FIRST_FIT, construct
from capalloc.placement.core.index import index_of
from capalloc.placement.core.memory import Memory
from capalloc.placement.core.params import SearchParams
from capalloc.placement.core.records import Group, Header
from capalloc.placement.core.scarcity import Scarcity, densest_first, orders, sparing_orders
from capalloc.placement.problem.layout import ANYWHERE, LEVELS
from capalloc.placement.problem.requests import Groups

_CHUNK = 4096
"""Groups that are placed between two looks at the clock."""
_SCORES = (FIRST_FIT, BALANCED, BEST_FIT, DOT_PRODUCT)


@dataclass(frozen=True, slots=True)
class Way:
    """A construction."""

    order: Ints
    score: int
    reserve: int = 0
    """Milliwatts kept back for each position that stays free, as far as groups find room as a whole; 0: nothing is."""


@dataclass(frozen=True, slots=True)
class Starter:
    """Places groups one after the other."""

    groups: Groups
    params: SearchParams

    def place(self, memory: Memory, order: Ints, score: int, until: float = np.inf) -> None:
        """Place what is missing of groups in an order; those that are left at ``until`` are not looked at."""
        last = np.zeros(len(LEVELS), dtype=np.int64)
        records = memory.places[Group].start + Group.SIZE * order
        index = index_of(memory.m, memory.w, np.unique(self.groups.level[order]).tolist())
        for first in range(0, len(records), _CHUNK):
            chunk = records[first : first + _CHUNK]
            construct(memory.m, memory.w, chunk, index, last, score, self.params.containers)
            if time.perf_counter() >= until:
                break

    def best(self, memory: Memory, scarce: Scarcity, target: float, until: float = np.inf) -> float:
        """The best of several constructions, in ``memory``; its worth. One that reaches ``target`` is enough.

        At ``until`` (by ``time.perf_counter``) it is the best so far.
        """
        empty, best, most = memory.m.copy(), memory.m.copy(), -1.0
        for way in self._ways(memory, scarce):
            memory.m[:] = empty
            self._construct(memory, way, scarce, until)
            if (worth := worth_of(memory, self.groups)) > most:
                best[:], most = memory.m, worth
            if most >= target or time.perf_counter() >= until:
                break
        memory.m[:] = best
        return max(most, 0.0)

    def _construct(self, memory: Memory, way: Way, scarce: Scarcity, until: float) -> None:
        """Place groups in one way; under a reserve as a whole first, then what is left without it, densest first."""
        if way.reserve == 0:
            self.place(memory, way.order, way.score, until)
            return
        memory.m[Header.RESERVE], memory[Group.ALL_OR_NOTHING] = way.reserve, 1
        self.place(memory, way.order, way.score, until)
        memory.m[Header.RESERVE], memory[Group.ALL_OR_NOTHING] = 0, self.groups.all_or_nothing
        self.place(memory, densest_first(self.groups, scarce), way.score, until)

    def _ways(self, memory: Memory, scarce: Scarcity) -> list[Way]:
        """Orders and scores to try: the first fit in every order, and in the first other scores as far as is quick.

        Where most groups stand anywhere, the first fit alone: other scores find no more there, and take longer.
        """
        params, rows = self.params, int(memory.m[Header.LEVELS + 1])
        densest, *others = orders(self.groups, scarce, np.random.default_rng(params.seed))
        looks = len(densest) * min(rows, params.containers)
        few = (FIRST_FIT, DOT_PRODUCT) if looks <= params.slow_looks else (FIRST_FIT,)
        scores = _SCORES if looks <= params.quick_looks else few
        plain = [Way(order, FIRST_FIT) for order in others]
        if 2 * np.count_nonzero(self.groups.level == ANYWHERE) > len(self.groups.level):
            return [Way(densest, FIRST_FIT), *plain]
        return [*self._sparing_ways(scarce), *(Way(densest, score) for score in scores), *plain]

    def _sparing_ways(self, scarce: Scarcity) -> list[Way]:
        """Ways that keep power back for what stands beside racks that draw more than others."""
        racks, power = self.groups.racks, self.groups.power
        if not racks.any() or power.min() == power.max():
            return []
        mean = float(racks @ power) / float(racks.sum())
        return [
            Way(order, FIRST_FIT, round(share * mean))
            for order, share in zip(sparing_orders(self.groups, scarce), self.params.reserves, strict=True)
        ]

    def complete(self, memory: Memory, until: float) -> None:
        """Let in whatever still fits until the time is up, also where it is worth nothing."""
        self.place(memory, np.flatnonzero(memory[Group.PLACED] < self.groups.racks), FIRST_FIT, until)


def worth_of(memory: Memory, groups: Groups) -> float:
    """Worth of what is placed."""
    placed = memory[Group.PLACED]
    return float(groups.gain @ placed + groups.bonus @ (placed == groups.racks))
