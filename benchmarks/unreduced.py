"""The model without rack classes, windows or pools: a count for each row of racks, demand and period."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from ortools.math_opt.python import mathopt

from capalloc.cli.clean_stdout import clean_stdout
from capalloc.errors import TooLargeError
from capalloc.formats import scenario_sha256
from capalloc.instance.compile import compile_scenario
from capalloc.instance.model import Instance
from capalloc.naming.racks import name_racks
from capalloc.planner.bounds.group_draw import with_cuts
from capalloc.planner.model.by_class import ModelByClass
from capalloc.planner.model.columns import MONEY_ALONE, may_serve
from capalloc.planner.model.objective import bound_usd
from capalloc.reduction.classes import Reduction, reduce_instance
from capalloc.roster.decode import Search, decode
from capalloc.roster.ending import Ending
from capalloc.roster.roster import Roster
from capalloc.schema.plan import Plan, Stats
from capalloc.schema.scenario import Scenario

THREADS = 2
MOST_BYTES = 16 << 30
BYTES_PER_COLUMN = 7000
"""What building and solving takes at its peak for each count of who serves whom: measured at 3,500 racks, 36 months."""
_NOTHING = (mathopt.TerminationReason.NO_SOLUTION_FOUND, mathopt.TerminationReason.INFEASIBLE)


@dataclass(frozen=True, slots=True)
class Found:
    """What a peer found, and the seconds it took."""

    build_s: float
    solve_s: float
    bound_usd: float | None
    """A proven bound on what any plan can earn; None where there is none."""
    plan: Plan | None


@dataclass(frozen=True, slots=True)
class Way:
    """How the model is solved."""

    solver: mathopt.SolverType
    integer: bool
    """Counts are whole numbers; else the relaxation is solved by interior point."""


def solve_unreduced(scenario: Scenario, way: Way, gap: float, time_limit: float, seed: int) -> Found:
    """Build the model and solve it in what is left of ``time_limit`` seconds.

    Raises TooLargeError where the model would not fit MOST_BYTES of memory.
    """
    begun = time.perf_counter()
    instance = compile_scenario(scenario)
    reduction = reduce_instance(instance, by_row=True)
    refuse_large(reduction)
    built = with_cuts(ModelByClass(reduction, MONEY_ALONE))
    model = mathopt.Model.from_model_proto(built.linear.program(relax=not way.integer).message())
    build_s = time.perf_counter() - begun
    result = answer(model, way, gap, time_limit - build_s, seed)
    solve_s = time.perf_counter() - begun - build_s
    cost = built.linear.usd_per_cost
    bound = result.termination.objective_bounds.dual_bound * cost
    proven = np.isfinite(bound) and way.solver is not mathopt.SolverType.CP_SAT  # which rounds what is not whole
    proven_usd = bound_usd(reduction, bound, MONEY_ALONE) if proven else None
    plan = None
    if way.integer and result.has_primal_feasible_solution():
        values = np.fromiter(result.variable_values().values(), dtype=float)
        plan = as_plan(scenario, instance, roster_of(built, values), proven_usd)
    return Found(build_s, solve_s, proven_usd, plan)


def refuse_large(reduction: Reduction) -> None:
    """Raise TooLargeError where building the model would pass MOST_BYTES."""
    columns = int(may_serve(reduction).sum())
    if columns * BYTES_PER_COLUMN > MOST_BYTES:
        raise TooLargeError(f"{columns:,} counts need more than {MOST_BYTES >> 30} GiB")


def answer(model: mathopt.Model, way: Way, gap: float, time_limit: float, seed: int) -> mathopt.SolveResult:
    """Solve with what the way says."""
    parameters = mathopt.SolveParameters(
        time_limit=timedelta(seconds=max(time_limit, 1.0)),
        relative_gap_tolerance=gap if way.integer else None,
        random_seed=seed,
        threads=None if way.solver is mathopt.SolverType.HIGHS else THREADS,  # it refuses the parameter
        lp_algorithm=None if way.integer else mathopt.LPAlgorithm.BARRIER,
    )
    with clean_stdout():
        return mathopt.solve(model, way.solver, params=parameters)


def roster_of(built: ModelByClass, values: np.ndarray) -> Roster:
    """Racks by name, of the values of a model's columns."""
    return name_racks(built.reduction, built.counts(values))


def as_plan(scenario: Scenario, instance: Instance, roster: Roster, bound_usd: float | None) -> Plan:
    """The plan of a roster, as ours would be written."""
    racks, periods = len(instance.racks.names), len(instance.periods)
    stats = Stats(racks=racks, classes=racks, periods=periods, windows=periods)
    bound = -np.inf if bound_usd is None else bound_usd
    return decode(instance, roster, scenario_sha256(scenario), frozenset(), Search(bound, Ending(np.inf), stats))
