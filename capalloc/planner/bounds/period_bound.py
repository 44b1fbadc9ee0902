"""A bound from single periods: what each could earn with no past and no future.

Dropping what ties periods together (moves, hand-over, bring-up, a delivery's one position) leaves one small
whole-number problem for each period, and the discounted sum of their bounds bounds every plan. It is close where
moving is cheap against a month's fees, and it sees what the linear relaxation does not: lots and isolation in
whole groups.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from ortools.math_opt.python import mathopt

from capalloc.instance.model import NOBODY, Instance
from capalloc.planner.bounds.group_draw import with_cuts
from capalloc.planner.lp.deadline import Patience
from capalloc.planner.model.by_class import ModelByClass
from capalloc.planner.model.columns import Preferences
from capalloc.reduction.classes import reduce_instance
from capalloc.reduction.uncoupled import untied
from capalloc.reduction.windows import merge_windows, window_of, window_starts
from capalloc.roster.figures import gain


def period_bound(instance: Instance, prefer: Preferences, gap: float, patience: Patience) -> float:
    """Discounted USD that no plan can pass; inf when the time is over before the last period."""
    window = window_of(instance, window_starts(instance))
    known: dict[tuple[int, bytes], float] = {}
    total = 0.0
    for t in range(len(instance.periods)):
        key = (int(window[t]), _money(instance, t))
        if key not in known:
            if patience.left() <= 0:
                return np.inf
            known[key] = np.inf
            with patience.hearing():
                known[key] = _single(instance, t, prefer, gap, patience.left())
        total += float(instance.discount[t]) * known[key]
    return total


def most_usd(instance: Instance) -> float:
    """Discounted USD that no plan can pass for want of racks: every demand with all the racks it may use."""
    racks, total = instance.racks, 0.0
    for d, data in enumerate(instance.demands):
        kinds = racks.type[racks.eligible[:, d]]
        for curve in data.curves:
            everything = np.full(len(instance.periods), curve.measure[kinds].sum())
            total += float(instance.discount @ gain(curve, everything))
    return total


def _money(instance: Instance, t: int) -> bytes:
    """What a period pays, undiscounted."""
    parts = [part for data in instance.demands for c in data.curves for part in (c.slopes[t], c.base[t : t + 1])]
    return np.concatenate(parts).tobytes() if parts else b""


def _single(instance: Instance, t: int, prefer: Preferences, gap: float, time_limit: float) -> float:
    """Bound on the undiscounted objective of one period alone."""
    model = with_cuts(ModelByClass(reduce_instance(_alone(instance, t)), prefer))
    answer = model.linear.solve(mathopt.SolverType.HIGHS, relax=False, time_limit=time_limit, gap=gap)
    return model.bound_usd(answer.bound, prefer)


def _alone(instance: Instance, t: int) -> Instance:
    """The period with nothing before it."""
    one = untied(merge_windows(instance, np.array([t]), np.array([t + 1])))
    nobody = np.full(len(one.racks.names), NOBODY)
    return replace(one, racks=replace(one.racks, held=nobody, last=nobody), discount=np.ones(1))
