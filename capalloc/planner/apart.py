"""A bound and prices from single periods, each solved as a linear program of its own.

Without what ties periods together, what a period can earn depends on its limits and its money alone. Periods of one
window that pay alike but for the discount share one program, and the discounted sum of their bounds bounds every plan.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from ortools.math_opt.python import mathopt

from capalloc.instance.model import Instance
from capalloc.planner.limits import Money
from capalloc.planner.program import Answer, Bools, Floats, Ints, Program
from capalloc.planner.slices import Slice, Slices


@dataclass(slots=True)
class Single:
    """One window under the money of one of its periods."""

    window: int
    usd: Floats
    """(columns of the whole,) money alone, not discounted."""
    periods: list[int]
    """Periods that pay so."""
    part: Slice
    answer: Answer
    bound: float
    """Undiscounted USD that the period cannot pass, without what no plan changes."""


def singles(instance: Instance, window: Ints, slices: Slices, money: Sequence[Money]) -> list[Single]:
    """One linear program for each window and way of paying; ``window`` is (T,)."""
    known: dict[tuple[int, bytes], Single] = {}
    for t in range(len(instance.periods)):
        usd = _usd(instance, t, int(window[t]), money, len(slices.when))
        key = int(window[t]), usd.tobytes()
        if key not in known:
            part = slices.alone(int(window[t]))
            answer = solve_relaxed(paying(part, usd).relaxed())
            known[key] = Single(int(window[t]), usd, [], part, answer, answer.bound)
        known[key].periods.append(t)
    return list(known.values())


def paying(part: Slice, usd: Floats) -> Program:
    """The part's program with other money."""
    return replace(part.program, usd=usd[part.columns])


def solve_relaxed(program: Program, time_limit: float | None = None) -> Answer:
    """A linear program; where one solver's answer is not to be relied on, or says no, another is asked."""
    answer = program.solve(mathopt.SolverType.GLOP, time_limit=time_limit)
    return answer if answer.status == "optimal" else program.solve(mathopt.SolverType.HIGHS, time_limit=time_limit)


def search_again(single: Single, switches: Bools, time_limit: float, gap: float) -> None:
    """Lower the bound of a period by a search in which yes and no are whole, and counts are not."""
    program = replace(paying(single.part, single.usd), whole=switches[single.part.columns])
    if program.whole.any():
        answer = program.solve(mathopt.SolverType.HIGHS, time_limit=time_limit, gap=gap)
        single.bound = min(single.bound, answer.bound)


def bound_of(instance: Instance, found: Sequence[Single]) -> float:
    """Discounted USD, without what no plan changes."""
    return float(sum(instance.discount[single.periods].sum() * single.bound for single in found))


def _usd(instance: Instance, t: int, window: int, money: Sequence[Money], columns: int) -> Floats:
    usd = np.zeros(columns)
    for part in money:
        numbers = part.segments[window]
        slopes = instance.demands[part.demand].curves[part.curve].slopes[t]
        usd[numbers[numbers >= 0]] = slopes[numbers >= 0] * part.scale
    return usd
