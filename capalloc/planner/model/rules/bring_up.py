"""Bring-up: newly powered racks and growth of the site's load within the commissioning limits of a period."""

from __future__ import annotations

import numpy as np

from capalloc.instance.model import Floats
from capalloc.planner.lp.linear import NONE
from capalloc.planner.lp.program import Ints
from capalloc.planner.model.level import Level
from capalloc.units import MILLIWATTS_PER_KW, W_PER_KW


def add_racks(level: Level) -> None:
    """fresh >= powered now less powered before; fresh within the limit.

    Where hand-over keeps racks that leave from arriving elsewhere, arrivals also need fresh racks beyond those
    that were idle and powered.
    """
    policy, classes, linear = level.instance.policy, level.classes, level.linear
    limit = policy.most_newly_powered
    if limit is None:
        return
    shape = classes.usable.shape
    fresh = linear.add_columns(classes.usable, classes.size[:, None])
    linear.put(linear.add_rows(shape[1], "bring-up racks", upper=limit)[None, :], fresh, 1.0)
    idles = (classes.delivery < 0)[:, None] & classes.usable & policy.idle_powered
    constant = np.where(idles, classes.size[:, None], 0)
    earlier = np.column_stack((np.where(classes.powered_before, classes.size, 0), constant[:, :-1]))
    rows = linear.add_rows(shape[0] * shape[1], "newly powered", lower=(constant - earlier).reshape(-1)).reshape(shape)
    linear.put(rows, fresh, 1.0)
    _put_powered(level, rows, -1.0)
    _put_powered(level, np.column_stack((rows[:, 1:], rows[:, :1] * 0 - 1)), 1.0)
    if policy.has_hand_over:
        _fresh_arrivals(level, fresh)


def _put_powered(level: Level, rows: Ints, sign: float) -> None:
    """Add the variable part of "racks of the class that are powered" to rows (a row of -1 is passed over)."""
    linear, classes, columns = level.linear, level.classes, level.columns
    live = rows >= 0
    if not level.instance.policy.idle_powered:
        linear.put(rows[:, None, :], np.where(live[:, None, :], columns.serve, NONE), sign)
        return
    linear.put(rows, np.where(live, columns.off, NONE), -sign)
    placed = np.where(classes.usable & live, columns.place[:, None], NONE)
    linear.put(rows, placed, sign)


def _fresh_arrivals(level: Level, fresh: Ints) -> None:
    """With hand-over, arrivals come from racks that were idle and powered before, or are fresh."""
    linear, classes, columns = level.linear, level.classes, level.columns
    powered = level.instance.policy.idle_powered
    shape = classes.usable.shape
    came = linear.add_columns(columns.serve >= 0, classes.size[:, None, None])
    rows = linear.add_rows(came.size, "came", lower=0.0).reshape(came.shape)
    linear.put(rows, came, 1.0)
    linear.put(rows, columns.serve, -1.0)
    linear.put(rows[:, :, 1:], columns.serve[:, :, :-1], 1.0)
    held = classes.held[:, None] == np.arange(came.shape[1])[None, :]
    start = np.where(held & (classes.delivery < 0)[:, None], classes.size[:, None], 0)
    c, d = np.nonzero(start)
    already = linear.add_columns(start > 0, start, lower=start, when=0)
    linear.put(rows[c, d, 0], already[c, d], 1.0)
    spare = np.zeros(shape)
    if powered:
        standing = np.where((classes.delivery < 0)[:, None] & classes.usable, classes.size[:, None], 0)
        spare[:, 1:] = standing[:, :-1]
    spare[:, 0] = np.maximum(np.where(classes.powered_before, classes.size, 0) - start.sum(axis=1), 0)
    limit = linear.add_rows(shape[0] * shape[1], "arrivals powered", upper=spare.reshape(-1)).reshape(shape)
    linear.put(limit[:, None, :], came, 1.0)
    linear.put(limit, fresh, -1.0)
    if powered:
        linear.put(limit[:, 1:], columns.off[:, :-1], 1.0)
        linear.put(limit[:, None, 1:], columns.serve[:, :, :-1], 1.0)
        linear.put(limit[:, 1:], np.where(classes.usable[:, :-1], columns.place[:, None], NONE), -1.0)


def add_mw(level: Level) -> None:
    """The site's load grows by no more than the limit from one period to the next. Rows in kW."""
    instance, linear, classes, columns = level.instance, level.linear, level.classes, level.columns
    limit = instance.policy.most_growth_milliwatts
    if limit is None or len(instance.periods) < 2:
        return
    serving, idle = _site_weights(level)
    standing = (classes.delivery < 0)[:, None] & classes.usable
    fixed = (idle * classes.size)[:, None] * standing
    base = fixed.sum(axis=0) + instance.site_static_w / W_PER_KW
    rows = linear.add_rows(len(base) - 1, "bring-up MW", upper=limit / MILLIWATTS_PER_KW - np.diff(base))
    placed = np.where(classes.usable, columns.place[:, None], NONE)
    for part, sign in ((np.s_[1:], 1.0), (np.s_[:-1], -1.0)):
        linear.put(rows[None, None, :], columns.serve[:, :, part], sign * (serving - idle[:, None])[:, :, None])
        linear.put(rows[None, :], columns.off[:, part], -sign * idle[:, None])
        linear.put(rows[None, :], placed[:, part], sign * idle[:, None])


def _site_weights(level: Level) -> tuple[Floats, Floats]:
    """(C, D) and (C,) kW at the roots of one rack that serves, and of one that idles."""
    instance, classes = level.instance, level.classes
    members = level.reduction.position_classes.members
    weight = np.array([instance.positions.site_weight[members[q][0]] for q in classes.position_class])
    idle = instance.idle_w[classes.type] * instance.policy.idle_powered
    return weight[:, None] * level.draw_w / W_PER_KW, weight * idle / W_PER_KW
