"""Locality: a demand occupies a row, block or hall in lots of at least its minimum of one rack type."""

from __future__ import annotations

import numpy as np

from capalloc.planner.lp.linear import NONE
from capalloc.planner.model.level import Level
from capalloc.planner.model.rules.groups import add_uses, groups_of


def add(level: Level, d: int) -> None:
    """At each place of the level and for each type: none, or at least as many racks as a lot has."""
    locality = level.instance.demands[d].demand.locality
    if locality is None:
        return
    kinds = len(level.instance.type_names)
    place = groups_of(level, locality.level)
    group = np.where(place >= 0, place * kinds + level.classes.type, NONE)
    uses = add_uses(level, d, group)
    rows = level.linear.add_rows(uses.size, "lots", lower=0.0).reshape(uses.shape)
    level.linear.put(rows, uses, -float(locality.min_racks))
    inside = np.flatnonzero(group >= 0)
    level.linear.put(rows[group[inside]], level.columns.serve[inside, d], 1.0)
