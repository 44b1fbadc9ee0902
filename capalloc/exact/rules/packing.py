"""Power, failover, supply and cooling: the watts on each packing row within its limit, rounded up rack by rack."""

from __future__ import annotations

import math

import numpy as np

from capalloc.exact.model import ExactModel
from capalloc.instance.model import NO_LIMIT_W, PackingRow

_NOISE = 1e-6


def add(exact: ExactModel) -> None:
    """Add every packing row, also those that cannot bind."""
    for row in exact.instance.rows:
        add_row(exact, row)


def add_row(exact: ExactModel, row: PackingRow) -> None:
    """Power, failover, supply, reserve or cooling: the W on a row within what it may carry, in every period."""
    kinds, demands = exact.instance.racks.type, exact.instance.demands
    weight = dict(zip(row.positions.tolist(), row.weights.tolist(), strict=True))
    for t in np.flatnonzero(row.limit_w < NO_LIMIT_W).tolist():
        load = sum(
            row_weight_w(factor * row.share[kinds[s.rack]], demands[s.demand].draw_w[kinds[s.rack]]) * s.literal
            for p, factor in weight.items()
            for s in exact.by_position.get((p, t), ())
        )
        load += sum(
            row_weight_w(weight[p] * row.share[kinds[r]], exact.instance.idle_w[kinds[r]]) * exact.idle[r, p, t]
            for r, p in exact.stand
            if p in weight and (r, p, t) in exact.idle
        )
        exact.model.add(load <= int(row.limit_w[t]))


def row_weight_w(factor: float, draw_w: int) -> int:
    """Whole W that a rack puts on a row, rounded up."""
    return math.ceil(factor * draw_w - _NOISE)
