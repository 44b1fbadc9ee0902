"""Steady plans: a small model over windows that keeps the rules that tie periods, with its choices nested in time.

A plan over windows changes nothing inside a window, so hand-over, bring-up and a budget of moves look at the first
periods of windows alone: a rack that leaves serves nobody else for the rest of that window. That is a restriction, and
so is the second: a demand that has rows or halls to itself keeps them while its ramp rises and takes no new ones while
it falls, and one type stays one type. What is left to choose is little: who has what to itself is settled where the
relaxation all but says so (relaxation enforced neighbourhood search: T. Berthold, RENS - the optimal rounding,
Mathematical Programming Computation 6, 2014, doi:10.1007/s12532-013-0060-9), one search over all windows decides the
other binary columns, with counts relaxed, and another the counts near the relaxed ones. Every rule of the periods is
kept, so such a plan is one of the instance; large-neighbourhood search then moves racks inside windows too.
Relax-and-fix: the source of ``rolling_horizon``; aggregation of time: that of ``by_window``.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from ortools.math_opt.python import mathopt

from capalloc.instance.model import Bools, Instance, Ints
from capalloc.planner.bounds.group_draw import with_cuts
from capalloc.planner.lp.deadline import Deadline
from capalloc.planner.lp.linear import LinearModel
from capalloc.planner.lp.program import Floats, Held, Program
from capalloc.planner.lp.relaxation import solve_relaxed_inside
from capalloc.planner.model.by_class import ModelByClass
from capalloc.planner.params import PlannerParams
from capalloc.planner.search.relax_and_fix import columns_of, integers_near
from capalloc.reduction.classes import reduce_instance
from capalloc.reduction.counts import Counts
from capalloc.reduction.windows import merge_windows, window_of


def steady_plan(model: ModelByClass, starts: Ints, params: PlannerParams, deadline: Deadline) -> Floats | None:
    """Values of the columns of a ``model`` over periods that are tied; None where no steady plan was found in time.

    ``starts`` (W,) are the first periods of the windows.
    """
    instance = model.instance
    steady = with_cuts(ModelByClass(reduce_instance(_tied_windows(instance, starts)), params.prefer), deadline)
    nest_choices(steady)
    found = _whole(steady.linear, params, deadline)
    if found is None:
        return None
    return _with_counts(model, steady.counts(found).expand_to_periods(window_of(instance, starts)), params, deadline)


def _tied_windows(instance: Instance, starts: Ints) -> Instance:
    """The instance over windows, its periods tied as they were; ready is who is so when a window begins."""
    racks = replace(instance.racks, ready=np.searchsorted(starts, instance.racks.ready))
    return merge_windows(replace(instance, racks=racks), starts)


def nest_choices(model: ModelByClass) -> None:
    """Add rows by which choices only grow while what is wanted does, and only shrink while it does."""
    isolated = {id(one.uses) for one in model.isolations}
    for one in model.isolations:
        data = model.instance.demands[one.demand]
        grows = np.diff(np.maximum(data.committed, data.wanted))
        _nest(model.linear, one.uses, grows >= 0, grows <= 0)
    for uses in model.linear.priority:
        if id(uses) not in isolated:
            always = np.ones(uses.shape[1] - 1, dtype=bool)
            _nest(model.linear, uses, always, always)


def _nest(linear: LinearModel, uses: Ints, kept: Bools, closed: Bools) -> None:
    """What is used stays so into the periods ``kept`` (T - 1,), and nothing else is used in those ``closed``."""
    earlier, later = uses[:, :-1], uses[:, 1:]
    both = (earlier >= 0) & (later >= 0)
    for fewer, more, when in ((earlier, later, kept), (later, earlier, closed)):
        tied = both & when
        rows = linear.add_rows(int(tied.sum()), "nested", upper=0.0)
        linear.put(rows, fewer[tied], 1.0)
        linear.put(rows, more[tied], -1.0)


def _whole(linear: LinearModel, params: PlannerParams, deadline: Deadline) -> Floats | None:
    """Whole values of all columns: binary ones by one search, counts by another."""
    program, binary = linear.program(), columns_of(linear.binaries, linear.columns)
    choices = replace(program, integer=program.integer & binary)
    chosen = None
    if (settled := _settled(linear, choices, params, deadline)) is not None:
        chosen = _search(settled, params, deadline)
    if chosen is None:
        chosen = _search(choices, params, deadline)
    if chosen is None:
        return None
    for racks in params.relax_and_fix.rounding_racks:
        near = integers_near(program, chosen, program.integer & ~binary, binary, np.full(len(chosen), racks))
        found = _search(near, params, deadline)
        if found is not None:
            return found
    return None


def _settled(linear: LinearModel, program: Program, params: PlannerParams, deadline: Deadline) -> Program | None:
    """The program with its priority columns as the relaxation has them, where it all but tells; None where it is not.

    Values that are nested stay so, for all are rounded at the same two edges.
    """
    relaxed = solve_relaxed_inside(program, deadline).values
    if relaxed is None:
        return None
    first, edge = columns_of(linear.priority, linear.columns), params.steady.settled_share
    columns = np.flatnonzero(first & ((relaxed <= edge) | (relaxed >= 1 - edge)))
    now = np.rint(relaxed[columns])
    return program.held(Held(columns, now, now))


def _search(program: Program, params: PlannerParams, deadline: Deadline) -> Floats | None:
    return program.solve(
        mathopt.SolverType.HIGHS,
        time_limit=deadline.left() * params.steady.search_share,
        gap=params.window_gap,
        seed=params.seed,
        deadline=deadline,
    ).values


def _with_counts(model: ModelByClass, counts: Counts, params: PlannerParams, deadline: Deadline) -> Floats | None:
    """Values of all columns of a model where its counts are those."""
    pairs = zip(
        (model.columns.serve, model.columns.off, model.columns.hold, model.columns.place),
        (counts.serve, counts.off, counts.hold, counts.place),
        strict=True,
    )
    known = [(numbers[numbers >= 0], count[numbers >= 0]) for numbers, count in pairs]
    columns, now = (np.concatenate(parts) for parts in zip(*known, strict=True))
    return _search(model.linear.program().held(Held(columns, now, now)), params, deadline)
