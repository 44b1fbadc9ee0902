"""A linear program that is solved again and again for other money, from the basis of the time before."""

from __future__ import annotations

from datetime import timedelta
from types import TracebackType

import numpy as np
from ortools.math_opt.python import mathopt

from capalloc.planner.lp.deadline import Deadline
from capalloc.planner.lp.program import LONGEST_S, Answer, Floats, Program, answer_of


class WarmProgram:
    """A program without whole numbers, held by GLOP. Use it as a context, so that the solver is let go."""

    def __init__(self, program: Program) -> None:
        self._program = program.relaxed()
        self._model = mathopt.Model.from_model_proto(self._program.message())
        self._solver = mathopt.IncrementalSolver(self._model, mathopt.SolverType.GLOP)
        self._cost = program.usd / program.usd_per_cost

    def __enter__(self) -> WarmProgram:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._solver.close()

    def solve(self, usd: Floats, time_limit: float, deadline: Deadline) -> Answer:
        """Maximise ``usd`` (n,) in so many seconds; ``deadline`` may end the call by a CancelledError."""
        cost = usd / self._program.usd_per_cost
        for column in np.flatnonzero(cost != self._cost).tolist():
            self._model.objective.set_linear_coefficient(self._model.get_variable(column), float(cost[column]))
        self._cost = cost
        parameters = mathopt.SolveParameters(time_limit=timedelta(seconds=min(max(time_limit, 0.0), LONGEST_S)))
        result = deadline.call(lambda interrupter: self._solver.solve(params=parameters, interrupter=interrupter))
        deadline.worked(self._program.work_of(result))
        return answer_of(result, self._program.usd_per_cost, with_duals=True)
