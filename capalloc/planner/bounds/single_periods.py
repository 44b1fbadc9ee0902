"""Single-period relaxations: what each period could earn with no past and no future.

Dropping the rows that tie periods to one another (departures, hand-over, bring-up, a delivery's one position for all
time) leaves one small program for each period. A plan's columns of a period satisfy that program, and the objective
is a sum over periods less what moves cost, so the discounted sum of their bounds bounds every plan. It is a Lagrangian
decomposition in which all multipliers of the dropped rows are zero (M. Guignard and S. Kim, Lagrangean decomposition:
a model yielding stronger Lagrangean bounds, Mathematical Programming 39, 1987, doi:10.1007/BF02592954). The bound is
close where moving is cheap against a month's fees, and with integer columns it sees what the linear relaxation over
all periods does not: lots and isolation in whole groups.

Each program is sliced from the model over calendar windows (``Slices.alone``), with money alone: no tie-breaks. First
it is solved as a linear program, which also gives prices; periods of a window with one objective but for the discount
share one answer, and those of other objectives start from its basis. Then branch and bound lowers the bounds, with some
columns integer or with all. What it finds for one objective also lowers the bound under another: the maximum of a
program is a sublinear function of its objective, so that of ``c = share c' + (c - share c')`` is no more than ``share``
times that of ``c'`` and that of the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from ortools.math_opt.python import mathopt

from capalloc.instance.model import Instance
from capalloc.planner.bounds.single_demands import base_of_periods, most_of_periods
from capalloc.planner.lp.deadline import Deadline
from capalloc.planner.lp.incremental import WarmProgram
from capalloc.planner.lp.parallel import side_by_side
from capalloc.planner.lp.program import Answer, Bools, Floats, Ints, Program, are_integer
from capalloc.planner.lp.relaxation import duals_without, solve_relaxed
from capalloc.planner.lp.slices import Slice, Slices
from capalloc.planner.model.level import Money
from capalloc.schema.status import Status

_UNKNOWN = Answer(Status.UNKNOWN, None, np.inf)


@dataclass(slots=True)
class SinglePeriod:
    """The relaxation of one window under the objective of some of its periods."""

    window: int
    usd: Floats
    """(columns of the model,) the objective: money alone, not discounted."""
    periods: list[int]
    """Periods with that objective."""
    part: Slice
    answer: Answer
    """Of the linear program."""
    bound: float
    """Undiscounted USD that the period cannot pass, without what no plan changes."""
    searched: Answer | None = None
    """What branch and bound said with the model's priority columns, or all, integer."""
    learned: bool = False
    """It has learned from such a search under another objective of its window."""

    @property
    def tells(self) -> bool:
        """Whether a search said more than the relaxation."""
        return self.searched is not None and self.searched is not self.answer


def relax_single_periods(
    instance: Instance, window: Ints, slices: Slices, money: Sequence[Money], deadline: Deadline | None = None
) -> list[SinglePeriod]:
    """The linear program of each window and objective; ``window`` is (T,), that of each period of the instance.

    What the ``deadline`` leaves no time for is bounded by what its demands would earn with every rack that they accept.
    """
    most, until = most_of_periods(instance) - base_of_periods(instance), deadline or Deadline()

    def of_window(w: int) -> list[SinglePeriod]:
        part = slices.alone(w)
        objectives = _objectives(instance, np.flatnonzero(window == w), w, money, len(slices.when))
        return [SinglePeriod(w, usd, own, part, _UNKNOWN, float(most[own].max())) for usd, own in objectives]

    found = [of_window(w) for w in np.unique(window).tolist()]
    with until.interruptible():
        side_by_side([partial(_relax, singles, until) for singles in found])
    return [single for singles in found for single in singles]


def _relax(singles: Sequence[SinglePeriod], deadline: Deadline) -> None:
    """Solve the linear program of a window under each of its objectives, in the time that is left."""
    program = WarmProgram(singles[0].part.program)
    for single in singles:
        if deadline.over():
            return
        single.answer = program.solve(single.usd[single.part.columns], deadline.left(), deadline)
        if single.answer.status is not Status.OPTIMAL:
            single.answer = solve_relaxed(_with_objective(single.part, single.usd).relaxed(), deadline.left(), deadline)
        single.bound = min(single.bound, single.answer.bound)


def _objectives(
    instance: Instance, periods: Ints, window: int, money: Sequence[Money], columns: int
) -> list[tuple[Floats, list[int]]]:
    """The (columns,) objectives of a window's periods, each with the periods that have it."""
    known: dict[bytes, tuple[Floats, list[int]]] = {}
    for t in periods.tolist():
        usd = _objective(instance, t, window, money, columns)
        known.setdefault(usd.tobytes(), (usd, []))[1].append(t)
    return list(known.values())


