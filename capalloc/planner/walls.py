"""What a row or hall can draw at most, where demands let no others in.

Between such a demand and the others the relaxation divides a hall as it likes: a tenth of its racks go to the one and
the others lose nothing, since power limits the hall and not space. So rows say that a demand that has a tenth of the
hall to itself draws no more than a tenth of the most that the hall can draw, and the others no more than the rest.
This is no rule of its own: once it is whole who has the hall, packing rows say the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
from ortools.math_opt.python import mathopt

from capalloc.instance.classes import Reduction
from capalloc.planner.columns import Columns
from capalloc.planner.grouping import Apart
from capalloc.planner.limits import draws_w
from capalloc.planner.linear import ALWAYS, NONE, LinearModel
from capalloc.planner.program import Floats, Ints, Program
from capalloc.planner.side_by_side import side_by_side
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

    ``counted`` are all columns that count racks, each with (n,) the cell of ``reduction`` that its first axis is of.
    Call this when every other row is there: the most that a group can draw follows from them.
    """
    kw = draws_w(reduction) / W_PER_KW
    for group in {one.group.tobytes(): one.group for one in apart}.values():
        mine = [one for one in apart if np.array_equal(one.group, group)]
        most = _most_kw(model, columns, kw, group, [(found, group[cell]) for found, cell in counted])
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
    may = np.where(columns.serve >= 0, kw[:, :, None], 0.0).max(axis=1) * reduction.cells.size[:, None]
    total = np.zeros((int(group.max(initial=-1)) + 1, columns.serve.shape[2]))
    np.add.at(total, group[group >= 0], may[group >= 0])
    return total


def _most_kw(
    model: LinearModel, columns: Columns, kw: Floats, group: Ints, counted: Sequence[tuple[Columns, Ints]]
) -> Floats:
    """(groups, T) most kW that the racks of each group can draw, by those rows that look at no other group."""
    whole = model.program().relaxed()
    of_column = np.full(model.columns, NONE, dtype=np.int64)
    for found, groups in counted:
        for numbers in (found.serve, found.off, found.hold, found.place):
            mine = np.broadcast_to(groups.reshape(-1, *[1] * (numbers.ndim - 1)), numbers.shape)
            of_column[numbers[numbers >= 0]] = mine[numbers >= 0]
    when = model.periods_of()

    def of_period(t: int) -> Floats:
        usd = np.zeros(model.columns)
        serve = columns.serve[:, :, t]
        usd[serve[serve >= 0]] = np.broadcast_to(kw, serve.shape)[serve >= 0]
        chosen = np.flatnonzero((of_column >= 0) & ((when == t) | (when == ALWAYS)))
        part = _inside(whole, chosen, of_column, usd)
        answer = part.solve(mathopt.SolverType.GLOP)
        if answer.values is None or answer.status != "optimal":
            return np.full(groups_of, np.inf)
        drawn = np.bincount(of_column[chosen], weights=part.usd * answer.values, minlength=groups_of)
        return np.asarray(drawn * (1 + _NOISE) + _NOISE)

    groups_of = int(group.max(initial=-1)) + 1
    return np.array(side_by_side([partial(of_period, t) for t in range(model.periods)])).T


def _inside(whole: Program, columns: Ints, of_column: Ints, usd: Floats) -> Program:
    """The program of some columns, with those rows whose columns are all among them and all of one group."""
    number = np.full(len(whole.lower), NONE, dtype=np.int64)
    number[columns] = np.arange(len(columns))
    least = np.full(len(whole.row_lower), np.iinfo(np.int64).max)
    most = np.full(len(whole.row_lower), NONE, dtype=np.int64)
    label = np.where(number >= 0, of_column, NONE)[whole.columns]
    np.minimum.at(least, whole.rows, label)
    np.maximum.at(most, whole.rows, label)
    kept = (least == most) & (least >= 0)
    row = np.cumsum(kept) - 1
    entry = kept[whole.rows]
    return Program(
        1.0,
        whole.lower[columns],
        whole.upper[columns],
        usd[columns],
        np.zeros(len(columns), dtype=bool),
        whole.row_lower[kept],
        whole.row_upper[kept],
        row[whole.rows[entry]],
        number[whole.columns[entry]],
        whole.values[entry],
    )
