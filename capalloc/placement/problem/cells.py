"""Cells and containers: positions that nothing tells apart, and what requests have to stand in."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from capalloc.instance.model import Bools, Ints
from capalloc.instance.power.cords import Cords
from capalloc.placement.problem.layout import LEVELS, NONE
from capalloc.schema.facility import Facility


def cells_of(facility: Facility, cords: Cords, lit: Bools, taken: Collection[int]) -> tuple[Ints, tuple[Ints, ...]]:
    """The cell of each position (P,), NONE where it is dark or ``taken``; and the positions of each cell.

    ``lit`` (G,) says of each way of cording whether it has power. Positions of a cell are in order of the table.
    """
    number: dict[tuple[object, ...], int] = {}
    cell_of = np.full(len(facility.positions), NONE, dtype=np.int64)
    for p, place in enumerate(facility.positions):
        way = int(cords.way[p])
        if lit[way] and p not in taken:
            key = (place.row_key, way, place.cooling_zone, place.fabric_block, place.cooling)
            cell_of[p] = number.setdefault(key, len(number))
    index = np.array([place.index for place in facility.positions], dtype=np.int64)
    order = np.lexsort((np.arange(len(cell_of)), index, cell_of))
    order = order[cell_of[order] >= 0]
    borders = np.cumsum(np.bincount(cell_of[order], minlength=len(number)))[:-1]
    return cell_of, tuple(np.split(order, borders)) if number else ()


@dataclass(frozen=True, slots=True)
class Containers:
    """Rows, fabric blocks, halls and the site, numbered in this order, with the cells in each."""

    of_cell: Ints
    """(S, 4) the containers of each cell by level; NONE where it is in no block."""
    names: tuple[str, ...]
    level_ptr: Ints
    """(5,) slices of the containers of each level."""
    cell_ptr: Ints
    """(K + 1,) slices of the next."""
    cells: Ints
    """Cells of each container in order."""

    @classmethod
    def of(cls, facility: Facility, firsts: Ints) -> Containers:
        """Of cells with positions ``firsts`` (S,) among others."""
        places = [facility.positions[p] for p in firsts.tolist()]
        keys = (
            [place.row_key for place in places],
            [place.fabric_block for place in places],
            [place.hall for place in places],
            ["site"] * len(places),
        )
        of_cell = np.full((len(places), len(LEVELS)), NONE, dtype=np.int64)
        names: list[str] = []
        level_ptr = [0]
        for level, key_of in enumerate(keys):
            number: dict[str, int] = {}
            for s, name in enumerate(key_of):
                if name is not None:
                    of_cell[s, level] = number.setdefault(name, len(names) + len(number))
            names += number
            level_ptr.append(len(names))
        cell, _ = np.nonzero(of_cell >= 0)
        container = of_cell[of_cell >= 0]
        cells = cell[np.argsort(container, kind="stable")]
        return cls(of_cell, tuple(names), np.array(level_ptr, dtype=np.int64), pointers(container, len(names)), cells)

    def numbers(self) -> dict[tuple[int, str], int]:
        """Containers by level and name."""
        level = np.searchsorted(self.level_ptr, np.arange(len(self.names)), side="right") - 1
        return {(int(at), name): k for k, (at, name) in enumerate(zip(level, self.names, strict=True))}


def pointers(of: Ints, count: int) -> Ints:
    """(count + 1,) where the slice of each number begins in a list that is sorted by ``of``."""
    return np.concatenate(([0], np.cumsum(np.bincount(of, minlength=count)))).astype(np.int64)
