"""The constructive answer: several orders and scores, of which the best stands.

Multi-start greedy: no one order or score is best everywhere, and each costs milliseconds. Decreasing orders (by worth
for what is scarce, by size) are those of first fit decreasing and best fit decreasing for bin packing; the mixed ones
break ties between equal groups. Each rack is put only where every limit holds, so any of the answers will do. How many
are tried depends on how many containers would be looked at.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from capalloc.instance.model import Ints
from capalloc.placement.core.construct import BALANCED, BEST_FIT, DOT_PRODUCT, FIRST_FIT, construct
from capalloc.placement.core.memory import Memory
from capalloc.placement.core.params import SearchParams
from capalloc.placement.core.records import Group, Header
from capalloc.placement.problem.layout import ANYWHERE, LEVELS
from capalloc.placement.problem.requests import Groups

_SCORES = (FIRST_FIT, BALANCED, BEST_FIT, DOT_PRODUCT)


@dataclass(frozen=True, slots=True)
class Starter:
    """Places groups one after the other."""

    groups: Groups
    kinds: Ints
    """(N,) number of the kind of each group: those of a kind have equal power, heat and cooling."""
    cursor: Ints
    """Scratch, one for each kind."""
    params: SearchParams

    @classmethod
    def of(cls, groups: Groups, params: SearchParams) -> Starter:
        """For groups as they are asked for."""
        kind = np.zeros(len(groups.racks), dtype=np.int64)
        columns = (groups.power, *groups.heat.T, groups.cooling)
        for column in (column for column in columns if np.ptp(column)) if len(kind) else ():
            values, value = np.unique(column, return_inverse=True)
            kind = np.unique(kind * len(values) + value, return_inverse=True)[1]
        return cls(groups, kind.astype(np.int64), np.zeros(kind.max(initial=-1) + 1, dtype=np.int64), params)

    def place(self, memory: Memory, order: Ints, score: int) -> None:
        """Place what is missing of groups in an order."""
        last = np.zeros(len(LEVELS), dtype=np.int64)
        records = memory.places[Group].start + Group.SIZE * order
        construct(memory.m, memory.w, records, self.kinds[order], self.cursor, last, score, self.params.containers)

    def best(self, memory: Memory, orders: tuple[Ints, ...], target: float) -> float:
        """The best of several constructions, in ``memory``; its worth. One that reaches ``target`` is enough."""
        empty, best, most = memory.m.copy(), memory.m.copy(), -1.0
        for order, score in self._ways(memory, orders):
            memory.m[:] = empty
            self.place(memory, order, score)
            if (worth := worth_of(memory, self.groups)) > most:
                best[:], most = memory.m, worth
            if most >= target:
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

    def complete(self, memory: Memory) -> None:
        """Let in whatever still fits, also where it is worth nothing."""
        self.place(memory, np.flatnonzero(memory[Group.PLACED] < self.groups.racks), FIRST_FIT)


def worth_of(memory: Memory, groups: Groups) -> float:
    """Worth of what is placed."""
    placed = memory[Group.PLACED]
    return float(groups.gain @ placed + groups.bonus @ (placed == groups.racks))
