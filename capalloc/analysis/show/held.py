"""Who holds the racks at some positions, period by period."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from capalloc.instance.model import NOBODY, Bools, Instance, Ints
from capalloc.roster.draw import drawn_w
from capalloc.roster.roster import Roster


@dataclass(frozen=True, slots=True)
class Group:
    """Racks of one type at some positions that serve one demand in a period, or nobody."""

    demand: int
    """NOBODY: they stand there and serve nobody."""
    kind: int
    racks: int
    draw_w: int


class Holders:
    """Who holds what, by period."""

    def __init__(self, instance: Instance, roster: Roster, stands: Bools) -> None:
        """``stands`` is (R, T)."""
        self.instance, self.roster, self.stands = instance, roster, stands
        self.drawn = drawn_w(instance, roster)

    def at(self, positions: Ints, t: int) -> Iterator[Group]:
        """Groups of the racks that stand at some positions, demands first, in their order and then by type."""
        inside = np.zeros(len(self.instance.positions.names), dtype=bool)
        inside[positions] = True
        here = self.stands[:, t] & inside[self.roster.position]
        yield from self.of(here, t)

    def of(self, racks: Bools, t: int) -> Iterator[Group]:
        """Groups of some racks, (R,)."""
        serving, kinds = self.roster.serving[racks, t], self.instance.racks.type[racks]
        keys = np.where(serving == NOBODY, len(self.instance.demands), serving) * len(self.instance.type_names) + kinds
        found, line = np.unique(keys, return_inverse=True)
        draw = np.bincount(line.reshape(-1), weights=self.drawn[racks, t], minlength=len(found))
        count = np.bincount(line.reshape(-1), minlength=len(found))
        for key, n, watts in zip(found.tolist(), count.tolist(), draw.tolist(), strict=True):
            demand, kind = divmod(key, len(self.instance.type_names))
            yield Group(NOBODY if demand == len(self.instance.demands) else demand, kind, n, round(watts))
