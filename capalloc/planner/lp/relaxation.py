"""Linear relaxations that must not fail, and their duals."""

from __future__ import annotations

from ortools.math_opt.python import mathopt

from capalloc.planner.lp.deadline import Deadline
from capalloc.planner.lp.program import Answer, Floats, Ints, Program
from capalloc.schema.status import Status


def solve_relaxed(program: Program, time_limit: float | None = None, deadline: Deadline | None = None) -> Answer:
    """A linear program; where GLOP's answer is not to be relied on, or is no, HiGHS is asked. In seconds, each."""
    answer = program.solve(mathopt.SolverType.GLOP, time_limit=time_limit, deadline=deadline)
    if answer.status is Status.OPTIMAL or (time_limit is not None and deadline is not None and deadline.left() <= 0):
        return answer
    return program.solve(mathopt.SolverType.HIGHS, time_limit=time_limit, deadline=deadline)


def solve_relaxed_inside(program: Program, deadline: Deadline) -> Answer:
    """A program without whole numbers, by an interior point method, until a deadline.

    Over many periods that are tied to one another the optimum is highly degenerate, and such a method finds it several
    times sooner than a simplex method (S. J. Wright, Primal-Dual Interior-Point Methods, SIAM 1997).
    """
    return program.relaxed().solve(
        mathopt.SolverType.HIGHS, time_limit=deadline.left(), deadline=deadline, interior_point=True
    )


def duals_without(answer: Answer, program: Program, rows: Ints, deadline: Deadline) -> Floats | None:
    """(rows,) duals of a linear program whose answer is known, where ``rows`` limit nothing.

    None where it has none, or there is no time to find them.
    """
    if answer.duals is None or not answer.duals[rows].any():
        return answer.duals
    if deadline.over():
        return None
    return solve_relaxed(program.relaxed().without(rows), deadline.left(), deadline).duals
