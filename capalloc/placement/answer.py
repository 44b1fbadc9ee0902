"""From the records of the placement core back to positions, kW and reasons."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from capalloc.placement.core.load import fitting, stand
from capalloc.placement.core.memory import Memory
from capalloc.placement.core.records import Cell, Group, Node
from capalloc.placement.problem.layout import NO_LIMIT, PlacementProblem
from capalloc.units import MILLIWATTS_PER_KW, MILLIWATTS_PER_W

_MUCH = 1 << 40
_DROP = MILLIWATTS_PER_W
"""Milliwatts in which power is poured."""


def positions_taken(problem: PlacementProblem, memory: Memory) -> Iterator[tuple[int, int]]:
    """(group, position) of every placed rack; racks of a group stand side by side where a cell allows."""
    taken: dict[int, list[tuple[int, int]]] = {}
    for group in np.flatnonzero(memory[Group.PLACED]).tolist():
        for cell, racks in memory.entries(memory.places[Group][group]):
            taken.setdefault(cell, []).append((group, racks))
    for cell, entries in sorted(taken.items()):
        free = iter(problem.cells[cell].tolist())
        for group, racks in sorted(entries):
            yield from ((group, next(free)) for _ in range(racks))


def stranded_kw(problem: PlacementProblem, memory: Memory) -> float:
    """kW that the roots could still carry and that no free position can draw, however much one draws.

    What free positions can draw is found by pouring power into one cell after the other: exact for single cords, at
    most a little too high elsewhere.
    """
    poured = memory.copy()
    _pour(poured)
    roots = list(problem.forest.roots)
    normal, load = poured[Node.NORMAL][roots], poured[Node.LOAD][roots]
    return float(np.maximum(normal - load, 0)[normal < NO_LIMIT].sum()) / MILLIWATTS_PER_KW


def _pour(memory: Memory) -> None:
    """Draw as much as there is at every free position."""
    m, w = memory.m, memory.w
    for cell in memory.places[Cell]:
        free = m[cell + Cell.FREE]
        if free > 0:
            m[cell + Cell.FREE] = _MUCH
            drops = fitting(m, w, cell, _DROP, _DROP, _MUCH)
            stand(m, w, cell, _DROP, _DROP, drops)
            m[cell + Cell.FREE] = free
