"""Large-neighbourhood search: most of a plan is fixed, and a part of it, a neighbourhood, is solved again.

First every rack keeps what it serves and idle ones are added where they pay; then a demand, a pair of demands or a
stretch of two periods is planned anew while the rest is fixed. Each step is a small program in which the plan itself is
feasible, so its answer is at least as good up to its gap, and the work may stop at any time.

P. Shaw, Using constraint programming and local search methods to solve vehicle routing problems, CP 1998; D. Pisinger
and S. Ropke, Large neighborhood search, in Handbook of Metaheuristics, 2010, doi:10.1007/978-1-4419-1665-5_13.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations

import numpy as np
from ortools.math_opt.python import mathopt

from capalloc.instance.model import Bools, Floats, Ints
from capalloc.planner.lp.deadline import Deadline
from capalloc.planner.lp.program import Answer, Held
from capalloc.planner.model.protocol import PlanModel
from capalloc.planner.params import PlannerParams
from capalloc.planner.search.watch import Watch


def search_neighbourhoods(
    model: PlanModel,
    answer: Answer,
    params: PlannerParams,
    deadline: Deadline,
    watch: Watch,
    kept: float = 0.0,
    enough: Callable[[float], bool] | None = None,
    most_demands: int = 2,
) -> Answer:
    """The best answer found in the time left but for ``kept`` seconds.

    The work ends before that when the worth is ``enough``, as the watch has it where that is not given, or when no part
    gains anything any more. A part has ``most_demands``, and where that is 1, all periods.
    """
    ends = enough or (lambda _: watch.enough())
    best, gap = answer, params.whole_gap * params.neighbourhoods.gap_share
    serve = model.levels[0].columns.serve
    parts, program = list(_parts(serve, most_demands)), model.linear.program()
    part, idle = 0, 0
    with deadline.interruptible():
        while idle < len(parts) and (left := deadline.left(kept)) > 0:
            if ends(_worth(model, best)):
                break
            found = program.held(_held(serve, best, parts[part % len(parts)])).solve(
                mathopt.SolverType.HIGHS,
                time_limit=min(left, params.neighbourhoods.step_s),
                gap=gap,
                seed=params.seed,
                deadline=deadline,
                start=best.values,
            )
            part, idle = part + 1, idle + 1
            least = _worth(model, best) + gap * abs(_worth(model, best))
            if found.values is not None and _worth(model, found) > least:
                best, idle = Answer(best.status, found.values, best.bound), 0
                watch.learn(best=_worth(model, best))
    return best


def _worth(model: PlanModel, answer: Answer) -> float:
    assert answer.values is not None
    return model.linear.value(answer.values)


def _parts(serve: Ints, most_demands: int) -> Iterator[Bools | None]:
    """(D, T) what each step leaves free: None lets every count only grow; then demands, pairs of them, and periods."""
    demands, periods = serve.shape[1:]
    yield None
    for size in range(1, most_demands + 1):
        for chosen in combinations(range(demands), size):
            free = np.zeros((demands, periods), dtype=bool)
            free[list(chosen)] = True
            yield free
    for t in range(periods if most_demands > 1 else 0):
        free = np.zeros((demands, periods), dtype=bool)
        free[:, t : t + 2] = True
        yield free


def _held(serve: Ints, best: Answer, free: Bools | None) -> Held:
    columns = serve[:, ~free] if free is not None else serve
    columns = columns[columns >= 0]
    now = _now(best, columns)
    return Held(columns, now, np.full(len(now), np.inf) if free is None else now)


def _now(best: Answer, columns: Ints) -> Floats:
    assert best.values is not None
    return np.rint(best.values[columns])
