"""The constructive answer: several orders and scores, of which the best stands."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from capalloc.instance.model import Ints
from capalloc.placement.core import records as at
from capalloc.placement.core.construct import BALANCED, BEST_FIT, DOT_PRODUCT, FIRST_FIT, LOOKED_AT, construct
from capalloc.placement.core.memory import Memory
from capalloc.placement.problem.layout import LEVELS
from capalloc.placement.problem.requests import Groups

_SCORES = (FIRST_FIT, BALANCED, BEST_FIT, DOT_PRODUCT)
_QUICK, _SLOW = 20_000, 3_000_000
"""Looks into containers up to which every score is tried, and up to which DOT_PRODUCT is."""


@dataclass(frozen=True, slots=True)
class Starter:
    """Places groups one after the other."""

    groups: Groups
    kinds: Ints
    """(N,) number of the kind of each group: those of a kind have equal power and heat."""
    cursor: Ints
    """Scratch, one for each kind."""

    @classmethod
    def of(cls, groups: Groups) -> Starter:
        """For groups as they are asked for."""
        power = np.unique(groups.power, return_inverse=True)[1]
        heats, heat = np.unique(groups.heat, return_inverse=True)
        kinds, kind = np.unique(power * len(heats) + heat, return_inverse=True)
        return cls(groups, kind.astype(np.int64), np.zeros(len(kinds), dtype=np.int64))

    def place(self, memory: Memory, order: Ints, score: int) -> None:
        """Place what is missing of groups in an order."""
        last = np.zeros(len(LEVELS), dtype=np.int64)
        records = memory.groups + at.GROUP * order
        construct(memory.m, memory.w, records, self.kinds[order], self.cursor, last, score, LOOKED_AT)

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
        looks = len(orders[0]) * min(memory.rows(), LOOKED_AT)
        scores = _SCORES if looks <= _QUICK else (FIRST_FIT, DOT_PRODUCT) if looks <= _SLOW else (FIRST_FIT,)
        if 2 * np.count_nonzero(self.groups.level == LEVELS.index("none")) > len(self.groups.level):
            scores = (FIRST_FIT,)
        return [(orders[0], score) for score in scores] + [(order, FIRST_FIT) for order in orders[1:]]

    def complete(self, memory: Memory) -> None:
        """Let in whatever still fits, also where it is worth nothing."""
        self.place(memory, np.flatnonzero(memory.placed() < self.groups.racks), FIRST_FIT)


def worth_of(memory: Memory, groups: Groups) -> float:
    """Worth of what is placed."""
    placed = memory.placed()
    return float(groups.gain @ placed + groups.bonus @ (placed == groups.racks))
