"""How whole fabric blocks are: what stands in them serves one demand, several, or none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from capalloc.instance.model import NOBODY, Bools, Instance, Ints
from capalloc.roster.roster import Roster


@dataclass(frozen=True, slots=True)
class Fragments:
    """Fabric blocks with usable racks in one period; a row stands for positions without a block."""

    whole: int
    """All usable racks serve one demand."""
    part: int
    """Some serve one demand, the others none."""
    shared: int
    """Racks serve more than one demand."""
    free: int
    """No rack serves anybody."""


def blocks_of(instance: Instance, roster: Roster) -> Iterator[Fragments]:
    """Count for each period what stands on positions that are energised and in no outage."""
    stands = roster.position >= 0
    at = roster.position[stands]
    usable = instance.racks.usable[stands] & instance.positions.ok[at]
    return fragments(instance.positions.unit[at], roster.serving[stands], usable)


def fragments(unit: Ints, serving: Ints, usable: Bools) -> Iterator[Fragments]:
    """Count for each period; ``unit`` (R,) is what each rack stands in, ``serving`` and ``usable`` are (R, T)."""
    units, demands = int(unit.max(initial=-1)) + 1, int(serving.max(initial=-1)) + 1
    for t in range(serving.shape[1]):
        there = usable[:, t]
        serves = there & (serving[:, t] != NOBODY)
        racks = np.bincount(unit[there], minlength=units)
        pairs = np.bincount(unit[serves] * demands + serving[serves, t], minlength=units * demands)
        by_demand = pairs.reshape(units, demands)
        busy, kinds = by_demand.sum(axis=1), (by_demand > 0).sum(axis=1)
        yield Fragments(
            whole=int(((kinds == 1) & (busy == racks)).sum()),
            part=int(((kinds == 1) & (busy < racks)).sum()),
            shared=int((kinds > 1).sum()),
            free=int(((racks > 0) & (kinds == 0)).sum()),
        )
