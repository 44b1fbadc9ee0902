"""Gap closing: brings a plan over windows and its bound together, until they are near or the time is over.

The bound falls where single periods are searched again: first those that learn from others, then with priority columns
integer where none of a window's objectives was searched, then with every count integer. Beside that last search the
plan rises where a window is planned again between what comes before and after it, which is large-neighbourhood search
with a window as neighbourhood: once near its relaxation, then in full. Windows that lack most of their bound come
first, and those that lack next to nothing are left as they are. Bounds of single periods hold whatever the plan, so
both sides may stop at any time. Sources: those of ``bounds.single_periods`` and ``neighbourhoods``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
from ortools.math_opt.python import mathopt

from capalloc.planner.bounds.single_periods import PeriodBounds, SinglePeriod, tighten, tighten_from
from capalloc.planner.lp.deadline import Deadline
from capalloc.planner.lp.parallel import AT_ONCE, side_by_side
from capalloc.planner.lp.program import Floats, Held, Program
from capalloc.planner.lp.relaxation import solve_relaxed
from capalloc.planner.lp.slices import Slice
from capalloc.planner.params import PlannerParams
from capalloc.planner.search.relax_and_fix import Frame, columns_of
from capalloc.planner.search.watch import Watch


class GapClosing:
    """A plan over windows and its bounds; ``values`` and the bounds change as they come together."""

    def __init__(
        self,
        frame: Frame,
        bounds: PeriodBounds,
        values: Floats,
        base: float,
        params: PlannerParams,
        deadline: Deadline,
        watch: Watch,
    ) -> None:
        """``base`` are USD that no plan changes."""
        self.values = values
        self.worth = frame.model.value(values)
        """What the plan earns, without ``base``."""
        self._frame, self._model, self._bounds, self._base = frame, frame.model, bounds, base
        self._params, self._deadline, self._watch = params, deadline, watch
        self._gap = params.window_gap
        self._searched_whole: set[int] = set()
        """Which of the periods found were searched with every count integer."""
        self._planned = [0] * frame.model.periods
        """How often each window was planned again."""

    def close(self, fixed: bool = False) -> None:
        """Bring them together; a plan that is ``fixed`` stays as it is."""
        with self._deadline.interruptible():
            self._tighten_others()
            self._tighten_choices()
            while not self.over() and (batch := self._next(fixed)):
                side_by_side(batch)
                self._watch.learn(best=self.worth, bound=self._bounds.total())

    def over(self) -> bool:
        """Whether they are near enough, or no time is left."""
        return self.near(self.worth) or self._deadline.left() <= 0 or self._watch.enough()

    def near(self, worth: float) -> bool:
        """Whether a plan that earns so many USD is near the bounds."""
        return near(worth, self._bounds.total(), self._base, self._params)

    def _missing(self) -> list[float]:
        """What the plan lacks of each bound."""
        earned = self._bounds.earned(self.values)
        return [self._bounds.usd(i) - usd for i, usd in enumerate(earned)]

    def _tighten_others(self) -> None:
        """Let periods learn from what was searched for with the money of another period of their window."""
        if self.over():
            return
        found = self._bounds.found
        known = {single.window: single for single in found if _tells(single)}
        others = [single for single in found if single.searched is None and single.window in known]
        side_by_side([partial(tighten_from, known[single.window], single, self._deadline) for single in others])
        self._watch.learn(bound=self._bounds.total())

    def _tighten_choices(self) -> None:
        """Search windows of which no objective was searched, with priority columns integer, the neediest first."""
        choices = columns_of(self._model.priority, self._model.columns)
        searched = {single.window for single in self._bounds.found if single.searched is not None}
        open_ = [i for i in self._neediest() if self._bounds.found[i].window not in searched]
        while open_ and not self.over():
            batch, open_ = open_[:AT_ONCE], open_[AT_ONCE:]
            how = choices, self._deadline.left(), self._gap, self._params.seed, self._deadline
            side_by_side([partial(tighten, self._bounds.found[i], *how) for i in batch])
            self._watch.learn(bound=self._bounds.total())

    def _neediest(self) -> list[int]:
        """Numbers of the periods found, those first of which the plan lacks most."""
        missing = self._missing()
        return sorted(range(len(missing)), key=missing.__getitem__, reverse=True)

    def _next(self, fixed: bool) -> Sequence[Callable[[], None]]:
        """What to search for side by side: bounds and a plan of the windows that lack most, no more than one plan."""
        lacks = np.zeros(self._model.periods)
        for single, usd in zip(self._bounds.found, self._missing(), strict=True):
            lacks[single.window] += usd
        first, numbers = np.argsort(-lacks, kind="stable").tolist(), self._neediest()
        least = self._gap * self._params.gap_closing.gain_share * abs(self.worth)
        plans = [
            partial(self._plan_window_again, t, lacks[t])
            for t in first
            if not fixed and lacks[t] > least and self._planned[t] < self._params.gap_closing.rounds
        ]
        bounds = [
            partial(self._tighten_whole, i)
            for t in first
            for i in numbers
            if self._bounds.found[i].window == t and i not in self._searched_whole
        ]
        return [*plans[:1], *bounds][:AT_ONCE]

    def _tighten_whole(self, i: int) -> None:
        """Lower the bounds of a window by a search with every count integer."""
        found = self._bounds.found
        self._searched_whole.add(i)
        whole = np.ones(self._model.columns, dtype=bool)
        tighten(found[i], whole, self._seconds(), self._gap, self._params.seed, self._deadline)
        for other in found:
            if other is not found[i] and other.window == found[i].window:
                tighten_from(found[i], other, self._deadline)

    def _plan_window_again(self, t: int, lacks: float) -> None:
        """Plan a window again that ``lacks`` so many USD of its bound, each time within a smaller share of that.

        The first time it is searched near its relaxation alone, which is quick and often enough.
        """
        closing = self._params.gap_closing
        self._planned[t] += 1
        share = closing.lack_share ** self._planned[t] * lacks / max(abs(self._bounds.of_window(t)), lacks)
        part = self._frame.slices.between(t, self.values)
        program = self._near_relaxation(part) if self._planned[t] == 1 else part.program
        found = program.solve(
            mathopt.SolverType.HIGHS,
            time_limit=self._seconds(),
            gap=min(self._gap, share),
            seed=self._params.seed,
            deadline=self._deadline,
        )
        if found.values is None:
            return
        values = part.put_into(self.values, found.values)
        worth = self._model.value(values)
        if worth > self.worth + self._gap * closing.gain_share * abs(self.worth):
            self.values, self.worth = values, worth

    def _near_relaxation(self, part: Slice) -> Program:
        """The program of a window with its choices as they are, and counts near the relaxed ones."""
        chosen = np.flatnonzero(part.program.integer & self._frame.priority[part.columns])
        now = np.rint(self.values[part.columns[chosen]])
        relaxed = solve_relaxed(part.program.held(Held(chosen, now, now)).relaxed(), deadline=self._deadline).values
        if relaxed is None:
            return part.program
        return self._frame.integers_near(part, relaxed, self._frame.distances(part)[1])

    def _seconds(self) -> float:
        """Most seconds of searching one window."""
        return min(self._params.gap_closing.window_s, self._deadline.left())


def near(worth: float, bound: float, base: float, params: PlannerParams) -> bool:
    """Whether what a plan earns is near enough to a bound; both without ``base`` USD that no plan changes."""
    return bool(np.isfinite(bound)) and bound - worth <= aim_usd(bound, base, params)


def aim_usd(bound: float, base: float, params: PlannerParams) -> float:
    """USD that a plan aimed at may lack of a bound."""
    return params.gap_closing.aim_share * params.rolling_horizon_gap * abs(bound + base)


def _tells(single: SinglePeriod) -> bool:
    """Whether a search said more of a window than its relaxation."""
    return single.searched is not None and single.searched is not single.answer
