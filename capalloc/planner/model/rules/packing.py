"""Power, failover, supply and cooling: the watts on each of the instance's packing rows within its limit.

A row is of one rule: a power node in normal operation or after a loss, a root's supplies, a cooling zone. Which they
are and what a rack puts on each is compiled with the instance, so one function adds them all.
"""

from __future__ import annotations

import numpy as np

from capalloc.instance.model import NO_LIMIT_W, Floats, PackingRow
from capalloc.planner.lp.linear import NONE
from capalloc.planner.lp.program import Ints
from capalloc.planner.model.level import Level
from capalloc.units import W_PER_KW

_NOISE = 1e-6


def add(level: Level) -> None:
    """Add every packing row that can bind."""
    reduction = level.reduction
    for j, i in enumerate(reduction.rows):
        level.packing[int(i)] = _add_row(level, reduction.instance.rows[i], reduction.position_classes.weights[j])


def class_loads(level: Level, row: PackingRow, weights: Floats) -> tuple[Ints, Floats, Floats]:
    """Classes on a row, and the W that one of their racks puts on it: (n, D) serving, (n,) idle. Rounded up.

    ``weights`` (Q,) are the W on the row per W drawn at a position of each class of positions.
    """
    instance, classes = level.instance, level.classes
    on_row = np.flatnonzero(weights[classes.position_class] > 0)
    factor = weights[classes.position_class[on_row]] * row.share[classes.type[on_row]]
    draw = level.draw_w[on_row]
    idle = instance.idle_w[classes.type[on_row]] * instance.policy.idle_powered
    return on_row, np.ceil(factor[:, None] * draw - _NOISE), np.ceil(factor * idle - _NOISE)


def _add_row(level: Level, row: PackingRow, weights: Floats) -> Ints:
    """(T,) the model's rows of one packing row, NONE where it has no limit. In kW."""
    linear, classes, columns = level.linear, level.classes, level.columns
    on_row, serving, idle = class_loads(level, row, weights)
    usable = classes.usable[on_row]
    standing = usable & (classes.delivery[on_row] < 0)[:, None]
    base = (idle * classes.size[on_row]) @ standing
    applies = row.limit_w < NO_LIMIT_W
    numbers = np.full(len(applies), NONE, dtype=np.int64)
    name = f"{row.rule} {row.where}" + (f" without {row.lost}" if row.lost else "")
    numbers[applies] = linear.add_rows(int(applies.sum()), name, upper=(row.limit_w - base)[applies] / W_PER_KW)
    serve = np.where(applies[None, None, :], columns.serve[on_row], NONE)
    linear.put(numbers[None, None, :], serve, (serving - idle[:, None])[:, :, None] / W_PER_KW)
    linear.put(numbers[None, :], np.where(applies[None, :], columns.off[on_row], NONE), -idle[:, None] / W_PER_KW)
    placed = np.where(usable & applies[None, :], columns.place[on_row][:, None], NONE)
    linear.put(numbers[None, :], placed, idle[:, None] / W_PER_KW)
    return numbers
