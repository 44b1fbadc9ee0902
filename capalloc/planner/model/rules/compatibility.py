"""Compatibility: a demand takes only rack types it accepts, and one type at a time where it asks for that."""

from __future__ import annotations

from capalloc.planner.lp.program import Bools
from capalloc.planner.model.level import Level
from capalloc.planner.model.rules.groups import add_uses
from capalloc.reduction.classes import Reduction


def may_serve(reduction: Reduction) -> Bools:
    """(C, D, 1) whether the demand takes racks of the class; for lots by fabric block also whether they are in one."""
    suits: Bools = reduction.classes.suits[:, :, None]
    return suits


def add(level: Level, d: int) -> None:
    """A homogeneous demand has racks of one type at most in each period."""
    if not level.instance.demands[d].demand.homogeneous:
        return
    uses = add_uses(level, d, level.classes.type)
    level.linear.priority.append(uses)
    rows = level.linear.add_rows(uses.shape[1], "homogeneous", upper=1.0)
    level.linear.put(rows[None, :], uses, 1.0)
