"""Whether any plan keeps the rules of an instance: whole racks, no money, so the search ends at the first plan."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from ortools.math_opt.python import mathopt

from capalloc.instance.model import Instance
from capalloc.planner.bounds.group_draw import with_cuts
from capalloc.planner.lp.deadline import Deadline
from capalloc.planner.model.by_class import ModelByClass
from capalloc.planner.model.columns import MONEY_ALONE
from capalloc.reduction.classes import reduce_instance
from capalloc.reduction.windows import merge_windows, window_starts
from capalloc.schema.status import Status


class OutOfTimeError(Exception):
    """The time for an explanation has passed; what was found until then is kept."""


def is_feasible(instance: Instance, deadline: Deadline) -> bool:
    """Whether a plan of whole racks exists.

    Periods in which the same is possible count once: what may be done in one may be done in all of them.

    Raises OutOfTimeError when the solver does not know by the deadline.
    """
    if deadline.over():
        raise OutOfTimeError
    starts = window_starts(instance)
    if len(starts) < len(instance.periods):
        instance = merge_windows(instance, starts)
    program = with_cuts(ModelByClass(reduce_instance(instance), MONEY_ALONE)).linear.program()
    with deadline.interruptible():
        answer = replace(program, usd=np.zeros_like(program.usd)).solve(
            mathopt.SolverType.HIGHS, time_limit=deadline.left(), deadline=deadline
        )
        if answer.values is not None or answer.status is Status.INFEASIBLE:
            return answer.values is not None
    raise OutOfTimeError
