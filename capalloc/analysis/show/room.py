"""What racks at some positions could draw in addition, and how many more of a type would fit.

Positions that no limit on watts tells apart are one cell. A limit that one cell alone loads, as its busway's,
bounds it; cells that load all other limits alike are one column. kW are a linear program over the columns; racks are
its optimum rounded down and then filled up one rack at a time where most is left, which is exact where it meets the
program's own optimum rounded down, and where not even one rack fits.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from capalloc.analysis.show.largest import NOISE, in_whole_units, largest_sum, room_of, whole_columns
from capalloc.analysis.show.loads import NodeLoads
from capalloc.instance.model import Bools, Floats, Instance, Ints
from capalloc.roster.draw import drawn_w
from capalloc.roster.loads import CellEntries, RowLoads
from capalloc.roster.roster import Roster
from capalloc.schema.rules import Rule
from capalloc.units import W_PER_KW, load_w

_AFTER_LOSS = (Rule.POWER, Rule.SUPPLY, Rule.FAILOVER)
_NORMAL = (Rule.POWER, Rule.SUPPLY)


@dataclass(frozen=True, slots=True)
class Bound:
    """What stands in the way of one rack more."""

    rule: Rule
    where: str
    lost: str | None = None
    """The contingency whose loss makes it so."""


@dataclass(frozen=True, slots=True)
class Fit:
    """Racks of one type that would still fit."""

    racks: int
    exact: bool
    """False: at least so many."""
    bound: Bound


class Room:
    """What every limit on watts leaves in each period of a plan."""

    def __init__(self, instance: Instance, roster: Roster, free: Bools, loads: NodeLoads) -> None:
        """``free`` is (P, T)."""
        self.instance, self.free = instance, free
        self.nameplate_w = [load_w(kind.nameplate_kw) for kind in instance.scenario.facility.rack_types]
        self._rows = RowLoads(instance, roster.position)
        self._drawn = drawn_w(instance, roster)
        self._left: dict[int, Floats] = {}
        self._known: dict[bytes, tuple[float, Floats]] = {}
        zones: dict[str | None, int] = {}
        places = instance.scenario.facility.positions
        zone = np.array([zones.setdefault(place.cooling_zone, len(zones)) for place in places], dtype=np.int64)
        _, of = np.unique(loads.cords.way * len(zones) + zone, return_inverse=True)
        self.cell: Ints = of.reshape(-1)
        """(P,) the cell of each position."""
        self._entries = CellEntries(self._rows, self.cell)

    def entries(self, cells: Ints) -> tuple[Ints, Ints, Floats]:
        """(place in ``cells``, packing row, W on it per W drawn) of all that some cells load."""
        return self._entries.of(cells)

    def left_kw(self, t: int) -> Floats:
        """(rows,) kW left on each packing row in a period; inf where it does not apply."""
        if t not in self._left:
            self._left[t] = self._rows.left_w(self._drawn[:, t], t) / W_PER_KW
        return self._left[t]

    def largest_sum(self, weights: Floats, left: Floats, upper: Floats) -> tuple[float, Floats]:
        """As :func:`~capalloc.analysis.show.largest.largest_sum`; halls built alike ask the same."""
        key = b"".join(part.tobytes() for part in (weights, left, upper))
        if key not in self._known:
            self._known[key] = largest_sum(weights, left, upper)
        return self._known[key]

    def at(self, positions: Ints, name: str) -> PlaceRoom:
        """The room at some positions, which have a name together."""
        return PlaceRoom(self, positions, name)


class PlaceRoom:
    """Room at the positions of one place: C columns of cells, M packing rows that more than one cell loads."""

    def __init__(self, room: Room, positions: Ints, name: str) -> None:
        self._room, self.positions, self.name = room, positions, name
        self._ok: Bools = room.instance.positions.ok[positions]
        """(n, T) positions that are energised."""
        self._found: dict[bytes, tuple[float, float, tuple[Fit, ...]]] = {}
        cells, of = np.unique(room.cell[positions], return_inverse=True)
        self._cell = of.reshape(-1)
        self._cells = len(cells)
        cell, row, weight = room.entries(cells)
        self._numbers, line, loaded_by = np.unique(row, return_inverse=True, return_counts=True)
        alone = loaded_by[line] == 1
        self._alone = cell[alone], row[alone], weight[alone]
        """Cell, packing row and weight where no other cell loads the row."""
        self._rows, line = np.unique(row[~alone], return_inverse=True)
        weights = np.zeros((len(self._rows), self._cells))
        weights[line.reshape(-1), cell[~alone]] = weight[~alone]
        _, first, column = np.unique(weights, axis=1, return_index=True, return_inverse=True)
        self._weights = weights[:, np.sort(first)]
        """(M, C) W on each row per W drawn, columns in the order of their first cells."""
        self._column = np.argsort(np.argsort(first))[column.reshape(-1)]
        """(cells,) the column of each cell."""

    def found(self, t: int) -> tuple[float, float, tuple[Fit, ...]]:
        """kW left, kW left after a loss, and what fits of each type; periods in the same state share an answer."""
        state = (self._limits(t), self._ok[:, t], self._room.free[self.positions, t])
        key = b"".join(part.tobytes() for part in state)
        if key not in self._found:
            fits = tuple(self.fits(kind, t) for kind in range(len(self._room.nameplate_w)))
            self._found[key] = self.left_kw(t, after_loss=False), self.left_kw(t, after_loss=True), fits
        return self._found[key]

    def left_kw(self, t: int, after_loss: bool) -> float:
        """Most kW that racks here could draw in addition: in normal operation alone, or whatever is lost as well."""
        rules = _AFTER_LOSS if after_loss else _NORMAL
        rows, left = self._room.instance.rows, self._room.left_kw(t)
        counts = np.array([rows[m].rule in rules for m in self._rows.tolist()], dtype=bool)
        _, row, weight = self._alone
        alone = np.array([left[m] if rows[m].rule in rules else np.inf for m in row.tolist()]) / weight
        cells = np.where(self._counted(self._ok[:, t]) > 0, np.maximum(self._least(alone), 0.0), 0.0)
        columns = self._room.largest_sum(self._weights[counts], left[self._rows[counts]], self._merged(cells))[1]
        return float(columns.sum())

    def _counted(self, positions: Bools) -> Floats:
        """(cells,) positions of each cell among some."""
        return np.bincount(self._cell[positions], minlength=self._cells).astype(float)

    def _least(self, alone: Floats) -> Floats:
        """(cells,) the least value of the limits that each cell alone loads; inf for none."""
        least = np.full(self._cells, np.inf)
        np.minimum.at(least, self._alone[0], alone)
        return least

    def _merged(self, cells: Floats) -> Floats:
        """(C,) sums over the cells of each column."""
        return np.bincount(self._column, weights=cells, minlength=self._weights.shape[1]).astype(np.float64)

    def fits(self, kind: int, t: int) -> Fit:
        """Racks of a type, at its nameplate, that would fit on free positions one after the other."""
        suited = self._room.instance.positions.fits[self.positions, kind]
        free = self._room.free[self.positions, t]
        places = self._counted(free & suited & self._ok[:, t])
        if not places.any():
            return Fit(0, True, self._no_position(free, suited, t))
        left = self._room.left_kw(t)
        _, row, weight = self._alone
        load = weight * self._kw(row, kind)
        alone = np.where(load > 0, np.floor((left[row] + NOISE) / np.where(load > 0, load, 1.0)), np.inf)
        cells = np.minimum(places, np.maximum(self._least(alone), 0.0))
        upper, rest = self._merged(cells), left[self._rows]
        weights = self._weights * self._kw(self._rows, kind)[:, None]
        most, columns = self._room.largest_sum(weights, in_whole_units(weights, np.maximum(rest, 0.0)), upper)
        racks = whole_columns(columns, weights, rest, upper)
        exact = racks.sum() in (0, upper.sum()) or racks.sum() >= np.floor(most + NOISE)
        if (racks < upper).any():
            room = room_of(racks, weights, rest)
            best = int(np.argmax(np.where(racks < upper, room.min(axis=0, initial=np.inf), -np.inf)))
            return Fit(int(racks.sum()), bool(exact), self._limit(self._rows[int(np.argmin(room[:, best]))]))
        if (cells < places).any():
            short = (cells < places)[self._alone[0]]
            return Fit(int(racks.sum()), True, self._limit(row[short][int(np.argmin(alone[short]))]))
        return Fit(int(racks.sum()), True, self._no_position(free, suited, t))

    def _kw(self, rows: Ints, kind: int) -> Floats:
        """kW that one rack of a type puts on each row per weight 1."""
        share = np.array([self._room.instance.rows[m].share[kind] for m in rows.tolist()])
        return np.asarray(share * self._room.nameplate_w[kind] / W_PER_KW)

    def _limit(self, number: int) -> Bound:
        row = self._room.instance.rows[int(number)]
        return Bound(row.rule, row.where, row.lost)

    def _no_position(self, free: Bools, suited: Bools, t: int) -> Bound:
        """What keeps the next rack out where no limit on watts does: no position, no cooling, or no power yet."""
        if free.any() and not (free & suited).any():
            return Bound(Rule.COMPATIBILITY, self.name)
        dark = self.positions[free & suited & ~self._ok[:, t]]
        if len(dark):
            spots = self._room.instance.positions
            return Bound(*spots.causes[int(spots.cause[dark[0], t])])
        return Bound(Rule.POSITION, self.name)

    def at_most_kw(self, t: int) -> float:
        """No more kW than these could be drawn in addition in a period; quicker than :meth:`left_kw`."""
        left, (_, row, weight) = self._room.left_kw(t), self._alone
        cells = np.where(self._counted(self._ok[:, t]) > 0, np.maximum(self._least(left[row] / weight), 0.0), 0.0)
        room = room_of(np.zeros(self._weights.shape[1]), self._weights, np.maximum(left[self._rows], 0.0))
        return float(np.minimum(room.min(axis=0, initial=np.inf), self._merged(cells)).sum())

    def tightest(self, periods: Iterable[int]) -> int | None:
        """Of some periods the one with least room after a loss where a position can run; None where none can."""
        lit = [t for t in periods if self._ok[:, t].any()]
        if not lit:
            return None
        state = np.array([np.concatenate((self._limits(t), self._counted(self._ok[:, t]) > 0)) for t in lit])
        first = sorted({row.tobytes(): i for i, row in reversed(list(enumerate(state)))}.values())
        hard = [i for i in first if not _looser(state, i, first)]
        return lit[min(hard, key=lambda i: (self.left_kw(lit[i], after_loss=True), i))]

    def _limits(self, t: int) -> Floats:
        return self._room.left_kw(t)[self._numbers]


def _looser(state: Floats, i: int, others: list[int]) -> bool:
    """Whether another period has no more than period ``i`` of anything, so that it cannot be roomier."""
    return any(j != i and (state[j] <= state[i]).all() for j in others)
