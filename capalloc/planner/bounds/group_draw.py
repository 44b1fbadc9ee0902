"""What a row or hall can draw at most, and the valid inequalities of ``planner.model.cuts`` that follow from it.

A linear program for each period maximises what every group draws, over those rows of the model that look at one group
alone. Each plan satisfies these rows, so its answer bounds what any plan draws in a group; and since no row that is
kept couples two groups, one program finds the most of all of them together. Maximising a sum over what remains to
tighten a coefficient is bound tightening by optimisation, known as probing where it is done for binary variables
(M. W. P. Savelsbergh, Preprocessing and Probing Techniques for Mixed Integer Programming Problems, ORSA Journal on
Computing 6(4), 1994, doi:10.1287/ijoc.6.4.445).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TypeVar

import numpy as np
from ortools.math_opt.python import mathopt

from capalloc.planner.lp.deadline import Deadline
from capalloc.planner.lp.linear import NONE
from capalloc.planner.lp.parallel import side_by_side
from capalloc.planner.lp.program import Floats, Ints
from capalloc.planner.lp.slices import Slices
from capalloc.planner.model.cuts import add_group_shares, add_whole_racks
from capalloc.planner.model.level import Level
from capalloc.planner.model.protocol import PlanModel
from capalloc.schema.status import Status
from capalloc.units import W_PER_KW

_NOISE = 1e-7
"""Share by which a solver may say too little."""
_Model = TypeVar("_Model", bound=PlanModel)


def with_cuts(model: _Model, deadline: Deadline | None = None) -> _Model:
    """The model itself, with all valid inequalities: whole racks under a limit, then what groups can draw of those.

    Call this when every other row is there.
    """
    for level in model.levels:
        add_whole_racks(level)
    return with_group_shares(model, deadline)


def with_group_shares(model: _Model, deadline: Deadline | None = None) -> _Model:
    """The model itself, with the rows added for every level at which demands are isolated.

    The most that a group can draw follows from all rows that are there. Periods that the ``deadline`` leaves no time
    for have no such rows.
    """
    until = deadline or Deadline()
    serving, isolations = model.levels[0], model.isolations
    kw = serving.draw_w / W_PER_KW
    for group in {one.group.tobytes(): one.group for one in isolations}.values():
        mine = [one for one in isolations if np.array_equal(one.group, group)]
        most_kw = _most_kw(model, kw, group, until)
        binding = most_kw < _all_kw(serving, kw, group)
        add_group_shares(model.linear, serving.columns.serve, kw, mine, np.where(binding, most_kw, np.inf))
    return model


def _all_kw(serving: Level, kw: Floats, group: Ints) -> Floats:
    """(groups, T) kW where every rack draws the most it may."""
    columns, size = serving.columns, serving.classes.size[:, None]
    may = np.where(columns.serve >= 0, kw[:, :, None], 0.0).max(axis=1) * size
    total = np.zeros((int(group.max(initial=-1)) + 1, columns.serve.shape[2]))
    np.add.at(total, group[group >= 0], may[group >= 0])
    return total


def _most_kw(model: PlanModel, kw: Floats, group: Ints, deadline: Deadline) -> Floats:
    """(groups, T) most kW that the racks of each group can draw, by those rows that look at no other group."""
    linear, serve = model.linear, model.levels[0].columns.serve
    of_column = _groups_of_columns(model.levels, group, linear.columns)
    slices = Slices(linear.program().relaxed(), linear.periods_of(), np.zeros(linear.columns, dtype=np.int64))
    first = slices.of_rows(of_column, np.minimum, NONE)
    beyond = (first == NONE) | (first != slices.of_rows(of_column, np.maximum, NONE))
    usd = np.zeros(linear.columns)
    exists = serve >= 0
    usd[serve[exists]] = np.broadcast_to(kw[:, :, None], exists.shape)[exists]
    groups = int(group.max(initial=-1)) + 1

    def of_period(t: int) -> Floats:
        if deadline.over():
            return np.full(groups, np.inf)
        part = slices.alone(t)
        drawing = replace(part.program, usd=usd[part.columns], usd_per_cost=1.0)
        answer = drawing.without(np.flatnonzero(beyond[part.rows])).solve(
            mathopt.SolverType.GLOP, time_limit=deadline.left()
        )
        if answer.values is None or answer.status is not Status.OPTIMAL:
            return np.full(groups, np.inf)
        inside = of_column[part.columns] >= 0
        drawn = (drawing.usd * answer.values)[inside]
        total = np.bincount(of_column[part.columns][inside], weights=drawn, minlength=groups)
        return np.asarray(total * (1 + _NOISE) + _NOISE)

    return np.array(side_by_side([partial(of_period, t) for t in range(linear.periods)])).T


def _groups_of_columns(levels: Sequence[Level], group: Ints, columns: int) -> Ints:
    """(columns,) the group whose racks a column counts, NONE where it counts none; ``group`` is by serving class."""
    of_column = np.full(columns, NONE, dtype=np.int64)
    for level in levels:
        groups, counted = group[level.serving], level.columns
        for numbers in (counted.serve, counted.off, counted.hold, counted.place):
            mine = np.broadcast_to(groups.reshape(-1, *[1] * (numbers.ndim - 1)), numbers.shape)
            of_column[numbers[numbers >= 0]] = mine[numbers >= 0]
    return of_column
