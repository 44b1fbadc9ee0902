"""Money: the gain of each demand as a concave, piecewise linear function of what it is delivered.

Each curve has a column for every segment with falling slopes, so a maximum fills the dearest first and no binary is
needed (the incremental formulation; G. B. Dantzig, Linear Programming and Extensions, Princeton 1963, on separable
convex objectives).
"""

from __future__ import annotations

import numpy as np

from capalloc.planner.model.level import Level, Money
from capalloc.planner.model.rules.ramp import put_delivered, scale_of


def add(level: Level, d: int) -> None:
    """The demand's curves; its ramp must be there."""
    level.money.extend(_curve(level, d, number) for number in range(len(level.instance.demands[d].curves)))


def _curve(level: Level, d: int, number: int) -> Money:
    """Segments of the gain, each within its width and all within what is delivered."""
    linear, data = level.linear, level.instance.demands[d]
    curve = data.curves[number]
    scale = scale_of(curve.measure)
    paid = (curve.slopes > 0) & (curve.widths > 0)
    usd = curve.slopes * level.instance.discount[:, None] * scale
    segments = linear.add_columns(paid, curve.widths / scale, usd=usd, when=np.arange(len(paid))[:, None])
    rows = linear.add_rows(len(curve.base), f"money {data.name}", upper=0.0)
    linear.put(rows[:, None], segments, 1.0)
    put_delivered(level, d, rows, -curve.measure / scale)
    return Money(d, number, segments, rows, scale, level.ramps[d])
