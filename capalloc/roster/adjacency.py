"""Rules that keep an idle rack from a demand although every limit has room: neighbours, lots, types and hand-over."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from capalloc.instance.model import NOBODY, Bools, Instance, Ints
from capalloc.roster.roster import Roster
from capalloc.schema.rules import Rule

Cause = tuple[Rule, str]
"""A rule, and where it keeps a rack away."""
Kept = tuple[Ints, Callable[[int], Cause]]
"""For each rack asked about the number of what keeps it, -1 for nothing; and the cause that a number stands for."""


def named(rule: Rule, names: Sequence[str]) -> Callable[[int], Cause]:
    """Numbers stand for one rule at places, racks or demands by name."""
    return lambda number: (rule, names[number])


def hand_over_reach(instance: Instance, roster: Roster) -> tuple[Bools, Bools]:
    """(T - 1, T) twice, at [s, t]: whether what leaves, or comes, after period s keeps a hand-over in period t."""
    moves = (roster.serving[:, 1:] != roster.serving[:, :-1]).any(axis=0)[:, None]
    comes = np.zeros_like(instance.cools_at[1:])
    comes[:, :-1] = instance.cools_at[1:, 1:].T
    return instance.cools_at[1:] & moves, comes & moves


class Adjacency:
    """Who serves next to whom in one period."""

    def __init__(self, instance: Instance, roster: Roster, near: tuple[Bools, Bools], t: int) -> None:
        """``near`` is what :func:`hand_over_reach` says of the roster."""
        self.instance, self.roster, self.t = instance, roster, t
        self.serving = np.ascontiguousarray(roster.serving[:, t])
        self.leaves, self.comes = near[0][:, t], near[1][:, t]
        self.isolates = [data.demand.isolation for data in instance.demands]
        self.present: dict[str, Bools] = {}

    def isolation_by_row(self, d: int, racks: Ints) -> Kept:
        """Racks in a row that another demand has, where either of the two wants it alone."""
        return self._isolation(d, racks, "row")

    def isolation_by_hall(self, d: int, racks: Ints) -> Kept:
        """As :meth:`isolation_by_row` for halls."""
        return self._isolation(d, racks, "hall")

    def one_type(self, d: int, racks: Ints) -> Kept:
        """Racks of another type than the one that a homogeneous demand has."""
        kinds, names = self.instance.racks.type, self.instance.type_names
        number = np.full(len(racks), -1)
        serving = np.flatnonzero(self.serving == d)
        if self.instance.demands[d].demand.homogeneous and len(serving):
            number[kinds[racks] != kinds[serving[0]]] = kinds[serving[0]]
        return number, lambda kind: (Rule.COMPATIBILITY, f"only {names[kind]} at a time")

    def lots(self, d: int, racks: Ints) -> Kept:
        """Racks in a group where the demand has none of their type to complete a lot with."""
        lots = self.instance.demands[d].demand.locality
        if lots is None or lots.min_racks == 1:
            return np.full(len(racks), -1), named(Rule.LOCALITY, ())
        group, names = self._groups(lots.level)
        kinds = self.instance.racks.type
        begun = np.zeros((len(names), len(self.instance.type_names)), dtype=bool)
        serving = np.flatnonzero(self.serving == d)
        begun[group[self.roster.position[serving]], kinds[serving]] = True
        own = group[self.roster.position[racks]]
        return np.where(begun[own, kinds[racks]], -1, own), named(Rule.LOCALITY, names)

    def hand_over_before(self, d: int, racks: Ints) -> Kept:
        """Racks that the incumbent had serve another demand until shortly before."""
        waits = (self.t < self.instance.racks.ready[racks]) & (self.instance.racks.last[racks] != d)
        return np.where(waits, racks, -1), named(Rule.HAND_OVER, self.instance.racks.names)

    def hand_over(self, d: int, racks: Ints) -> Kept:
        """Racks that have just left another demand, or are about to serve one."""
        number = np.full(len(racks), NOBODY)
        for s in np.flatnonzero(self.leaves | self.comes):
            now, then = self.roster.serving[racks, s], self.roster.serving[racks, s + 1]
            moves = (number == NOBODY) & (now != then)
            left = moves & (now != NOBODY) & (now != d)
            comes = moves & (then != NOBODY) & (then != d)
            kept = (left & self.leaves[s]) | (comes & self.comes[s])
            number[kept] = np.where(left, now, then)[kept]
        return number, named(Rule.HAND_OVER, self.instance.demand_names)

    def _isolation(self, d: int, racks: Ints, level: str) -> Kept:
        group, names = self._groups(level)
        others = [e for e, alone in enumerate(self.isolates) if e != d and level in (alone, self.isolates[d])]
        if not others:
            return np.full(len(racks), -1), named(Rule.ISOLATION, names)
        taken = np.asarray(self._served(level)[others].any(axis=0))
        own = group[self.roster.position[racks]]
        return np.where(taken[own], own, -1), named(Rule.ISOLATION, names)

    def _served(self, level: str) -> Bools:
        """(D, groups) whether a demand has a rack in a group of the level."""
        if level not in self.present:
            group, names = self._groups(level)
            self.present[level] = np.zeros((len(self.isolates), len(names)), dtype=bool)
            serving = np.flatnonzero(self.serving != NOBODY)
            self.present[level][self.serving[serving], group[self.roster.position[serving]]] = True
        return self.present[level]

    def _groups(self, level: str) -> tuple[Ints, tuple[str, ...]]:
        """(P,) row, hall or block of each position, and their names."""
        places = self.instance.positions
        if level == "row":
            return places.row, places.row_names
        if level == "hall":
            return places.hall, places.hall_names
        count = len(places.block_names)
        return np.where(places.block < 0, count, places.block), (*places.block_names, "no fabric block")
