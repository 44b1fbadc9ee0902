"""What racks at some positions could draw in addition, and how many more of a type would fit.

Positions that no limit on watts tells apart are one column. kW are a linear program over the columns; racks are its
optimum rounded down and then filled up one rack at a time where most is left, which is exact where it meets the
program's own optimum rounded down, and where not even one rack fits.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from capalloc.analysis.show.loads import NodeLoads
from capalloc.instance.model import NO_LIMIT_W, Bools, Floats, Instance, Ints
from capalloc.planner.lp.program import Program
from capalloc.planner.lp.relaxation import solve_relaxed
from capalloc.roster.draw import drawn_w
from capalloc.roster.loads import RowLoads
from capalloc.roster.roster import Roster
from capalloc.schema.rules import Rule
from capalloc.schema.status import Status
from capalloc.units import W_PER_KW, load_w

_NOISE = 1e-6


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
        self.instance, self.free, self.way = instance, free, loads.cords.way
        self.rows = RowLoads(instance, roster.position)
        self._drawn = drawn_w(instance, roster)
        self._left: dict[int, Floats] = {}
        self.known: dict[bytes, tuple[float, Floats]] = {}
        """Answers of linear programs that have been solved: halls built alike ask the same."""
        zones: dict[str | None, int] = {}
        places = instance.scenario.facility.positions
        self.zone = np.array([zones.setdefault(place.cooling_zone, len(zones)) for place in places], dtype=np.int64)
        self.nameplate_w = [load_w(kind.nameplate_kw) for kind in instance.scenario.facility.rack_types]

    def left_w(self, t: int) -> Floats:
        """(rows,) W left on each packing row in a period."""
        if t not in self._left:
            self._left[t] = self.rows.left_w(self._drawn[:, t], t)
        return self._left[t]

    def at(self, positions: Ints, name: str) -> PlaceRoom:
        """The room at some positions, which have a name together."""
        return PlaceRoom(self, positions, name)


class PlaceRoom:
    """Room at the positions of one place: C columns of positions, M packing rows that they load."""

    def __init__(self, room: Room, positions: Ints, name: str) -> None:
        self._room, self.positions, self.name = room, positions, name
        self._ok: Bools = room.instance.positions.ok[positions]
        """(n, T) positions that are energised."""
        self._found: dict[bytes, tuple[float, float, tuple[Fit, ...]]] = {}
        cords = np.column_stack((room.way[positions], room.zone[positions]))
        _, first, of = np.unique(cords, axis=0, return_index=True, return_inverse=True)
        self._column = of.reshape(-1)
        self._columns = len(first)
        self._numbers, self._weights = self._rows_of(positions[first])

    def _rows_of(self, first: Ints) -> tuple[Ints, Floats]:
        """(M,) packing rows, and (M, C) W on them per W drawn at a position of each column."""
        table = self._room.rows
        column = np.full(len(self._room.way), -1)
        column[first] = np.arange(len(first))
        inside = column[table.places] >= 0
        row = np.repeat(np.arange(len(table.sizes)), table.sizes)[inside]
        numbers, line = np.unique(row, return_inverse=True)
        weights = np.zeros((len(numbers), len(first)))
        weights[line.reshape(-1), column[table.places[inside]]] = table.weights[inside]
        return numbers, weights

    def found(self, t: int) -> tuple[float, float, tuple[Fit, ...]]:
        """kW left, kW left after a loss, and what fits of each type; periods in the same state share an answer."""
        state = (self._limits(t), self._ok[:, t], self._room.free[self.positions, t])
        key = b"".join(part.tobytes() for part in state)
        if key not in self._found:
            fits = tuple(self.fits(kind, t) for kind in range(len(self._room.nameplate_w)))
            self._found[key] = self.left_kw(t, after_loss=False), self.left_kw(t, after_loss=True), fits
        return self._found[key]

    def at_most_kw(self, t: int) -> float:
        """No more kW than these could be drawn in addition in a period; quicker than :meth:`left_kw`."""
        lit = self._counted(self._ok[:, t]) > 0
        left = np.maximum(self._limits(t), 0.0)[:, None] / W_PER_KW
        room = np.where(self._weights > 0, left / np.where(self._weights > 0, self._weights, 1.0), np.inf)
        return float(room.min(axis=0, initial=np.inf)[lit].sum())

    def left_kw(self, t: int, after_loss: bool) -> float:
        """Most kW that racks here could draw in addition: in normal operation alone, or whatever is lost as well."""
        rows = self._room.instance.rows
        rules = (Rule.POWER, Rule.SUPPLY, *((Rule.FAILOVER,) if after_loss else ()))
        chosen = np.array([rows[m].rule in rules for m in self._numbers.tolist()], dtype=bool)
        upper = np.where(self._counted(self._ok[:, t]) > 0, np.inf, 0.0)
        left = np.maximum(self._room.left_w(t)[self._numbers[chosen]] / W_PER_KW, 0.0)
        return float(self._most(self._weights[chosen], left, upper)[1].sum())

    def _counted(self, positions: Bools) -> Floats:
        """(C,) positions of each column among some."""
        return np.bincount(self._column[positions], minlength=self._columns).astype(float)

    def _most(self, weights: Floats, left: Floats, upper: Floats) -> tuple[float, Floats]:
        """The largest sum of the columns within their bounds and the rows' limits, and the columns then."""
        binds = np.isfinite(left) & (weights[:, upper > 0] > 0).any(axis=1)
        weights, left = weights[binds], left[binds]
        if not (upper > 0).any():
            return 0.0, np.zeros(len(upper))
        key = b"".join(part.tobytes() for part in (weights, left, upper))
        if key not in self._room.known:
            self._room.known[key] = _largest_sum(weights, left, upper)
        return self._room.known[key]

    def fits(self, kind: int, t: int) -> Fit:
        """Racks of a type, at its nameplate, that would fit on free positions one after the other."""
        room, instance = self._room, self._room.instance
        suited = instance.positions.fits[self.positions, kind]
        free = room.free[self.positions, t]
        upper = self._counted(free & suited & self._ok[:, t])
        watts, share = room.nameplate_w[kind], np.array([instance.rows[m].share[kind] for m in self._numbers.tolist()])
        weights = self._weights * share[:, None] * watts / W_PER_KW
        left = room.left_w(t)[self._numbers] / W_PER_KW
        most, columns = self._most(weights, _in_whole_racks(weights, np.maximum(left, 0.0)), upper)
        racks = self._filled(self._rounded(columns, weights, left, upper), weights, left, upper)
        total = int(racks.sum())
        exact = total == 0 or total >= min(upper.sum(), np.floor(most + _NOISE))
        return Fit(total, bool(exact), self._bound(racks, weights, left, upper, (free, suited, t)))

    @staticmethod
    def _rounded(columns: Floats, weights: Floats, left: Floats, upper: Floats) -> Floats:
        """Columns of the program rounded to racks: down, but for the solver's last digits where limits allow."""
        racks = np.floor(np.clip(columns, 0.0, upper) + _NOISE)
        held = (weights @ racks <= np.maximum(left, 0.0) + _NOISE).all()
        return racks if held else np.floor(np.clip(columns, 0.0, upper))

    @staticmethod
    def _room_of(racks: Floats, weights: Floats, left: Floats) -> Floats:
        """(M, C) racks of each column that each row has room for, inf where it does not load it."""
        over = (left - weights @ racks)[:, None] + _NOISE
        return np.where(weights > 0, over / np.where(weights > 0, weights, 1.0), np.inf)

    def _filled(self, racks: Floats, weights: Floats, left: Floats, upper: Floats) -> Floats:
        """The same and one rack after the other where most room is left."""
        while True:
            room = self._room_of(racks, weights, left).min(axis=0, initial=np.inf)
            room[racks >= upper] = -np.inf
            if room.max(initial=-np.inf) < 1.0:
                return racks
            racks[int(np.argmax(room))] += 1.0

    def _bound(
        self, racks: Floats, weights: Floats, left: Floats, upper: Floats, positions: tuple[Bools, Bools, int]
    ) -> Bound:
        """What keeps the next rack out: no position, no cooling, no power yet, or the limit that has least room."""
        free, suited, t = positions
        open_to = racks < upper
        if open_to.any():
            room = self._room_of(racks, weights, left)
            best = int(np.argmax(np.where(open_to, room.min(axis=0, initial=np.inf), -np.inf)))
            row = self._room.instance.rows[int(self._numbers[int(np.argmin(room[:, best]))])]
            return Bound(row.rule, row.where, row.lost)
        if not free.any():
            return Bound(Rule.POSITION, self.name)
        if not (free & suited).any():
            return Bound(Rule.COMPATIBILITY, self.name)
        dark = self.positions[free & suited & ~self._ok[:, t]]
        if len(dark):
            spots = self._room.instance.positions
            return Bound(*spots.causes[int(spots.cause[dark[0], t])])
        return Bound(Rule.POSITION, self.name)

    def tightest(self, periods: Iterable[int]) -> int | None:
        """Of some periods the one with least room after a loss where a position can run; None where none can."""
        lit = [t for t in periods if self._ok[:, t].any()]
        if not lit:
            return None
        state = np.array([np.concatenate((self._limits(t), self._counted(self._ok[:, t]) > 0)) for t in lit])
        first = sorted(np.unique(state, axis=0, return_index=True)[1].tolist())
        hard = [i for i in first if not _looser(state, i, first)]
        return lit[min(hard, key=lambda i: (self.left_kw(lit[i], after_loss=True), i))]

    def _limits(self, t: int) -> Floats:
        return np.minimum(self._room.left_w(t)[self._numbers], NO_LIMIT_W)


