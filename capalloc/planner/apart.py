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
from capalloc.planner.warm import WarmProgram


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
    searched: Answer | None = None
    """What a search said in which choices are whole."""


def singles(instance: Instance, window: Ints, slices: Slices, money: Sequence[Money]) -> list[Single]:
    """One linear program for each window and way of paying; ``window`` is (T,)."""
    found: list[Single] = []
    for w in np.unique(window).tolist():
        part = slices.alone(w)
        paid = _ways_of_paying(instance, np.flatnonzero(window == w), w, money, len(slices.when))
        with WarmProgram(part.program) as program:
            for usd, periods in paid:
                answer = program.solve(usd[part.columns])
                if answer.status != "optimal":
                    answer = solve_relaxed(paying(part, usd).relaxed())
                found.append(Single(w, usd, periods, part, answer, answer.bound))
    return found


def _ways_of_paying(
    instance: Instance, periods: Ints, window: int, money: Sequence[Money], columns: int
) -> list[tuple[Floats, list[int]]]:
    """The money of a window's periods, each with the periods that pay so."""
    known: dict[bytes, tuple[Floats, list[int]]] = {}
    for t in periods.tolist():
        usd = _usd(instance, t, window, money, columns)
        known.setdefault(usd.tobytes(), (usd, []))[1].append(t)
    return list(known.values())


def paying(part: Slice, usd: Floats) -> Program:
    """The part's program with other money."""
    return replace(part.program, usd=usd[part.columns])


def solve_relaxed(program: Program, time_limit: float | None = None) -> Answer:
    """A linear program; where one solver's answer is not to be relied on, or says no, another is asked."""
    answer = program.solve(mathopt.SolverType.GLOP, time_limit=time_limit)
    return answer if answer.status == "optimal" else program.solve(mathopt.SolverType.HIGHS, time_limit=time_limit)


def search_again(single: Single, whole: Bools, time_limit: float, gap: float, seed: int = 0) -> None:
    """Lower the bound of a period by a search in which some more columns (columns of the whole,) are whole."""
    program = paying(single.part, single.usd)
    program = replace(program, whole=program.whole & whole[single.part.columns])
    if program.whole.any():
        single.searched = program.solve(mathopt.SolverType.HIGHS, time_limit=time_limit, gap=gap, seed=seed)
        single.bound = min(single.bound, single.searched.bound)


class Ceilings:
    """What each window can earn at most, as far as is known, in discounted USD without what no plan changes."""

    def __init__(self, instance: Instance, found: Sequence[Single]) -> None:
        self.found = tuple(found)
        self._weight = [float(instance.discount[single.periods].sum()) for single in found]

    def of_window(self, window: int) -> float:
        """The ceiling of one window."""
        return sum(self._usd(i) for i, single in enumerate(self.found) if single.window == window)

    def total(self) -> float:
        """The ceiling of any plan."""
        return sum(map(self._usd, range(len(self.found))))

    def missing(self, i: int, values: Floats) -> float:
        """What a plan's columns earn less than the ceiling of the i-th of the periods."""
        single = self.found[i]
        return self._usd(i) - self._weight[i] * float(single.usd @ values)

    def heaviest(self, window: int) -> Single:
        """The way of paying that counts most in a window."""
        mine = [i for i, single in enumerate(self.found) if single.window == window]
        return self.found[max(mine, key=lambda i: self._weight[i])]

    def _usd(self, i: int) -> float:
        return self._weight[i] * self.found[i].bound


def _usd(instance: Instance, t: int, window: int, money: Sequence[Money], columns: int) -> Floats:
    usd = np.zeros(columns)
    for part in money:
        numbers = part.segments[window]
        slopes = instance.demands[part.demand].curves[part.curve].slopes[t]
        usd[numbers[numbers >= 0]] = slopes[numbers >= 0] * part.scale
    return usd
