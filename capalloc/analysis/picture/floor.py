"""The floor: where positions are, and what stands at each of them period by period."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property

import numpy as np

from capalloc.analysis.picture.pictured import Pictured
from capalloc.instance.model import NOBODY, Ints


class State(IntEnum):
    """What a position is like in a period; to ``SERVES`` twice the demand's number is added, and 1 for a spare."""

    EMPTY = 0
    """No rack stands there."""
    AWAITED = 1
    """Free until a rack arrives."""
    IDLE = 2
    """Powered, serves nobody."""
    OFF = 3
    """Switched off."""
    UNUSABLE = 4
    """A rack stands there that cannot serve: maintenance, not yet in service."""
    DARK = 5
    """Without power, or in an outage."""
    SERVES = 6


NAMES = ("empty", "awaited", "idle", "off", "unusable", "dark")
"""Of states below ``SERVES``, by number."""


def serves(demand: int, *, spare: bool = False) -> int:
    """The state of a position whose rack serves a demand, or is held for it."""
    return State.SERVES + 2 * demand + spare


@dataclass(frozen=True, slots=True)
class Floor:
    """P positions over T periods."""

    state: Ints
    """(P, T) see :class:`State`."""
    rack: Ints
    """(P, T) the rack that stands there; NOBODY where none does."""


def floor_of(pictured: Pictured) -> Floor:
    """What stands where and does what."""
    return _Reading(pictured).floor


class _Reading:
    def __init__(self, pictured: Pictured) -> None:
        self.site = pictured.site
        self.shape = self.site.free.shape

    @cached_property
    def floor(self) -> Floor:
        rack = self._rack()
        state = np.full(self.shape, int(State.EMPTY))
        state[self.site.kept] = State.AWAITED
        p, t = np.nonzero(rack != NOBODY)
        state[p, t] = self._of_racks()[rack[p, t], t]
        dark = ~self.site.instance.positions.ok
        state[dark & (state < State.SERVES)] = State.DARK
        return Floor(state, rack)

    def _rack(self) -> Ints:
        rack = np.full(self.shape, NOBODY)
        r, t = np.nonzero(self.site.stands)
        rack[self.site.roster.position[r], t] = r
        return rack

    def _of_racks(self) -> Ints:
        """(R, T) what each rack does where it stands."""
        roster, site = self.site.roster, self.site.instance
        powered = site.policy.idle_powered & ~roster.off
        state = np.where(powered, int(State.IDLE), int(State.OFF))
        state[~site.racks.usable] = State.UNUSABLE
        spare = roster.buffer != NOBODY
        state[spare] = State.SERVES + 2 * roster.buffer[spare] + 1
        serving = roster.serving != NOBODY
        state[serving] = State.SERVES + 2 * roster.serving[serving]
        return state


@dataclass(frozen=True, slots=True)
class Layout:
    """Where rows stand on the map, in cells: a position is a cell, a row a strip of cells from the top down."""

    columns: float
    height: float
    hall_y: tuple[float, ...]
    """(halls,) the line of each hall's name."""
    row_x: tuple[float, ...]
    row_y: tuple[float, ...]
    """(rows,) the first position of each row."""


HALL_NAME = 2.0
"""Cells that the name of a hall takes above it."""
_AISLE, _BETWEEN_BLOCKS, _BETWEEN_BANDS, _BETWEEN_HALLS = 0.35, 1.0, 1.0, 1.0
_ASPECT = 0.55
"""Height over width that a map of a wide window has, about."""
_FEWEST = 24.0


def ranks(pictured: Pictured) -> Ints:
    """(P,) the place of each position in its row, from 0, by its index."""
    spots, positions = pictured.site.instance.positions, pictured.scenario.facility.positions
    index = np.array([position.index for position in positions])
    order = np.lexsort((np.arange(len(index)), index, spots.row))
    rank = np.empty(len(index), dtype=np.int64)
    rows = spots.row[order]
    first = np.flatnonzero(np.r_[True, rows[1:] != rows[:-1]]) if len(rows) else np.array([], dtype=np.int64)
    rank[order] = np.arange(len(index)) - np.repeat(first, np.diff(np.r_[first, len(index)]))
    return rank


def wide_columns(pictured: Pictured) -> float:
    """Cells that make a map of a pleasing shape wide."""
    length = np.bincount(pictured.site.instance.positions.row)
    area = float(((length + _BETWEEN_BANDS) * (1 + _AISLE)).sum())
    return float(max(_FEWEST, np.ceil(np.sqrt(area / _ASPECT))))


def layout_of(pictured: Pictured, columns: float) -> Layout:
    """Halls one below the other, in each its rows side by side, wrapped where ``columns`` cells are full."""
    spots = pictured.site.instance.positions
    length = np.bincount(spots.row, minlength=len(spots.row_names)).tolist()
    hall, block = _of_rows(spots.row, spots.hall), _of_rows(spots.row, spots.block)
    row_x, row_y, hall_y, y = [0.0] * len(length), [0.0] * len(length), [], 0.0
    for number in range(len(spots.hall_names)):
        hall_y.append(y + HALL_NAME - 0.5)
        y += HALL_NAME
        for band in _bands([row for row in range(len(length)) if hall[row] == number], block, columns):
            for row, x in band:
                row_x[row], row_y[row] = x, y
            y += max(length[row] for row, _ in band) + _BETWEEN_BANDS
        y += _BETWEEN_HALLS - _BETWEEN_BANDS
    return Layout(columns, y, tuple(hall_y), tuple(row_x), tuple(row_y))


def _bands(rows: Sequence[int], block: Sequence[int], columns: float) -> Iterator[list[tuple[int, float]]]:
    """Rows with their x, band by band."""
    band: list[tuple[int, float]] = []
    x = 0.0
    for place, row in enumerate(rows):
        if place and band:
            x += _AISLE + (_BETWEEN_BLOCKS if block[row] != block[rows[place - 1]] else 0.0)
        if band and x + 1 > columns:
            yield band
            band, x = [], 0.0
        band.append((row, round(x, 2)))
        x += 1
    if band:
        yield band


def _of_rows(row: Ints, of: Ints) -> list[int]:
    """What the first position of each row belongs to."""
    found = np.full(int(row.max(initial=-1)) + 1, NOBODY)
    found[row[::-1]] = of[::-1]
    values: list[int] = found.tolist()
    return values
