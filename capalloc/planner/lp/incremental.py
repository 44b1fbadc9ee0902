"""A linear program that is solved again and again for other money, from the basis of the time before."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
from ortools.math_opt.python import mathopt

from capalloc.planner.lp.deadline import Deadline
from capalloc.planner.lp.program import LONGEST_S, Answer, Floats, Program
from capalloc.planner.lp.solver import WarmSolver


class WarmProgram:
    """A program without whole numbers, held by GLOP."""

    def __init__(self, program: Program) -> None:
        self._program = program.relaxed()
        self._solver = _warm(self._program)
        self._cost = program.usd / program.usd_per_cost

    def solve(self, usd: Floats, time_limit: float, deadline: Deadline) -> Answer:
        """Maximise ``usd`` (n,) in so many seconds; ``deadline`` may end the call by a CancelledError."""
        cost = usd / self._program.usd_per_cost
        others = np.flatnonzero(cost != self._cost)
        if not self._solver.pay(others.tolist(), cost[others].tolist()):
            self._solver = _warm(replace(self._program, usd=usd))
        self._cost = cost
        parameters = mathopt.SolveParameters(time_limit=timedelta(seconds=min(max(time_limit, 0.0), LONGEST_S)))
        result = deadline.call(lambda interrupter: self._solver.solve(parameters, interrupter))
        return self._program.answer(result, deadline, with_duals=True)


def _warm(program: Program) -> WarmSolver:
    return WarmSolver(program.message(), mathopt.SolverType.GLOP)
