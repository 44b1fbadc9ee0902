"""Calls of OR-Tools' solvers by message, as MathOpt's own Python interface makes them.

That interface makes an object of every figure of an answer, its basis included. This takes longer than most of the
programs here take to solve, and no other thread runs meanwhile; so figures are read as arrays, and the basis is not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.metadata import version
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from ortools.math_opt import (
    callback_pb2,
    model_parameters_pb2,
    model_pb2,
    model_update_pb2,
    parameters_pb2,
    result_pb2,
    solution_pb2,
    sparse_containers_pb2,
)
from ortools.math_opt.python import mathopt
from ortools.util.python.solve_interrupter import SolveInterrupter

from capalloc.errors import UnfitLibraryError

_RELEASE = "9.15"
"""The release of OR-Tools whose binding this is."""
try:
    from ortools.math_opt.core.python import solver as native
    from pybind11_abseil.status import StatusNotOk
except ImportError as fault:
    if (found := version("ortools")).startswith(f"{_RELEASE}."):  # too little memory, a broken installation
        raise
    raise UnfitLibraryError("ortools", found, f"=={_RELEASE}.*") from fault

Floats = NDArray[np.float64]
_T = TypeVar("_T")
_HIGHS_THREADS = 1
"""Unasked, HiGHS keeps half as many as there are cores, for each thread that calls it. The same in every call: HiGHS
refuses another number on a thread that it has served before."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a solver said, in the units that it was asked in."""

    ended: mathopt.SolveResult
    """How, and what it took; its solutions are left out."""
    values: Floats | None
    """(columns,) None without a feasible solution."""
    duals: Floats | None
    """(rows,) None without a feasible dual solution."""


def solve(
    model: model_pb2.ModelProto,
    solver: mathopt.SolverType,
    parameters: mathopt.SolveParameters,
    interrupter: SolveInterrupter,
    start: Floats | None = None,
) -> Result | None:
    """What a solver says of a model, searched from ``start`` (columns,) if that is given; None for a fault of its."""
    asked = _asked(solver, parameters, interrupter, start)
    return _told(_heard(lambda: native.solve(model, solver.value, parameters_pb2.SolverInitializerProto(), *asked)))


class WarmSolver:
    """A solver that begins from the basis of the time before."""

    def __init__(self, model: model_pb2.ModelProto, solver: mathopt.SolverType) -> None:
        self._solver = solver
        self._held = _heard(lambda: native.new(solver.value, model, parameters_pb2.SolverInitializerProto()))

    def solve(self, parameters: mathopt.SolveParameters, interrupter: SolveInterrupter) -> Result | None:
        """What it says of the model as it is now; None for a fault of its."""
        held, asked = self._held, _asked(self._solver, parameters, interrupter)
        return None if held is None else _told(_heard(lambda: held.solve(*asked)))

    def pay(self, columns: Iterable[int], costs: Iterable[float]) -> bool:
        """Change the objective's coefficients of some columns; whether it has, else it is of no more use."""
        held, update = self._held, model_update_pb2.ModelUpdateProto()
        update.objective_updates.linear_coefficients.ids.extend(columns)
        update.objective_updates.linear_coefficients.values.extend(costs)
        return held is not None and bool(_heard(lambda: held.update(update)))


def _asked(
    solver: mathopt.SolverType,
    parameters: mathopt.SolveParameters,
    interrupter: SolveInterrupter,
    start: Floats | None = None,
) -> tuple[object, ...]:
    """The arguments that every call has in its end."""
    how = parameters.to_proto()
    if solver is mathopt.SolverType.HIGHS:
        how.highs.int_options["threads"] = _HIGHS_THREADS
    begun = model_parameters_pb2.ModelSolveParametersProto()
    if start is not None:
        hint = sparse_containers_pb2.SparseDoubleVectorProto(ids=range(len(start)), values=start.tolist())
        begun.solution_hints.add().variable_values.CopyFrom(hint)
    nobody_listens = None, callback_pb2.CallbackRegistrationProto(), None
    return how, begun, *nobody_listens, interrupter.pybind_interrupter


def _heard(call: Callable[[], _T]) -> _T | None:
    """What a solver returns; None for a fault of its."""
    try:
        return call()
    except (StatusNotOk, RuntimeError):
        return None


def _told(told: result_pb2.SolveResultProto | None) -> Result | None:
    if told is None:
        return None
    ended = result_pb2.SolveResultProto(termination=told.termination, solve_stats=told.solve_stats)
    best = told.solutions[0] if told.solutions else solution_pb2.SolutionProto()
    return Result(
        mathopt.parse_solve_result(ended, mathopt.Model()),
        _figures(best.primal_solution, best.primal_solution.variable_values),
        _figures(best.dual_solution, best.dual_solution.dual_values),
    )


def _figures(
    solution: solution_pb2.PrimalSolutionProto | solution_pb2.DualSolutionProto,
    figures: sparse_containers_pb2.SparseDoubleVectorProto,
) -> Floats | None:
    if solution.feasibility_status != solution_pb2.SOLUTION_STATUS_FEASIBLE:
        return None
    return np.fromiter(figures.values, dtype=float, count=len(figures.values))