def _largest_sum(weights: Floats, left: Floats, upper: Floats) -> tuple[float, Floats]:
    """The linear program; it is solved as one only where raising all columns alike does not reach its bound."""
    even = _evenly(weights, left, upper)
    if even.sum() >= _by_one_row(weights, left, upper) * (1 - _NOISE):
        return float(even.sum()), even
    row, column = np.nonzero(weights)
    none = np.zeros(len(upper))
    answer = solve_relaxed(
        Program(
            usd_per_cost=1.0,
            lower=none,
            upper=upper,
            usd=none + 1.0,
            integer=none > 0,
            row_lower=np.full(len(left), -np.inf),
            row_upper=left,
            rows=row,
            columns=column,
            values=weights[row, column],
        )
    )
    if answer.status is not Status.OPTIMAL or answer.values is None:
        return float("inf"), even
    return float(answer.values.sum()), answer.values


def _in_whole_racks(weights: Floats, left: Floats) -> Floats:
    """What whole racks can take of what is left, where a row's weights are multiples of the least of them.

    The rounding of V. Chvatal, Edmonds polytopes and a hierarchy of combinatorial problems, Discrete Mathematics 4,
    1973, doi:10.1016/0012-365X(73)90167-2.
    """
    least = np.where(weights > 0, weights, np.inf).min(axis=1, initial=np.inf)
    parts = weights / least[:, None]
    even = (np.abs(parts - np.rint(parts)) < _NOISE).all(axis=1) & np.isfinite(least) & np.isfinite(left)
    whole = left.copy()
    whole[even] = np.floor(left[even] / least[even] + _NOISE) * least[even]
    return whole


