"""The integer program given to HiGHS and to CP-SAT through MathOpt."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import timedelta

import numpy as np
from ortools.math_opt.python import mathopt

from benchmarks.placement.answer import Answer, figure
from benchmarks.placement.cells import Cells, Taken, cells_of
from benchmarks.placement.constructive import CONSTRUCTIVE
from benchmarks.placement.monolith import Monolith
from capalloc.planner.silence import silent_stdout
from capalloc.schema.facility import Facility
from capalloc.schema.request import PlacementObjective, Request

COLD = "highs-cold"
"""The one peer that does not start from the best constructive answer."""
SOLVERS = {
    "highs": mathopt.SolverType.HIGHS,
    COLD: mathopt.SolverType.HIGHS,
    "cp-sat": mathopt.SolverType.CP_SAT,
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
) -> Answer:
    """Search until ``time_limit`` seconds have passed since the call; raises TooLargeError for too many counts."""
    begun = time.perf_counter()
    cells = cells_of(facility, requests)
    monolith = Monolith(cells, requests, objective)
    program = monolith.program()
    model = mathopt.Model.from_model_proto(program.message())
    start = [] if name == COLD else _start(cells, requests, objective, seed)
    hint = _hint(model, monolith.values(start)) if start else mathopt.ModelSolveParameters()
    built_s = time.perf_counter() - begun
    parameters = mathopt.SolveParameters(
        time_limit=timedelta(seconds=max(time_limit - built_s, 1.0)),
        relative_gap_tolerance=0.0,
        random_seed=seed,
        threads=WORKERS if name == "cp-sat" else None,  # MathOpt cannot give HiGHS any
    )
    with silent_stdout():
        result = mathopt.solve(model, SOLVERS[name], params=parameters, model_params=hint)
    core_s = time.perf_counter() - begun - built_s
    taken: list[Taken] = []
    if result.has_primal_feasible_solution():
        taken = monolith.taken(np.fromiter(result.variable_values().values(), dtype=float))
    bound = result.termination.objective_bounds.dual_bound
    placed = cells.placed(requests, taken)
    return Answer(placed, core_s, time.perf_counter() - begun, bound if np.isfinite(bound) else None)


def _start(cells: Cells, requests: Sequence[Request], objective: PlacementObjective, seed: int) -> list[Taken]:
    """The best constructive answer."""
    found = [kind(cells, seed).place(requests, objective) for kind in CONSTRUCTIVE.values()]
    return max(found, key=lambda taken: figure(objective, tuple(requests), cells.placed(requests, taken)))


def _hint(model: mathopt.Model, values: np.ndarray) -> mathopt.ModelSolveParameters:
    by_column = dict(zip(model.variables(), values.tolist(), strict=True))
    return mathopt.ModelSolveParameters(solution_hints=[mathopt.SolutionHint(variable_values=by_column)])
