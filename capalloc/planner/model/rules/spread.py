"""Spread: no failure domain of the named kind carries more than its share of a demand."""

from __future__ import annotations

import math

import numpy as np

from capalloc.instance.resolution import decimal
from capalloc.instance.shares import share_allowed
from capalloc.planner.model.level import Level


def add(level: Level) -> None:
    """What a node carries of the demand's racks, less what it may carry, is not positive."""
    members = level.reduction.position_classes.members
    first = np.array([members[q][0] for q in level.classes.position_class], dtype=np.int64)
    for spread in level.instance.spreads:
        parts = math.lcm(*(decimal(round(share, 12)).denominator for share in np.unique(spread.share).tolist()))
        most_racks = int(level.instance.racks.eligible[:, spread.demand].sum())
        most = float(share_allowed(spread.max_share, most_racks, parts))
        for v, node in enumerate(spread.nodes):
            rows = level.linear.add_rows(level.columns.serve.shape[2], f"spread {node}", upper=0.0)
            excess = spread.share[v, first] - most
            level.linear.put(rows[None, :], level.columns.serve[:, spread.demand], excess[:, None])
