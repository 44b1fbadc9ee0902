"""Valid inequalities: rows that cut off fractional answers and no plan.

Between a demand that lets no other into its hall and the others, the relaxation divides a hall as it likes: a tenth of
its racks go to the one and the others lose nothing, since power limits the hall and not space. So rows say that a
demand that has a tenth of the hall to itself draws no more than a tenth of the most that the hall can draw, and the
others no more than the rest. Where every binary is 0 or 1 that is what the packing rows say already, so no plan is
lost: with the binary at 0 its racks draw nothing there, and with it at 1 the others'. The rows are variable upper
bounds on a sum of columns (L. A. Wolsey, Integer Programming, 2nd ed., Wiley 2020, doi:10.1002/9781119606475, on
strong formulations and valid inequalities), with the tightest coefficient that ``planner.bounds.group_draw`` finds.

Where racks of like draw share a limit, as those of a liquid loop do, the relaxation has a part of a rack more than fits
under it. So a row says that whole racks are no more than the limit divided by the least that one draws: a
Chvatal-Gomory inequality of the packing row (V. Chvatal, Edmonds polytopes and a hierarchy of combinatorial problems,
Discrete Mathematics 4, 1973, doi:10.1016/0012-365X(73)90167-2).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from capalloc.instance.model import NO_LIMIT_W
from capalloc.planner.lp.linear import NONE, LinearModel
from capalloc.planner.lp.program import Floats, Ints
from capalloc.planner.model.level import Isolation, Level
from capalloc.planner.model.rules.packing import class_loads


def add_group_shares(
    model: LinearModel, serve: Ints, kw: Floats, isolations: Sequence[Isolation], most_kw: Floats
) -> None:
    """Each of ``isolations``, all of one level, draws its share of ``most_kw`` at most, and all others the rest.

    ``serve`` (C, D, T) are the columns of racks that serve and ``kw`` (C, D) what one of them draws; ``most_kw`` is
    (groups, T), inf where a group needs no rows.
    """
    group, alone = isolations[0].group, [one.demand for one in isolations]
    others = np.setdiff1d(np.arange(kw.shape[1]), alone)
    uses = np.any([one.uses >= 0 for one in isolations], axis=0) & np.isfinite(most_kw)
    rows = np.full(most_kw.shape, NONE, dtype=np.int64)
    rows[uses] = model.add_rows(int(uses.sum()), "the others' share", upper=most_kw[uses])
    model.cuts.append(rows[uses])
    inside = (group >= 0)[:, None]
    _put_drawn(model, serve[:, others], kw[:, others], np.where(inside, rows[group], NONE))
    for one in isolations:
        own = np.full(most_kw.shape, NONE, dtype=np.int64)
        binary = np.where(uses, one.uses, NONE)
        own[uses] = model.add_rows(int(uses.sum()), "its share", upper=0.0)
        model.cuts.append(own[uses])
        _put_drawn(model, serve[:, [one.demand]], kw[:, [one.demand]], np.where(inside, own[group], NONE))
        model.put(own[uses], binary[uses], -most_kw[uses])
        model.put(rows[uses], binary[uses], most_kw[uses])


def _put_drawn(model: LinearModel, serve: Ints, kw: Floats, rows: Ints) -> None:
    """What ``serve`` (C, n, T) draws, in the rows (C, T) that exist."""
    model.put(rows[:, None, :], np.where(rows[:, None, :] >= 0, serve, NONE), kw[:, :, None])


def add_whole_racks(level: Level) -> None:
    """Racks that serve under a limit on watts are as many at most as fit under it in whole numbers.

    Where one rack puts twice as much on the limit as another, such a row would say little, and there is none.
    """
    linear, reduction = level.linear, level.reduction
    for i in level.packing:
        row, weights = reduction.instance.rows[i], reduction.position_classes.weights[reduction.rows.tolist().index(i)]
        on_row, load_w, _ = class_loads(level, row, weights)
        serve = level.columns.serve[on_row]
        exists = serve >= 0
        loads = np.broadcast_to(load_w[:, :, None], serve.shape)
        least = np.min(loads, axis=(0, 1), initial=np.inf, where=exists)
        most = np.max(loads, axis=(0, 1), initial=0.0, where=exists)
        uses = (least > 0) & (most < 2 * least) & (row.limit_w < NO_LIMIT_W)
        rows = np.full(len(uses), NONE, dtype=np.int64)
        rows[uses] = linear.add_rows(int(uses.sum()), "whole racks", upper=row.limit_w[uses] // least[uses])
        linear.cuts.append(rows[uses])
        linear.put(rows[None, None, :], np.where(uses, serve, NONE), 1.0)