def _objective(instance: Instance, t: int, window: int, money: Sequence[Money], columns: int) -> Floats:
    """(columns,) undiscounted USD of the segments of a window, at what period ``t`` pays."""
    usd = np.zeros(columns)
    for part in money:
        numbers = part.segments[window]
        slopes = instance.demands[part.demand].curves[part.curve].slopes[t]
        usd[numbers[numbers >= 0]] = slopes[numbers >= 0] * part.scale
    return usd


def _with_objective(part: Slice, usd: Floats) -> Program:
    return replace(part.program, usd=usd[part.columns])


def tighten(
    single: SinglePeriod,
    integer: Bools,
    time_limit: float,
    gap: float,
    seed: int,
    deadline: Deadline,
    plan: Floats | None = None,
) -> None:
    """Lower the bound of a period by branch and bound over the columns that ``integer`` (columns of the model,) names.

    Where they are integer in the linear program's answer already, that is the answer. ``time_limit`` is in seconds,
    ``gap`` relative; ``deadline`` may cut it short. It begins from a ``plan`` (columns of the model,), if there is one.
    """
    program = _with_objective(single.part, single.usd)
    program = replace(program, integer=program.integer & integer[single.part.columns])
    if single.answer.values is not None and are_integer(single.answer.values[program.integer]):
        single.searched = single.answer
        return
    start = None if plan is None else plan[single.part.columns]
    single.searched = program.solve(
        mathopt.SolverType.HIGHS, time_limit=time_limit, gap=gap, seed=seed, deadline=deadline, start=start
    )
    single.bound = min(single.bound, single.searched.bound)


def tighten_from(known: SinglePeriod, single: SinglePeriod, deadline: Deadline) -> None:
    """Lower the bound of a period by that of another which shares its program but not its objective.

    Its objective is some share of the other's and a rest, and no plan earns more than the best for each. The rest is
    small, so its linear program will do.
    """
    single.learned, share = True, _share(single.usd, known.usd)
    if share <= 0:
        return
    rest = solve_relaxed(_with_objective(single.part, single.usd - share * known.usd).relaxed(), deadline=deadline)
    if rest.status is Status.OPTIMAL:
        single.bound = min(single.bound, share * known.bound + rest.bound)


def search_window(
    bounds: PeriodBounds, window: int, integer: Bools, time_limit: float, gap: float, seed: int, deadline: Deadline
) -> None:
    """Lower the bounds of a window by a search under the objective that counts most in it; see :func:`tighten`."""
    single = bounds.heaviest(window)
    tighten(single, integer, time_limit, gap, seed, deadline)
    for other in bounds.found:
        if single.tells and other is not single and other.window == window:
            tighten_from(single, other, deadline)


def _share(usd: Floats, known: Floats) -> float:
    """The most of ``known`` that is nowhere more than ``usd``."""
    paid = known > 0
    return float((usd[paid] / known[paid]).min()) if paid.any() else 0.0


def duals_of_periods(found: Sequence[SinglePeriod], cuts: Ints, deadline: Deadline) -> list[Floats | None]:
    """(rows of its part,) duals of each period, None where it has none; ``cuts``, rows of the model, limit nothing.

    What a valid inequality is worth is worth of the limits that it comes from, and its dual would hide it.
    """

    def of_single(single: SinglePeriod) -> Floats | None:
        rows = np.flatnonzero(np.isin(single.part.rows, cuts))
        return duals_without(single.answer, _with_objective(single.part, single.usd), rows, deadline)

    return side_by_side([partial(of_single, single) for single in found])


class PeriodBounds:
    """What each period can earn at most, as far as is known, in discounted USD without what no plan changes.

    The single periods may be tightened meanwhile; every figure is that of the moment.
    """

    def __init__(self, instance: Instance, found: Sequence[SinglePeriod]) -> None:
        self.found = tuple(found)
        self._discount = instance.discount
        self._weight = [float(instance.discount[single.periods].sum()) for single in found]

    def of_window(self, window: int) -> float:
        """The bound of one window."""
        return sum(self.usd(i) for i, single in enumerate(self.found) if single.window == window)

    def of_periods(self) -> Floats:
        """(T,) the bound of each period."""
        bounds = np.zeros(len(self._discount))
        for single in self.found:
            bounds[single.periods] = self._discount[single.periods] * single.bound
        return bounds

    def total(self) -> float:
        """The bound of any plan."""
        return sum(map(self.usd, range(len(self.found))))

    def usd(self, i: int) -> float:
        """The bound of the i-th of the periods found."""
        return self._weight[i] * self.found[i].bound

    def earned(self, values: Floats) -> list[float]:
        """What a plan's (columns,) values earn under each of the objectives."""
        return [
            weight * float((single.usd * values)[single.part.columns].sum())
            for weight, single in zip(self._weight, self.found, strict=True)
        ]

    def heaviest(self, window: int) -> SinglePeriod:
        """The objective that counts most in a window."""
        mine = [i for i, single in enumerate(self.found) if single.window == window]
        return self.found[max(mine, key=lambda i: self._weight[i])]
