"""A linear program as arrays, handed to OR-Tools' MathOpt as one message, and what a solver says of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray
from ortools.math_opt import model_pb2
from ortools.math_opt.python import mathopt
from ortools.math_opt.solvers.highs_pb2 import HighsOptionsProto

from capalloc.planner.lp.deadline import Deadline
from capalloc.planner.lp.solver import Result
from capalloc.planner.lp.solver import solve as call
from capalloc.schema.status import Status

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
_READ = 50
"""Simplex iterations that take about as long as reading a program does."""
INTEGER_NOISE = 1e-6
"""Distance from an integer up to which a value is one."""
LONGEST_S = 1e7
"""A time limit above that is none."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a solver said. ``values`` is None when it found nothing."""

    status: Status
    values: Floats | None
    bound: float
    """Proven upper bound on the maximised objective, in USD."""
    duals: Floats | None = None
    """(rows,) USD per unit of each row, for a linear model solved to its end."""


@dataclass(frozen=True, slots=True)
class Held:
    """Narrower bounds of some columns, for one solve."""

    columns: Ints
    lower: Floats
    upper: Floats


@dataclass(frozen=True, slots=True)
class Program:
    """Maximise ``usd @ x`` over n columns within their bounds and m rows within theirs.

    Money is given and returned in USD; the solver sees it divided by ``usd_per_cost``, so that its coefficients are
    of like size.
    """

    usd_per_cost: float
    lower: Floats
    upper: Floats
    usd: Floats
    integer: Bools
    """(n,) columns that must be whole."""
    row_lower: Floats
    row_upper: Floats
    rows: Ints
    columns: Ints
    values: Floats
    """Entries of the matrix, in row order; no place twice."""

    def relaxed(self) -> Program:
        """The same without whole numbers."""
        return replace(self, integer=np.zeros_like(self.integer))

    def held(self, held: Held) -> Program:
        """The same within narrower bounds."""
        lower, upper = self.lower.copy(), self.upper.copy()
        lower[held.columns] = np.maximum(lower[held.columns], held.lower)
        upper[held.columns] = np.minimum(upper[held.columns], held.upper)
        return replace(self, lower=lower, upper=upper)

    def without(self, rows: Ints) -> Program:
        """The same, with rows that limit nothing."""
        lower, upper = self.row_lower.copy(), self.row_upper.copy()
        lower[rows], upper[rows] = -np.inf, np.inf
        return replace(self, row_lower=lower, row_upper=upper)

    def message(self) -> model_pb2.ModelProto:
        """The program as a MathOpt message."""
        proto = model_pb2.ModelProto()
        proto.variables.ids.extend(range(len(self.lower)))
        proto.variables.lower_bounds.extend(self.lower.tolist())
        proto.variables.upper_bounds.extend(self.upper.tolist())
        proto.variables.integers.extend(self.integer.tolist())
        cost = self.usd / self.usd_per_cost
        paid = np.flatnonzero(cost)
        proto.objective.maximize = True
        proto.objective.linear_coefficients.ids.extend(paid.tolist())
        proto.objective.linear_coefficients.values.extend(cost[paid].tolist())
        proto.linear_constraints.ids.extend(range(len(self.row_lower)))
        proto.linear_constraints.lower_bounds.extend(self.row_lower.tolist())
        proto.linear_constraints.upper_bounds.extend(self.row_upper.tolist())
        proto.linear_constraint_matrix.row_ids.extend(self.rows.tolist())
        proto.linear_constraint_matrix.column_ids.extend(self.columns.tolist())
        proto.linear_constraint_matrix.coefficients.extend(self.values.tolist())
        return proto

    def solve(
        self,
        solver: mathopt.SolverType,
        *,
        time_limit: float | None = None,
        gap: float = 0.0,
        seed: int = 0,
        node_limit: int | None = None,
        deadline: Deadline | None = None,
        interior_point: bool = False,
        start: Floats | None = None,
    ) -> Answer:
        """Solve with a MathOpt solver; those used here search on one thread, so the answer is repeatable.

        ``deadline`` may end the call by a CancelledError. A search begins from ``start`` (n,), if that is given.
        By ``interior_point`` a linear program is solved, or the first one of a search by HiGHS.
        """
        searches = bool(self.integer.any())
        model = self.message()
        parameters = mathopt.SolveParameters(
            time_limit=None if time_limit is None else timedelta(seconds=min(max(time_limit, 0.0), LONGEST_S)),
            relative_gap_tolerance=gap if searches else None,
            random_seed=seed,
            node_limit=node_limit,
            lp_algorithm=mathopt.LPAlgorithm.BARRIER if interior_point and not searches else None,
        )
        if interior_point and searches:
            parameters.highs = HighsOptionsProto(string_options={"mip_lp_solver": "ipm"})
        deadline = deadline or Deadline(0.0)
        result = deadline.call(lambda interrupter: call(model, solver, parameters, interrupter, start))
        return self.answer(result, deadline, with_duals=not searches)

    def answer(self, result: Result | None, deadline: Deadline, with_duals: bool) -> Answer:
        """A solver's result in USD, None being a fault of its; its work is counted."""
        if result is None:
            return Answer(Status.IMPRECISE, None, np.inf)
        deadline.worked(float(len(self.values) * (result.ended.solve_stats.simplex_iterations + _READ)))
        return answer_of(result, self.usd_per_cost, with_duals)


def are_integer(values: Floats) -> bool:
    """Whether every value is an integer, but for a solver's last digits."""
    return bool((np.abs(values - np.rint(values)) < INTEGER_NOISE).all())


def answer_of(result: Result, usd_per_cost: float, with_duals: bool) -> Answer:
    """A solver's result in USD; raises RuntimeError for an end that is not known."""
    termination, known = result.ended.termination, mathopt.TerminationReason
    status = {
        known.OPTIMAL: Status.OPTIMAL,
        known.FEASIBLE: Status.FEASIBLE,
        known.INFEASIBLE: Status.INFEASIBLE,
        known.INFEASIBLE_OR_UNBOUNDED: Status.INFEASIBLE,
        known.NO_SOLUTION_FOUND: Status.UNKNOWN,
        known.IMPRECISE: Status.IMPRECISE,
        known.NUMERICAL_ERROR: Status.IMPRECISE,
    }.get(termination.reason)
    if status is None:
        raise RuntimeError(f"the solver ended with {termination.reason}: {termination.detail}")
    if status is Status.IMPRECISE:
        return Answer(status, None, np.inf)
    bound = termination.objective_bounds.dual_bound * usd_per_cost
    duals = None
    if with_duals and status is Status.OPTIMAL and result.values is not None and result.duals is not None:
        duals = result.duals * usd_per_cost
    return Answer(status, result.values, bound, duals)
