"""The largest sum of columns within their bounds and some limits: kW that could be drawn, racks that could be added."""

from __future__ import annotations

import numpy as np

from capalloc.instance.model import Floats
from capalloc.planner.lp.program import Program
from capalloc.planner.lp.relaxation import solve_relaxed
from capalloc.schema.status import Status

NOISE = 1e-6
"""kW, or share of a rack, that is none."""


def largest_sum(weights: Floats, left: Floats, upper: Floats) -> tuple[float, Floats]:
    """The optimum of C columns below ``upper`` with ``weights`` (M, C) @ columns <= ``left``, and the columns then.

    The first figure is proven, and infinite where the solver found none. It is a linear program, solved as one only
    where raising all columns alike does not reach a bound that is easy to see.
    """
    binds = np.isfinite(left) & (weights[:, upper > 0] > 0).any(axis=1)
    weights, left = weights[binds], np.maximum(left[binds], 0.0)
    even = _evenly(weights, left, upper)
    if even.sum() >= _by_one_row(weights, left, upper) * (1 - NOISE):
        return float(even.sum()), even
    row, column = np.nonzero(weights)
    none = np.zeros(len(upper))
    program = Program(
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
    answer = solve_relaxed(program)
    if answer.status is not Status.OPTIMAL or answer.values is None:
        return float("inf"), even
    return float(answer.values.sum()), answer.values


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
        columns[rising] += step
        full = steps <= step * (1 + NOISE) + NOISE * NOISE
        rising &= ~(weights[full] > 0).any(axis=0) & (columns < upper * (1 - NOISE))
    return np.minimum(columns, upper)


def _by_one_row(weights: Floats, left: Floats, upper: Floats) -> float:
    """What the columns can sum up to at most by any one limit and the bounds of those that do not load it."""
    open_to = upper > 0
    per_unit = np.where(weights > 0, weights, np.inf)[:, open_to].min(axis=1, initial=np.inf)
    loose = np.where(weights[:, open_to] > 0, 0.0, upper[open_to]).sum(axis=1)
    return float(min((left / per_unit + loose).min(initial=np.inf), upper.sum()))


def in_whole_units(weights: Floats, left: Floats) -> Floats:
    """What whole columns can take of what is left, where a row's weights are multiples of the least of them.

    The rounding of V. Chvatal, Edmonds polytopes and a hierarchy of combinatorial problems, Discrete Mathematics 4,
    1973, doi:10.1016/0012-365X(73)90167-2.
    """
    least = np.where(weights > 0, weights, np.inf).min(axis=1, initial=np.inf)
    parts = weights / least[:, None]
    even = (np.abs(parts - np.rint(parts)) < NOISE).all(axis=1) & np.isfinite(least) & np.isfinite(left)
    whole = left.copy()
    whole[even] = np.floor(left[even] / least[even] + NOISE) * least[even]
    return whole


def room_of(columns: Floats, weights: Floats, left: Floats) -> Floats:
    """(M, C) how much more of each column alone each limit has room for, inf where it does not load it."""
    over = (left - weights @ columns)[:, None] + NOISE
    return np.where(weights > 0, over / np.where(weights > 0, weights, 1.0), np.inf)


def whole_columns(columns: Floats, weights: Floats, left: Floats, upper: Floats) -> Floats:
    """Whole columns near an optimum: rounded down, then one more where most room is left, until none has any."""
    whole = np.floor(np.clip(columns, 0.0, upper) + NOISE)
    if (weights @ whole > np.maximum(left, 0.0) + NOISE).any():  # the solver's last digits were none
        whole = np.floor(np.clip(columns, 0.0, upper))
    while True:
        room = room_of(whole, weights, left).min(axis=0, initial=np.inf)
        room[whole >= upper] = -np.inf
        if room.max(initial=-np.inf) < 1.0:
            return whole
        whole[int(np.argmax(room))] += 1.0
