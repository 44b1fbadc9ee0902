"""What a row or hall can draw at most, where demands let no others in.

Between such a demand and the others the relaxation divides a hall as it likes: a tenth of its racks go to the one and
the others lose nothing, since power limits the hall and not space. So rows say that a demand that has a tenth of the
hall to itself draws no more than a tenth of the most that the hall can draw, and the others no more than the rest.
This is no rule of its own: once it is whole who has the hall, packing rows say the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import numpy as np
from ortools.math_opt.python import mathopt

from capalloc.planner.lp.linear import NONE, LinearModel
from capalloc.planner.lp.parallel import side_by_side
from capalloc.planner.lp.program import Floats, Ints
from capalloc.planner.lp.slices import Slices
from capalloc.planner.model.columns import Columns
from capalloc.planner.model.grouping import Apart
from capalloc.planner.model.limits import draws_w
from capalloc.reduction.classes import Reduction
from capalloc.units import W_PER_KW

_NOISE = 1e-7
"""Share by which a solver may say too little."""


def add_walls(
    model: LinearModel,
    reduction: Reduction,
    columns: Columns,
    apart: Sequence[Apart],
    counted: Sequence[tuple[Columns, Ints]],
) -> None:
    """Add the rows, for every level at which demands in ``apart`` keep others out.

    ``counted`` are all columns that count racks, each with (n,) the class of ``reduction`` that its first axis is of.
    Call this when every other row is there: the most that a group can draw follows from them.
    """
    kw = draws_w(reduction) / W_PER_KW
    for group in {one.group.tobytes(): one.group for one in apart}.values():
        mine = [one for one in apart if np.array_equal(one.group, group)]
        most = _most_kw(model, columns, kw, group, [(found, group[rack_class]) for found, rack_class in counted])
        _share(model, columns, kw, mine, np.where(most < _all_kw(reduction, columns, kw, group), most, np.inf))


def _share(model: LinearModel, columns: Columns, kw: Floats, mine: Sequence[Apart], most: Floats) -> None:
    """Each of ``mine`` draws its share of ``most`` (groups, T) kW at most, and all others the rest."""
    group, alone = mine[0].group, [one.demand for one in mine]
    others = np.setdiff1d(np.arange(kw.shape[1]), alone)
    uses = np.any([one.switch >= 0 for one in mine], axis=0) & np.isfinite(most)
    rows = np.full(most.shape, NONE, dtype=np.int64)
    rows[uses] = model.add_rows(int(uses.sum()), "the others' share", upper=most[uses])
    model.implied.append(rows[uses])
    inside = (group >= 0)[:, None]
    _put_drawn(model, columns.serve[:, others], kw[:, others], np.where(inside, rows[group], NONE))
    for one in mine:
        own = np.full(most.shape, NONE, dtype=np.int64)
        switch = np.where(uses, one.switch, NONE)
        own[uses] = model.add_rows(int(uses.sum()), "its share", upper=0.0)
        model.implied.append(own[uses])
        _put_drawn(model, columns.serve[:, [one.demand]], kw[:, [one.demand]], np.where(inside, own[group], NONE))
        model.put(own[uses], switch[uses], -most[uses])
        model.put(rows[uses], switch[uses], most[uses])


def _put_drawn(model: LinearModel, serve: Ints, kw: Floats, rows: Ints) -> None:
    """What ``serve`` (C, n, T) draws, in the rows (C, T) that exist."""
    model.put(rows[:, None, :], np.where(rows[:, None, :] >= 0, serve, NONE), kw[:, :, None])


def _all_kw(reduction: Reduction, columns: Columns, kw: Floats, group: Ints) -> Floats:
    """(groups, T) kW where every rack draws the most it may."""
    may = np.where(columns.serve >= 0, kw[:, :, None], 0.0).max(axis=1) * reduction.classes.size[:, None]
    total = np.zeros((int(group.max(initial=-1)) + 1, columns.serve.shape[2]))
    np.add.at(total, group[group >= 0], may[group >= 0])
    return total


def _most_kw(
    model: LinearModel, columns: Columns, kw: Floats, group: Ints, counted: Sequence[tuple[Columns, Ints]]
) -> Floats:
    """(groups, T) most kW that the racks of each group can draw, by those rows that look at no other group."""
    of_column = np.full(model.columns, NONE, dtype=np.int64)
    for found, groups in counted:
        for numbers in (found.serve, found.off, found.hold, found.place):
            mine = np.broadcast_to(groups.reshape(-1, *[1] * (numbers.ndim - 1)), numbers.shape)
            of_column[numbers[numbers >= 0]] = mine[numbers >= 0]
    slices = Slices(model.program().relaxed(), model.periods_of(), np.zeros(model.columns, dtype=np.int64))
    first = slices.of_rows(of_column, np.minimum, NONE)
    beyond = (first == NONE) | (first != slices.of_rows(of_column, np.maximum, NONE))
    usd = np.zeros(model.columns)
    exists = columns.serve >= 0
    usd[columns.serve[exists]] = np.broadcast_to(kw[:, :, None], exists.shape)[exists]

    def of_period(t: int) -> Floats:
        part = slices.alone(t)
        drawing = replace(part.program, usd=usd[part.columns], usd_per_cost=1.0)
        answer = drawing.without(np.flatnonzero(beyond[part.rows])).solve(mathopt.SolverType.GLOP)
        if answer.values is None or answer.status != "optimal":
            return np.full(groups_of, np.inf)
        inside = of_column[part.columns] >= 0
        drawn = (drawing.usd * answer.values)[inside]
        total = np.bincount(of_column[part.columns][inside], weights=drawn, minlength=groups_of)
        return np.asarray(total * (1 + _NOISE) + _NOISE)

    groups_of = int(group.max(initial=-1)) + 1
    return np.array(side_by_side([partial(of_period, t) for t in range(model.periods)])).T
