"""The integer program given to HiGHS and to CP-SAT through MathOpt."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from ortools.math_opt.python import mathopt
from ortools.math_opt.solvers.highs_pb2 import HighsOptionsProto

from capalloc.cli.clean_stdout import clean_stdout
from capalloc.schema.facility import Facility
from capalloc.schema.request import PlacementObjective, Request

from .answer import Answer, figure
from .cells import Cells, Taken, cells_of
from .constructive import CONSTRUCTIVE
from .monolith import Monolith


@dataclass(frozen=True, slots=True)
class Way:
    """How a peer states the program, and who solves it."""

    solver: mathopt.SolverType
    hinted: bool = True
    """It starts from the best constructive answer."""
    plain: bool = False
    """No requests are merged."""


WAYS = {
    "highs": Way(mathopt.SolverType.HIGHS),
    "highs-cold": Way(mathopt.SolverType.HIGHS, hinted=False),
    "highs-plain": Way(mathopt.SolverType.HIGHS, hinted=False, plain=True),
    "cp-sat": Way(mathopt.SolverType.CP_SAT),
}
WORKERS = 8
"""Of CP-SAT, whatever the cores: with two none of them works on the linear relaxation, and the bound stays far off."""


def solve(
    name: str,
    facility: Facility,
    requests: tuple[Request, ...],
    objective: PlacementObjective,
    *,
    time_limit: float,
    seed: int,
    threads: int | None = None,
) -> Answer:
    """Search until ``time_limit`` seconds have passed since the call; raises TooLargeError for too many counts.

    ``threads`` are those of HiGHS, which fails where it has run with another number in this process; None: its own.
    """
    begun = time.perf_counter()
    way = WAYS[name]
    cells = cells_of(facility, requests)
    monolith = Monolith(cells, requests, objective, way.plain)
    program = monolith.program()
    model = mathopt.Model.from_model_proto(program.message())
    start = _start(cells, requests, objective, seed) if way.hinted else []
    hint = _hint(model, monolith.values(start)) if start else mathopt.ModelSolveParameters()
    built_s = time.perf_counter() - begun
    parameters = _parameters(way.solver, max(time_limit - built_s, 1.0), seed, threads)
    with clean_stdout():
        result = mathopt.solve(model, way.solver, params=parameters, model_params=hint)
    core_s = time.perf_counter() - begun - built_s
    taken: list[Taken] = []
    if result.has_primal_feasible_solution():
        taken = monolith.taken(np.fromiter(result.variable_values().values(), dtype=float))
    bound = result.termination.objective_bounds.dual_bound
    placed = cells.placed(requests, taken)
    return Answer(placed, core_s, time.perf_counter() - begun, bound if np.isfinite(bound) else None)


def _parameters(
    solver: mathopt.SolverType, time_limit: float, seed: int, threads: int | None
) -> mathopt.SolveParameters:
    """MathOpt passes no threads on to HiGHS but as an option of its own."""
    highs = solver is mathopt.SolverType.HIGHS
    return mathopt.SolveParameters(
        time_limit=timedelta(seconds=time_limit),
        relative_gap_tolerance=0.0,
        random_seed=seed,
        threads=None if highs else WORKERS,
        highs=HighsOptionsProto(int_options={"threads": threads} if highs and threads else {}),
    )


def _start(cells: Cells, requests: Sequence[Request], objective: PlacementObjective, seed: int) -> list[Taken]:
    """The best constructive answer."""
    found = [kind(cells, seed).place(requests, objective) for kind in CONSTRUCTIVE.values()]
    return max(found, key=lambda taken: figure(objective, tuple(requests), cells.placed(requests, taken)))


def _hint(model: mathopt.Model, values: np.ndarray) -> mathopt.ModelSolveParameters:
    by_column = dict(zip(model.variables(), values.tolist(), strict=True))
    return mathopt.ModelSolveParameters(solution_hints=[mathopt.SolutionHint(variable_values=by_column)])
