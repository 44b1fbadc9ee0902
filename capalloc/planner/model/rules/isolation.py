"""Isolation: no rack of another demand stands in a row or hall that an isolated demand uses."""

from __future__ import annotations

import numpy as np

from capalloc.planner.lp.linear import NONE
from capalloc.planner.model.level import Isolation, Level
from capalloc.planner.model.rules.groups import add_uses, groups_of
from capalloc.planner.model.rules.ramp import most_delivered


def add(level: Level, d: int) -> None:
    """Where the demand is, if it lets no other in."""
    kind = level.instance.demands[d].demand.isolation
    if kind == "none":
        return
    group = groups_of(level, kind)
    one = Isolation(d, group, add_uses(level, d, group))
    level.linear.priority.append(one.uses)
    level.isolations.append(one)
    _within_ramp(level, one)


def keep_others_out(level: Level) -> None:
    """The racks of a class serve those that are isolated, one of them alone, or the others."""
    if not level.isolations:
        return
    linear, serve = level.linear, level.columns.serve
    inside = [np.where((one.group >= 0)[:, None], one.uses[one.group], NONE) for one in level.isolations]
    c, t = np.nonzero(np.any([uses >= 0 for uses in inside], axis=0))
    size = level.classes.size[c].astype(float)
    rows = linear.add_rows(len(c), "isolation", upper=size)
    for uses in inside:
        linear.put(rows, uses[c, t], size)
    isolated = {one.demand for one in level.isolations}
    for e in range(serve.shape[1]):
        if e not in isolated:
            linear.put(rows, serve[c, e, t], 1.0)


def _within_ramp(level: Level, one: Isolation) -> None:
    """What the demand has in a group is none without it, and no more than its ramp allows with it.

    A valid inequality: where the group holds more, it keeps the relaxation from taking many groups by small parts.
    """
    linear, classes, data = level.linear, level.classes, level.instance.demands[one.demand]
    measure = data.unit[classes.type].astype(float) / max(float(data.unit.max()), 1.0)
    ceiling = most_delivered(data) / max(float(data.unit.max()), 1.0)
    holds = np.zeros(len(one.uses))
    np.add.at(holds, one.group[one.group >= 0], (measure * classes.size)[one.group >= 0])
    g, t = np.nonzero((one.uses >= 0) & (holds[:, None] > ceiling[None, :]))
    rows = np.full(one.uses.shape, NONE, dtype=np.int64)
    rows[g, t] = linear.add_rows(len(g), "uses within its ramp", upper=0.0)
    inside = np.flatnonzero(one.group >= 0)
    served = np.where(rows[one.group[inside]] >= 0, level.columns.serve[inside, one.demand], NONE)
    linear.put(rows[one.group[inside]], served, measure[inside, None])
    linear.put(rows[g, t], one.uses[g, t], -ceiling[t])
