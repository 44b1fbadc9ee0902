"""A step of relax-and-fix: one period, its binary columns first, then integer counts near the relaxed ones.

Binary columns are fixed by the first attempt that comes close to the period's bound: those of the period before, those
of the best plan without the past, rounding up what the relaxation has a part of, or diving (fix the largest fraction
and solve again). Counts are then searched for within a few racks of the relaxation, a neighbourhood that is widened
where it holds no answer; last of all everything of the period is searched.

Every attempt solves a program that has all rows of the period, so what it finds keeps every rule; only how good it is
depends on the attempts, and the period's bound tells. Source of the method: see ``rolling_horizon``. Diving and
neighbourhoods of the relaxation: T. Berthold, Primal Heuristics for Mixed Integer Programs, diploma thesis, TU Berlin,
2006.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from ortools.math_opt.python import mathopt

from capalloc.planner.bounds.single_periods import PeriodBounds, search_window
from capalloc.planner.lp.deadline import Deadline
from capalloc.planner.lp.linear import LinearModel
from capalloc.planner.lp.parallel import AT_ONCE, side_by_side
from capalloc.planner.lp.program import INTEGER_NOISE, Answer, Bools, Floats, Ints, Program, are_integer
from capalloc.planner.lp.relaxation import solve_relaxed
from capalloc.planner.lp.slices import Slice, Slices
from capalloc.planner.params import RelaxAndFixParams


@dataclass(frozen=True, slots=True)
class Settings:
    """How hard each step searches."""

    gap: float
    """Relative gap of a step's searches."""
    seed: int
    ahead: int
    """Periods that each step looks ahead: those in which a rack that changes hands serves nobody."""
    params: RelaxAndFixParams
    deadline: Deadline
    """Once it is over, what is begun is finished in haste."""
    kept: float = 0.0
    """Seconds for what follows."""
    pulse: Callable[[], None] = lambda: None
    """Called after each period."""
    needed: bool = True
    """There has to be an answer, however late; else what is begun ends with the time."""

    may_lack_usd: float = 0.0
    """Distance to the bounds of the periods at which a plan is good enough."""
    hasty: bool = False
    """Once the time is over, the first answer of each step will do."""

    @property
    def haste(self) -> bool:
        """Whether what is begun is finished in haste."""
        return self.deadline.interrupted or self.deadline.left() <= 0

    @property
    def any_will_do(self) -> bool:
        """Whether the first answer of a step will do."""
        return self.deadline.interrupted or (self.hasty and self.haste)

    def seconds(self, most: float) -> float:
        """Seconds that a search may take."""
        return most if self.needed else self.deadline.seconds(most)


def columns_of(arrays: Sequence[Ints], columns: int) -> Bools:
    """(columns,) whether a column is in one of the arrays."""
    inside = np.zeros(columns, dtype=bool)
    for numbers in arrays:
        inside[numbers[numbers >= 0]] = True
    return inside


class Frame:
    """What the steps through one model share."""

    def __init__(self, model: LinearModel, slices: Slices, settings: Settings) -> None:
        self.model, self.slices, self.settings = model, slices, settings
        self.binary = columns_of(model.binaries, model.columns)
        self.priority = columns_of(model.priority, model.columns)
        self.disaggregated = columns_of(model.disaggregated, model.columns)
        """(columns,) each."""

    def integers_near(self, part: Slice, relaxed: Floats, racks: Floats) -> Program:
        """The part's program with counts at most so many racks from its (columns,) relaxed ones, and their choices."""
        program = part.program
        binary = program.integer & self.binary[part.columns]
        chosen = binary & self.priority[part.columns]
        return integers_near(program, relaxed, program.integer & ~binary, chosen, racks)

    def distances(self, part: Slice) -> list[Floats]:
        """(columns of the part,) racks that a whole count may lie away from the relaxed one, to be tried in turn."""
        by_class, params = self.disaggregated[part.columns], self.settings.params
        if not by_class.any():
            return [np.full(len(by_class), racks) for racks in params.rounding_racks]
        return [np.where(by_class, classes, pools) for classes, pools in params.rounding_racks_by_class]

    def together(self, first: int, last: int, values: Floats, seconds: float) -> Floats | None:
        """Values of all columns with the periods from ``first`` to ``last`` whole, all at once; None where none are.

        ``values`` (columns,) are those of all columns before them, and ``seconds`` the most that the search may take.
        """
        settings, periods = self.settings, self.model.periods
        ahead = min(last - first + settings.ahead, periods - 1 - first)
        weight = float(periods - first - ahead) if ahead else 1.0
        part = self.slices.step(first, values, ahead, weight, more=last - first)
        found = part.program.solve(
            mathopt.SolverType.HIGHS,
            time_limit=seconds,
            gap=settings.params.cancelled_gap,
            seed=settings.seed,
            deadline=settings.deadline,
        ).values
        return None if found is None else part.put_into(values, found)


