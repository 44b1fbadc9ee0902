"""From the records of the placement core back to positions, kW and reasons."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from capalloc.placement.core import records as at
from capalloc.placement.core.load import fitting, stand
from capalloc.placement.core.memory import Memory
from capalloc.placement.problem.layout import MW_PER_W, NO_LIMIT, Floorplan
from capalloc.units import W_PER_KW

_MUCH = 1 << 40
_DROP = 1_000
"""mW in which power is poured: 1 W."""


def positions_taken(plan: Floorplan, memory: Memory) -> Iterator[tuple[int, int]]:
    """(group, position) of every placed rack; racks of a group stand side by side where a cell allows."""
    m = memory.m
    table = m[memory.groups : memory.entries].reshape(-1, at.GROUP)
    taken: dict[int, list[tuple[int, int]]] = {}
    for group in np.flatnonzero(table[:, at.PLACED]).tolist():
        first = int(table[group, at.FIRST])
        for entry in range(first, first + at.ENTRY * int(table[group, at.ENTRIES]), at.ENTRY):
            cell = (int(m[entry + at.AT]) - memory.cells) // at.CELL
            taken.setdefault(cell, []).append((group, int(m[entry + at.COUNT])))
    for cell, entries in sorted(taken.items()):
        free = iter(plan.cells[cell].tolist())
        for group, racks in sorted(entries):
            yield from ((group, next(free)) for _ in range(racks))


def stranded_kw(plan: Floorplan, memory: Memory) -> float:
    """kW that the roots could still carry and that no free position can draw, however much one draws.

    What free positions can draw is found by pouring power into one cell after the other: exact for single cords, at
    most a little too high elsewhere.
    """
    poured = memory.copy()
    _pour(poured)
    loads = poured.m[poured.nodes : poured.nodes + at.NODE * len(plan.forest.nodes)].reshape(-1, at.NODE)
    roots = loads[list(plan.forest.roots)]
    left = np.maximum(roots[:, at.NORMAL] - roots[:, at.LOAD], 0)
    return float(left[roots[:, at.NORMAL] < NO_LIMIT].sum()) / (MW_PER_W * W_PER_KW)


def _pour(memory: Memory) -> None:
    """Draw as much as there is at every free position."""
    m, w = memory.m, memory.w
    for cell in range(int(m[at.CELLS]), int(m[at.CELLS_END]), at.CELL):
        free = m[cell + at.FREE]
        if free > 0:
            m[cell + at.FREE] = _MUCH
            drops = fitting(m, w, cell, _DROP, _DROP, _MUCH)
            stand(m, w, cell, _DROP, _DROP, drops)
            m[cell + at.FREE] = free
