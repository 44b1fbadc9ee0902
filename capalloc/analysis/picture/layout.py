"""Where rows stand on a map of the floor: in halls, side by side and wrapped, blocks kept together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from math import ceil

import numpy as np

from capalloc.analysis.picture.pictured import Pictured
from capalloc.instance.model import NOBODY, Ints

_AISLE, _BETWEEN_BLOCKS, _BETWEEN_BANDS, _BETWEEN_HALLS, _BESIDE_HALLS = 0.3, 0.9, 1, 1, 2.0
_FEWEST, _TRIED = 12.0, 24
_NAME = 2
"""Cells that the name of a hall takes at least, in height."""
_NAME_WIDTH = 3
"""Room for the name of a hall, in its heights."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a map is laid out for."""

    aspect: float
    """Height over width."""
    line: float
    """Height of a line of text over the sheet's width."""


@dataclass(frozen=True, slots=True)
class Layout:
    """A map, in cells: a position is a cell, a row a strip of cells from the top down."""

    columns: float
    height: float
    name: int
    """Cells that the name of a hall takes above it."""
    hall_x: tuple[float, ...]
    hall_y: tuple[float, ...]
    """(halls,) where each hall's name begins, on its base line."""
    hall_room: tuple[float, ...]
    """(halls,) as wide may the name be."""
    row_x: tuple[float, ...]
    row_y: tuple[float, ...]
    """(rows,) the first position of each row; whole cells."""


def ranks(pictured: Pictured) -> Ints:
    """(P,) the place of each position in its row, from 0, by its index."""
    spots, positions = pictured.site.instance.positions, pictured.scenario.facility.positions
    index = np.array([position.index for position in positions])
    order = np.lexsort((np.arange(len(index)), index, spots.row))
    rank = np.empty(len(index), dtype=np.int64)
    rows = spots.row[order]
    first = np.flatnonzero(np.r_[True, rows[1:] != rows[:-1]])
    rank[order] = np.arange(len(index)) - np.repeat(first, np.diff(np.r_[first, len(index)]))
    return rank


def layout_of(pictured: Pictured, sheet: Sheet) -> Layout:
    """The map whose cells are largest on a sheet."""
    rows = _Rows(pictured)
    room = float(np.sum((rows.length + _BETWEEN_BANDS) * (1 + _AISLE)))
    about = max(_FEWEST, np.sqrt(room / sheet.aspect))
    tried = dict.fromkeys(max(_FEWEST, float(np.ceil(about * share))) for share in np.linspace(0.7, 1.7, _TRIED))
    maps = (rows.laid_out(columns, max(_NAME, ceil(columns * sheet.line))) for columns in tried)
    return min(maps, key=lambda one: max(one.columns, one.height / sheet.aspect))


@dataclass(frozen=True, slots=True)
class _Hall:
    rows: Sequence[tuple[int, float, int]]
    """Each row with the corner of its first position, from the corner of the hall."""
    width: float
    height: int


class _Rows:
    """Rows by hall, and how long each is."""

    def __init__(self, pictured: Pictured) -> None:
        spots = pictured.site.instance.positions
        self.length: Ints = np.bincount(spots.row, minlength=len(spots.row_names))
        self.block = _of_rows(spots.row, spots.block)
        hall = _of_rows(spots.row, spots.hall)
        self.halls: list[list[int]] = [[] for _ in spots.hall_names]
        for row, number in enumerate(hall):
            self.halls[number].append(row)

    def laid_out(self, columns: float, name: int) -> Layout:
        """Halls from left to right, in each its rows wrapped, where ``columns`` cells are full; then further down."""
        row_x, row_y = [0.0] * len(self.length), [0.0] * len(self.length)
        hall_x, hall_y = [], []
        left = top = below = widest = 0.0
        for rows in self.halls:
            hall = self._hall(rows, columns)
            wide = max(hall.width, _NAME_WIDTH * name)
            if left and left + wide > columns:
                left, top = 0.0, below
            hall_x.append(round(left, 2))
            hall_y.append(top + name * 0.75)
            for row, x, y in hall.rows:
                row_x[row], row_y[row] = round(left + x, 2), top + name + y
            below = max(below, top + name + hall.height + _BETWEEN_HALLS)
            widest = max(widest, left + wide)
            left += wide + _BESIDE_HALLS
        across = max(widest, _FEWEST)
        room = _room(hall_x, hall_y, across)
        return Layout(across, below, name, tuple(hall_x), tuple(hall_y), room, tuple(row_x), tuple(row_y))

    def _hall(self, rows: Sequence[int], columns: float) -> _Hall:
        placed, down, width = [], 0, 0.0
        for band in self._bands(rows, columns):
            placed += [(row, x, down) for row, x in band]
            width = max(width, band[-1][1] + 1)
            down += max(int(self.length[row]) for row, _ in band) + _BETWEEN_BANDS
        return _Hall(placed, width, down - _BETWEEN_BANDS)

    def _bands(self, rows: Sequence[int], columns: float) -> Iterator[list[tuple[int, float]]]:
        """Rows with their x, band by band; a block is parted only where it is wider than the map."""
        band: list[tuple[int, float]] = []
        x = 0.0
        for of, group in groupby(rows, key=lambda row: self.block[row]):
            block = list(group)
            whole = len(block) + (len(block) - 1) * _AISLE if of != NOBODY else 1.0
            for place, row in enumerate(block):
                gap = _AISLE + (_BETWEEN_BLOCKS if place == 0 else 0.0) if band else 0.0
                needed = whole if place == 0 and whole <= columns else 1.0
                if band and x + gap + needed > columns:
                    yield band
                    band, x, gap = [], 0.0, 0.0
                band.append((row, round(x + gap, 2)))
                x += gap + 1
        if band:
            yield band


def _room(x: Sequence[float], y: Sequence[float], across: float) -> tuple[float, ...]:
    """From each hall to the next one beside it, or to the end of the map."""
    ends = [
        other if level == other_level else across
        for (level, other_level), other in zip(pairwise(y), x[1:], strict=True)
    ]
    return tuple(round(end - begin - 1, 2) for begin, end in zip(x, [*ends, across], strict=False))


def _of_rows(row: Ints, of: Ints) -> list[int]:
    """What the first position of each row belongs to."""
    found = np.full(int(row.max(initial=-1)) + 1, NOBODY)
    found[row[::-1]] = of[::-1]
    values: list[int] = found.tolist()
    return values