class Step:
    """The plan of one period, given the values of all columns of those before it."""

    def __init__(
        self,
        frame: Frame,
        values: Floats,
        t: int,
        share: float,
        bounds: PeriodBounds | None = None,
        minded: bool = False,
    ) -> None:
        """``minded``: whole counts are searched for with what the period looks ahead to in mind."""
        model, slices, settings = frame.model, frame.slices, frame.settings
        self.t, self.share, self.settings, self.values = t, share, settings, values
        self.frame, self.model, self.bounds = frame, model, bounds
        self.binary, self.priority = frame.binary, frame.priority
        self.ahead = min(settings.ahead, model.periods - 1 - t)
        self.weight = float(model.periods - t - self.ahead) if self.ahead else 1.0
        """How often the money of the last period ahead counts, for those that follow."""
        self.part: Slice = slices.step(t, values, self.ahead, self.weight)
        self.own = slices.step(t, values) if self.ahead and not minded else self.part
        """The period without what it looks ahead to: whole counts are searched for here."""
        self.binaries = self.part.program.integer & self.binary[self.part.columns]
        """(columns of the part,) binary columns of this period."""
        self.undecided = np.full(model.columns, np.nan)
        """(columns of the whole,) nothing chosen yet."""
        self.before = _before(model, values, t)
        self.begun = time.monotonic()

    def fixed(self) -> Floats | None:
        """Values of all columns with this period's whole; None where there are none."""
        relaxed = self.relaxed()
        return self.rounded(relaxed) if relaxed is not None else self._last_resort()

    def rounded(self, relaxed: Floats) -> Floats | None:
        """The same, as near as can be to (columns of the part,) counts that need not be whole."""
        everywhere = np.zeros(len(self.values))
        everywhere[self.part.columns] = relaxed
        own, counted = everywhere[self.own.columns], self.own.program.integer
        found = own if are_integer(own[counted]) else self._rounded_near(own)
        return self._last_resort() if found is None else self._with(found)

    def _last_resort(self) -> Floats | None:
        """The last resort: a search over everything of this period."""
        found = self._search(
            self.own.program, max(self.share - self._spent(), self.settings.params.last_resort_s)
        ).values
        return None if found is None else self._with(found)

    def _with(self, found: Floats) -> Floats:
        """Values of all columns, with those found for the period's own."""
        return self.own.put_into(self.values, found)

    def _rounded_near(self, relaxed: Floats) -> Floats | None:
        """Whole counts of this period near the (columns of its own,) relaxed ones, and worth about as much.

        The nearest that there are; where they are worth less than they might, the best of those and the next.
        """
        settings, usd = self.settings, self.own.program.usd
        seconds = max(self.share * settings.params.attempt_share, settings.params.rounding_s)
        most = float(usd @ relaxed)
        near_enough = min(most - settings.gap * abs(most), self._needed())
        answers: list[Floats] = []
        for distance in self.frame.distances(self.own):
            found = self._search(self.frame.integers_near(self.own, relaxed, distance), seconds).values
            answers += [] if found is None else [found]
            if (
                len(answers) >= settings.params.rounding_answers
                or (answers and settings.any_will_do)
                or any(usd @ one >= near_enough for one in answers)
            ):
                break
        return max(answers, key=lambda one: float(usd @ one), default=None)

    def _needed(self) -> float:
        """USD of this period with which the plan so far lacks no more than its share of what may be lacking.

        That is the share of money or of periods, whichever is more; inf where it is not known.
        """
        if self.bounds is None or self.ahead:
            return np.inf
        bound, total = sum(map(self._most, range(self.t + 1))), self.bounds.total()
        share = (self.t + 1) / self.model.periods
        if total > 0:
            share = min(max(bound / total, share), 1.0)
        return bound - share * self.settings.may_lack_usd - self.model.value(self.values)

    def _spent(self) -> float:
        return time.monotonic() - self.begun

    def relaxed(self) -> Floats | None:
        """(columns of the part,) binary columns settled, counts not whole.

        The first answer that is close to what can be earned, else the best one.
        """
        program = self.part.program
        best, most = None, -np.inf
        for attempt in self._attempts():
            values = attempt()
            if values is not None and program.usd @ values > most:
                best, most = values, float(program.usd @ values)
            if best is not None and self._close(most):
                return best
        return best if best is not None or self.ahead else self._open()

    def _attempts(self) -> Iterator[Callable[[], Floats | None]]:
        """What to try in turn."""
        if not self.binaries.any():
            yield self._open
            return
        known = bool((~np.isnan(self.before)).any())
        if known and not self.ahead:  # with hand-over hardly a period is like the one before
            yield lambda: self._solve_with(self.before, ~self.binary)
        if known:
            kept = np.where(self.priority, self.before, np.nan)
            yield lambda: self._rounded_up(kept)
            yield lambda: self._solve_with(kept, self.binary)
        if self.bounds is None:
            return
        if self.priority.any() and self.share < self.settings.params.dive_below_s:
            yield self._dive
        if (chosen := self._chosen(self.bounds)) is not None:
            yield lambda: self._rounded_up(chosen)
            yield lambda: self._solve_with(chosen, self.binary)
        if self.ahead:  # what must wait for hand-over can be worth another choice
            yield self._open

    def _chosen(self, bounds: PeriodBounds) -> Floats | None:
        """(columns of the whole,) choices of the best plan without the past; NaN elsewhere."""
        if not self.priority.any():
            return None
        single = bounds.heaviest(self.t)
        if single.searched is None:
            self._search_choices(bounds)
        if single.searched is None or single.searched.values is None:
            return None
        chosen = self.undecided.copy()
        chosen[single.part.columns] = np.rint(single.searched.values)
        return np.where(self.priority, chosen, np.nan)

    def _search_choices(self, bounds: PeriodBounds) -> None:
        """Search for the choices without the past, beside those of the next period: it may need them too."""
        settings, last = self.settings, min(self.t + AT_ONCE, self.model.periods)
        how = self.share * settings.params.choice_share, settings.gap, settings.seed, settings.deadline
        open_ = [t for t in range(self.t, last) if bounds.heaviest(t).searched is None]
        side_by_side([partial(search_window, bounds, t, self.priority, *how) for t in open_])

    def _rounded_up(self, chosen: Floats, excluded: Bools | None = None) -> Floats | None:
        """Choices as chosen, and every lot that the relaxed answer has a part of; None where that cannot be."""
        relaxed = self._solve_with(chosen, ~self.binary, excluded)
        if relaxed is None:
            return None
        columns = self.part.columns
        open_ = self.binaries & np.isnan(chosen[columns])
        fixed = chosen.copy()
        fixed[columns[open_]] = relaxed[open_] > INTEGER_NOISE
        return self._solve_with(fixed, ~self.binary, excluded) if open_.any() else relaxed

    def _dive(self) -> Floats | None:
        """One choice after the other: of those that the relaxed answer makes in part, the one it makes most of."""
        chosen, columns = self.undecided.copy(), self.part.columns
        mine = self.binaries & self.priority[columns]
        last = -1
        for _ in range(2 * int(mine.sum())):
            relaxed = self._solve_with(chosen, ~self.binary)
            if relaxed is None:
                if last < 0 or chosen[last] == 0:  # neither with it nor without
                    return None
                chosen[last] = 0.0
                continue
            part = mine & np.isnan(chosen[columns]) & (relaxed > INTEGER_NOISE)
            if not part.any():
                break
            last = columns[np.argmax(np.where(part, relaxed, -1.0))]
            chosen[last] = 1.0
        chosen[columns[mine & np.isnan(chosen[columns])]] = 0.0
        return self._rounded_up(chosen)

    def _open(self) -> Floats | None:
        return self._solve_with(self.undecided, self.binary)

    def _solve_with(self, chosen: Floats, searched: Bools, excluded: Bools | None = None) -> Floats | None:
        """Switches as chosen where that is not NaN; of the others, those ``searched`` (columns,) are whole.

        Columns ``excluded`` (columns,) are 0.
        """
        program, columns = self.part.program, self.part.columns
        fixed = self.binaries & ~np.isnan(chosen[columns])
        lower, upper = program.lower.copy(), program.upper.copy()
        lower[fixed] = upper[fixed] = chosen[columns][fixed]
        if excluded is not None:
            upper = np.where(excluded[columns] & (lower <= 0), np.maximum(lower, 0.0), upper)
        free = self.binaries & searched[columns] & ~fixed
        held = replace(program, lower=lower, upper=upper, integer=free)
        return (
            self._search(held, self.share * self.settings.params.attempt_share)
            if free.any()
            else solve_relaxed(held, self.settings.seconds(np.inf), self.settings.deadline)
        ).values

    def _close(self, usd: float) -> bool:
        """Whether so many USD are close to what this period and those ahead can earn, or must do for want of time."""
        bound = self.bound()
        if self._spent() > self.share * self.settings.params.accept_best_share or np.isneginf(bound):
            return True
        return usd >= bound - self.settings.gap * abs(bound)

    def bound(self) -> float:
        """What this period and those ahead can earn at most, those that follow included; -inf where any will do."""
        last = self.t + self.ahead
        return sum(map(self._most, range(self.t, last))) + self._most(last) * self.weight

    def _most(self, t: int) -> float:
        return -np.inf if self.bounds is None else self.bounds.of_window(t)

    def _search(self, program: Program, seconds: float) -> Answer:
        settings = self.settings
        return program.solve(
            mathopt.SolverType.HIGHS,
            time_limit=settings.seconds(max(seconds, settings.params.least_s)),
            gap=max(settings.gap, settings.params.cancelled_gap) if settings.haste else settings.gap,
            seed=settings.seed,
            deadline=settings.deadline,
        )


def _before(model: LinearModel, values: Floats, t: int) -> Floats:
    """(columns,) for the binary columns of period ``t`` what the same ones were before; NaN where there is none."""
    kept = np.full(model.columns, np.nan)
    for numbers in model.binaries if t else ():
        both = (numbers[:, t] >= 0) & (numbers[:, t - 1] >= 0)
        kept[numbers[both, t]] = np.rint(values[numbers[both, t - 1]])
    return kept


def integers_near(program: Program, relaxed: Floats, counts: Bools, kept: Bools, racks: Floats) -> Program:
    """The program with whole ``counts`` so near to the relaxed ones, and columns ``kept`` as they are."""
    lower, upper = program.lower.copy(), program.upper.copy()
    lower[counts] = np.maximum(lower[counts], np.floor(relaxed[counts] + INTEGER_NOISE) - racks[counts])
    upper[counts] = np.minimum(upper[counts], np.ceil(relaxed[counts] - INTEGER_NOISE) + racks[counts])
    lower[kept] = upper[kept] = np.rint(relaxed[kept])
    return replace(program, lower=lower, upper=upper)
