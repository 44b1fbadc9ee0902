"""Ramp: delivery meets the committed step where that is hard, and never overshoots it."""

from __future__ import annotations

import numpy as np

from capalloc.instance.model import DemandData, Floats
from capalloc.planner.lp.program import Ints
from capalloc.planner.model.level import Level, Ramp
from capalloc.units import W_PER_KW

_BIG_UNIT, _LARGE_RACK = 10_000, 1_000_000
"""Measures from the first on are counted in thousands, from the second on so that a rack is some hundreds."""


def add(level: Level, d: int) -> None:
    """The demand's ceiling in every period, and what must be delivered."""
    data = level.instance.demands[d]
    scale = scale_of(data.unit)
    grid = _grid(data)
    lower = np.where(data.must > 0, -(-data.must // grid) * grid, -np.inf) / scale
    upper = most_delivered(data) / scale
    rows = level.linear.add_rows(len(data.in_term), f"ramp {data.name}", lower=lower, upper=upper)
    put_delivered(level, d, rows, data.unit / scale)
    level.ramps.append(Ramp(rows, scale))


def most_delivered(data: DemandData) -> Ints:
    """(T,) units: the ceiling, or as much below it as whole racks can deliver."""
    grid = _grid(data)
    most: Ints = data.ceiling // grid * grid
    return most


def _grid(data: DemandData) -> int:
    """Racks deliver multiples of it: no limit is met by a hair."""
    return max(int(np.gcd.reduce(data.unit)), 1)


def scale_of(measure: Ints) -> float:
    """Units of a measure by rack type in one unit of a row."""
    most = int(measure.max(initial=0))
    if most < _BIG_UNIT:
        return 1.0
    return float(W_PER_KW * 10 ** (len(str(most // _LARGE_RACK)) if most >= _LARGE_RACK else 0))


def put_delivered(level: Level, d: int, rows: Ints, measure: Floats) -> None:
    """What the demand is delivered in (T,) rows, by the measure of each rack type."""
    level.linear.put(rows[None, :], level.columns.serve[:, d, :], measure[level.classes.type][:, None])
