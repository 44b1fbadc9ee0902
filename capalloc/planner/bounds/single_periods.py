"""A bound and prices from single periods, each solved as a linear program of its own.

Without what ties periods together, what a period can earn depends on its limits and its money alone. Periods of one
window that pay alike but for the discount share one program, and the discounted sum of their bounds bounds every plan.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from ortools.math_opt.python import mathopt

from capalloc.instance.model import Instance
from capalloc.planner.lp.incremental import WarmProgram
from capalloc.planner.lp.parallel import side_by_side
from capalloc.planner.lp.program import Answer, Bools, Floats, Ints, Program
from capalloc.planner.lp.slices import Slice, Slices
from capalloc.planner.model.limits import Money
from capalloc.schema.status import Status

_OFF_BY = 1e-6


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

    def of_window(w: int) -> list[Single]:
        part = slices.alone(w)
        paid = _ways_of_paying(instance, np.flatnonzero(window == w), w, money, len(slices.when))
        with WarmProgram(part.program) as program:
            return [_single(w, part, program, usd, periods) for usd, periods in paid]

    windows = np.unique(window).tolist()
    return [single for found in side_by_side([partial(of_window, w) for w in windows]) for single in found]


def _single(window: int, part: Slice, program: WarmProgram, usd: Floats, periods: list[int]) -> Single:
    answer = program.solve(usd[part.columns])
    if answer.status is not Status.OPTIMAL:
        answer = solve_relaxed(paying(part, usd).relaxed())
    return Single(window, usd, periods, part, answer, answer.bound)


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
    return answer if answer.status is Status.OPTIMAL else program.solve(mathopt.SolverType.HIGHS, time_limit=time_limit)


def search_again(single: Single, whole: Bools, time_limit: float, gap: float, seed: int) -> None:
    """Lower the bound of a period by a search in which the columns that ``whole`` (columns of the whole,) names are so.

    Where they are whole already in the linear program's answer, that is the answer.
    """
    program = paying(single.part, single.usd)
    program = replace(program, integer=program.integer & whole[single.part.columns])
    if single.answer.values is not None and _are_whole(single.answer.values[program.integer]):
        single.searched = single.answer
        return
    single.searched = program.solve(mathopt.SolverType.HIGHS, time_limit=time_limit, gap=gap, seed=seed)
    single.bound = min(single.bound, single.searched.bound)


def duals_without(answer: Answer, program: Program, rows: Ints, time_limit: float | None = None) -> Floats | None:
    """Duals of a linear program of which there is an answer, where ``rows`` limit nothing; None where it has none."""
    if answer.duals is None or not answer.duals[rows].any():
        return answer.duals
    return solve_relaxed(program.relaxed().without(rows), time_limit).duals


def priced(found: Sequence[Single], implied: Ints) -> list[Floats | None]:
    """Duals of each period's rows where those that are ``implied``, as rows of the whole, limit nothing.

    What such a row is worth is worth of the limits that it comes from, and its dual would hide it.
    """

    def of_single(single: Single) -> Floats | None:
        rows = np.flatnonzero(np.isin(single.part.rows, implied))
        return duals_without(single.answer, paying(single.part, single.usd), rows)

    return side_by_side([partial(of_single, single) for single in found])


def lend(known: Single, single: Single) -> None:
    """Lower the bound of a period by what was found for another that shares its program and pays alike.

    Its money is some share of the other's and a rest, and no plan earns more than the best for each. The rest is
    small, so its linear program will do.
    """
    share = _share(single.usd, known.usd)
    if share <= 0:
        return
    rest = solve_relaxed(paying(single.part, single.usd - share * known.usd).relaxed())
    if rest.status is Status.OPTIMAL:
        single.bound = min(single.bound, share * known.bound + rest.bound)


def _share(usd: Floats, known: Floats) -> float:
    """The most of ``known`` that is nowhere more than ``usd``."""
    paid = known > 0
    return float((usd[paid] / known[paid]).min()) if paid.any() else 0.0


def _are_whole(values: Floats) -> bool:
    return bool((np.abs(values - np.rint(values)) < _OFF_BY).all())


class Ceilings:
    """What each window can earn at most, as far as is known, in discounted USD without what no plan changes."""

    def __init__(self, instance: Instance, found: Sequence[Single]) -> None:
        self.found = tuple(found)
        self._discount = instance.discount
        self._weight = [float(instance.discount[single.periods].sum()) for single in found]

    def of_window(self, window: int) -> float:
        """The ceiling of one window."""
        return sum(self.usd(i) for i, single in enumerate(self.found) if single.window == window)

    def of_periods(self) -> Floats:
        """(T,) the ceiling of each period."""
        ceilings = np.zeros(len(self._discount))
        for single in self.found:
            ceilings[single.periods] = self._discount[single.periods] * single.bound
        return ceilings

    def total(self) -> float:
        """The ceiling of any plan."""
        return sum(map(self.usd, range(len(self.found))))

    def usd(self, i: int) -> float:
        """The ceiling of the i-th of the periods found."""
        return self._weight[i] * self.found[i].bound

    def earned(self, values: Floats) -> list[float]:
        """What a plan's columns earn of each ceiling."""
        return [weight * float(single.usd @ values) for weight, single in zip(self._weight, self.found, strict=True)]

    def heaviest(self, window: int) -> Single:
        """The way of paying that counts most in a window."""
        mine = [i for i, single in enumerate(self.found) if single.window == window]
        return self.found[max(mine, key=lambda i: self._weight[i])]


def _usd(instance: Instance, t: int, window: int, money: Sequence[Money], columns: int) -> Floats:
    usd = np.zeros(columns)
    for part in money:
        numbers = part.segments[window]
        slopes = instance.demands[part.demand].curves[part.curve].slopes[t]
        usd[numbers[numbers >= 0]] = slopes[numbers >= 0] * part.scale
    return usd
