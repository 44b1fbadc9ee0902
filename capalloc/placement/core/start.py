"""The constructive answer: several orders and scores, of which the best stands.

Multi-start greedy: no one order or score is best everywhere, and each costs milliseconds. Decreasing orders (by worth
for what is scarce, by size) are those of first fit decreasing and best fit decreasing for bin packing; the mixed ones
break ties between equal groups. Each rack is put only where every limit holds, so any of the answers will do. How many
are tried depends on how many containers would be looked at, and on the time.
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
from capalloc.placement.problem.layout import ANYWHERE, LEVELS
from capalloc.placement.problem.requests import Groups

_CHUNK = 4096
"""Groups that are placed between two looks at the clock."""
_SCORES = (FIRST_FIT, BALANCED, BEST_FIT, DOT_PRODUCT)


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

    def best(self, memory: Memory, orders: tuple[Ints, ...], target: float, until: float = np.inf) -> float:
        """The best of several constructions, in ``memory``; its worth. One that reaches ``target`` is enough.

        At ``until`` (by ``time.perf_counter``) it is the best so far.
        """
        empty, best, most = memory.m.copy(), memory.m.copy(), -1.0
        for order, score in self._ways(memory, orders):
            memory.m[:] = empty
            self.place(memory, order, score, until)
            if (worth := worth_of(memory, self.groups)) > most:
                best[:], most = memory.m, worth
            if most >= target or time.perf_counter() >= until:
                break
        memory.m[:] = best
        return max(most, 0.0)

    def _ways(self, memory: Memory, orders: tuple[Ints, ...]) -> list[tuple[Ints, int]]:
        """Orders and scores to try: the first fit in every order, and in the first other scores as far as is quick.

        Where most groups stand anywhere, the first fit alone: other scores find no more there, and take longer.
        """
        params, rows = self.params, int(memory.m[Header.LEVELS + 1])
        looks = len(orders[0]) * min(rows, params.containers)
        few = (FIRST_FIT, DOT_PRODUCT) if looks <= params.slow_looks else (FIRST_FIT,)
        scores = _SCORES if looks <= params.quick_looks else few
        if 2 * np.count_nonzero(self.groups.level == ANYWHERE) > len(self.groups.level):
            scores = (FIRST_FIT,)
        return [(orders[0], score) for score in scores] + [(order, FIRST_FIT) for order in orders[1:]]

    def complete(self, memory: Memory, until: float) -> None:
        """Let in whatever still fits until the time is up, also where it is worth nothing."""
        self.place(memory, np.flatnonzero(memory[Group.PLACED] < self.groups.racks), FIRST_FIT, until)


def worth_of(memory: Memory, groups: Groups) -> float:
    """Worth of what is placed."""
    placed = memory[Group.PLACED]
    return float(groups.gain @ placed + groups.bonus @ (placed == groups.racks))