def _evenly(weights: Floats, left: Floats, upper: Floats) -> Floats:
    """Columns raised alike until a limit or a bound holds each (progressive filling): a solution, often the best.

    D. Bertsekas and R. Gallager, Data Networks, 2nd ed. 1992, section 6.5.2.
    """
    columns, rising = np.zeros(len(upper)), upper > 0
    while rising.any():
        load = weights[:, rising].sum(axis=1)
        over = np.maximum(left - weights @ columns, 0.0)
        steps = np.where(load > 0, over / np.where(load > 0, load, 1.0), np.inf)
        step = min(steps.min(initial=np.inf), (upper - columns)[rising].min())
        if not np.isfinite(step):
            return np.where(rising, np.inf, columns)
        columns[rising] += step
        full = steps <= step * (1 + _NOISE) + _NOISE * _NOISE
        rising &= ~(weights[full] > 0).any(axis=0) & (columns < upper)
    return columns


def _by_one_row(weights: Floats, left: Floats, upper: Floats) -> float:
    """What the columns can sum up to at most by any one limit and the bounds of those that do not load it."""
    open_to = upper > 0
    per_kw = np.where(weights > 0, weights, np.inf)[:, open_to].min(axis=1, initial=np.inf)
    loose = np.where(weights[:, open_to] > 0, 0.0, upper[open_to]).sum(axis=1)
    return float(min((left / per_kw + loose).min(initial=np.inf), upper.sum()))


def _looser(state: Floats, i: int, others: list[int]) -> bool:
    """Whether another period has no more than period ``i`` of anything, so that it cannot be roomier."""
    return any(j != i and (state[j] <= state[i]).all() for j in others)
