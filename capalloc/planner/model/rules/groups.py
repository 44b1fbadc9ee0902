"""Groups of racks that rules look at together, with a binary column for whether a demand uses one."""

from __future__ import annotations

import numpy as np

from capalloc.planner.lp.program import Ints
from capalloc.planner.model.level import Level


def groups_of(level: Level, kind: str) -> Ints:
    """(C,) the ``row``, ``hall`` or ``fabric_block`` of each class, -1 where it is in none."""
    places = level.reduction.position_classes
    by_kind = {"row": places.row, "hall": places.hall, "fabric_block": places.block}
    group: Ints = by_kind[kind][level.classes.position_class]
    return group


def add_uses(level: Level, d: int, group: Ints) -> Ints:
    """(groups, T) binary: the demand uses the group; its racks there are none without it. Indexed by group number."""
    linear, serve = level.linear, level.columns.serve
    used = np.zeros((int(group.max(initial=-1)) + 1, serve.shape[2]), dtype=bool)
    for c in np.flatnonzero(group >= 0):
        used[group[c]] |= serve[c, d] >= 0
    uses = linear.add_columns(used, 1.0, integer=True)
    linear.binaries.append(uses)
    users, when = np.nonzero((serve[:, d] >= 0) & (group >= 0)[:, None])
    rows = linear.add_rows(len(users), "uses", upper=0.0)
    linear.put(rows, serve[users, d, when], 1.0)
    linear.put(rows, uses[group[users], when], -level.classes.size[users])
    return uses
