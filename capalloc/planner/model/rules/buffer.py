"""Buffer: a demand with a buffer share has that share of idle, compatible racks held for it."""

from __future__ import annotations

from capalloc.instance.shares import share_needed
from capalloc.planner.model.level import Level


def add(level: Level, d: int) -> None:
    """Racks held are at least the share of those that serve, in every period."""
    share = level.instance.demands[d].demand.buffer_share
    if share == 0:
        return
    most_racks = int(level.instance.racks.eligible[:, d].sum())
    rows = level.linear.add_rows(level.columns.serve.shape[2], "buffer", lower=0.0)
    level.linear.put(rows[None, :], level.columns.hold[:, d], 1.0)
    level.linear.put(rows[None, :], level.columns.serve[:, d], -float(share_needed(share, most_racks)))
