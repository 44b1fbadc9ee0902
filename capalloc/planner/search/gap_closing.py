"""Gap closing: brings a plan over windows and its bound together, until they are near or the time is over.

The plan rises where a window is planned again between what comes before and after it, which is large-neighbourhood
search with a window as neighbourhood: once near its relaxation, which is quick, then in full beside the bounds. The
bound falls where single periods are searched again: first those that learn from others, then with priority columns
integer where none of a window's objectives was searched and much is lacking, then with every count integer. Searches
of windows in full begin from the plan and end within a share of the gap asked for, at once where a window has that
already; the next time they go further. Windows that lack most of their bound come first, those planned again before
come later, and those that lack next to nothing are left as they are. Bounds of single periods hold whatever the plan,
so both sides may stop at any time. Sources: those of ``bounds.single_periods`` and ``neighbourhoods``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from threading import Lock

import numpy as np
from ortools.math_opt.python import mathopt

from capalloc.planner.bounds.single_periods import PeriodBounds, search_window, tighten, tighten_from
from capalloc.planner.lp.deadline import Deadline
from capalloc.planner.lp.linear import ALWAYS
from capalloc.planner.lp.parallel import AT_ONCE, side_by_side
from capalloc.planner.lp.program import Floats, Held, Program
from capalloc.planner.lp.relaxation import solve_relaxed
from capalloc.planner.lp.slices import Slice, Slices
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
        self._gap, self._lock = params.window_gap, Lock()
        self._searched = [0] * len(bounds.found)
        """How often each of the periods found was searched with every count integer."""
        self._planned = [0] * frame.model.periods
        """How often each window was planned again."""

    def close(self, fixed: bool = False) -> None:
        """Bring them together; a plan that is ``fixed`` stays as it is."""
        with self._deadline.interruptible():
            self._tighten_others()
            self._go_on(lambda: self._next_near(fixed))
            self._tighten_choices()
            self._go_on(lambda: self._next(fixed))

    def _go_on(self, batch: Callable[[], Sequence[Callable[[], None]]]) -> None:
        """One batch of searches side by side after the other, until there is none or they are near enough."""
        while not self.over() and (calls := batch()):
            side_by_side(calls)
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
        known = {single.window: single for single in found if single.tells}
        others = [
            single for single in found if single.searched is None and not single.learned and single.window in known
        ]
        side_by_side([partial(tighten_from, known[single.window], single, self._deadline) for single in others])
        self._watch.learn(bound=self._bounds.total())

    def _tighten_choices(self) -> None:
        """Search with priority columns integer where that was not done and much is lacking, the neediest first."""
        choices = columns_of(self._model.priority, self._model.columns)
        searched = {single.window for single in self._bounds.found if single.searched is not None}
        open_ = [t for t in self._neediest_windows() if t not in searched]
        while (open_ := [t for t in open_ if self._lacks_much(t)]) and not self.over():
            batch, open_ = open_[:AT_ONCE], open_[AT_ONCE:]
            how = choices, self._deadline.left(), self._gap, self._params.seed, self._deadline
            side_by_side([partial(search_window, self._bounds, t, *how) for t in batch])
            self._watch.learn(bound=self._bounds.total())

    def _lacks(self) -> Floats:
        """(windows,) USD that the plan lacks of the bounds."""
        lacks = np.zeros(self._model.periods)
        for single, usd in zip(self._bounds.found, self._missing(), strict=True):
            lacks[single.window] += usd
        return lacks

    def _lacks_much(self, t: int) -> bool:
        """Whether a window lacks more of its bound than the whole plan may."""
        most = np.abs([self._bounds.of_window(window) for window in range(self._model.periods)])
        aim = aim_usd(self._bounds.total(), self._base, self._params)
        return bool(self._lacks()[t] * most.sum() > aim * most[t])

    def _neediest(self) -> list[int]:
        """Numbers of the periods found, those first of which the plan lacks most."""
        missing = self._missing()
        return sorted(range(len(missing)), key=missing.__getitem__, reverse=True)

    def _next_near(self, fixed: bool) -> Sequence[Callable[[], None]]:
        """The windows that lack most, apart from each other, each planned again near its relaxation."""
        todo = [t for t in self._plannable(fixed) if self._planned[t] == 0]
        chosen: list[int] = []
        for t in todo:
            if len(chosen) < AT_ONCE and all(apart(self._frame.slices, t, other) for other in chosen):
                chosen.append(t)
        return [self._again(t) for t in chosen]

    def _next(self, fixed: bool) -> Sequence[Callable[[], None]]:
        """What to search for side by side: bounds and a plan of the windows that lack most, no more than one plan.

        Of a window no more than one bound, for such a search lowers the others too.
        """
        first: dict[int, int] = {}
        for i in self._neediest():
            if self._searched[i] < self._params.gap_closing.rounds:
                first.setdefault(self._bounds.found[i].window, i)
        bounds = [self._whole(first[t]) for t in self._neediest_windows() if t in first]
        plans = [self._again(t) for t in self._plannable(fixed)]
        return [*plans[:1], *bounds][:AT_ONCE]

    def _again(self, t: int) -> Callable[[], None]:
        """Planning a window again, after all that is known now, whatever is searched for beside it."""
        gap = self._gap_of(max(self._planned[t] - 1, 0), float(self._lacks()[t]), self._bounds.of_window(t))
        return partial(self._plan_window_again, t, gap, self.values)

    def _whole(self, i: int) -> Callable[[], None]:
        """The same for a search of one of the periods found."""
        gap = self._gap_of(self._searched[i], self._missing()[i], self._bounds.usd(i))
        return partial(self._tighten_whole, i, gap, self.values)

    def _plannable(self, fixed: bool) -> list[int]:
        """Windows that may be planned again, the neediest first: each lacks something, and was not yet too often."""
        least = self._gap * self._params.gap_closing.gain_share * abs(self.worth)
        lacks, most = self._lacks(), self._params.gap_closing.rounds
        return [t for t in self._neediest_windows() if not fixed and lacks[t] > least and self._planned[t] < most]

    def _neediest_windows(self) -> list[int]:
        """Those first of whose bounds the plan lacks most; what was planned again before counts less."""
        tried = self._params.gap_closing.lack_share ** np.array(self._planned)
        windows: list[int] = np.argsort(-self._lacks() * tried, kind="stable").tolist()
        return windows

    def _tighten_whole(self, i: int, gap: float, plan: Floats) -> None:
        """Lower the bounds of a window by a search with every count integer that begins from a plan."""
        found = self._bounds.found
        self._searched[i] += 1
        whole = np.ones(self._model.columns, dtype=bool)
        tighten(found[i], whole, self._seconds(), gap, self._params.seed, self._deadline, plan)
        for other in found:
            if other is not found[i] and other.window == found[i].window:
                tighten_from(found[i], other, self._deadline)

    def _plan_window_again(self, t: int, gap: float, plan: Floats) -> None:
        """Plan a window again; the first time near its relaxation alone, which is quick and often enough."""
        near = self._planned[t] == 0
        self._planned[t] += 1
        part = self._frame.slices.between(t, plan)
        found = (self._near_relaxation(part, plan) if near else part.program).solve(
            mathopt.SolverType.HIGHS,
            time_limit=self._seconds(),
            gap=gap,
            seed=self._params.seed,
            deadline=self._deadline,
            start=None if near else plan[part.columns],
        )
        if found.values is None:
            return
        with self._lock:
            values = part.put_into(self.values, found.values)
            worth = self._model.value(values)
            if worth > self.worth + self._gap * self._params.gap_closing.gain_share * abs(self.worth):
                self.values, self.worth = values, worth

    def _gap_of(self, times: int, lacks: float, bound: float) -> float:
        """Relative gap of a window's next search, after so many ``times``, where the plan ``lacks`` that of a bound."""
        closing = self._params.gap_closing
        most = closing.search_share * closing.lack_share**times * self._params.rolling_horizon_gap
        return min(most, closing.lack_share * max(lacks, 0.0) / max(abs(bound), lacks, 1.0))

    def _near_relaxation(self, part: Slice, plan: Floats) -> Program:
        """The program of a window with its choices as they are, and counts near the relaxed ones."""
        chosen = np.flatnonzero(part.program.integer & self._frame.priority[part.columns])
        now = np.rint(plan[part.columns[chosen]])
        relaxed = solve_relaxed(part.program.held(Held(chosen, now, now)).relaxed(), deadline=self._deadline).values
        if relaxed is None:
            return part.program
        return self._frame.integers_near(part, relaxed, self._frame.distances(part)[1])

    def _seconds(self) -> float:
        """Most seconds of searching one window."""
        return min(self._params.gap_closing.window_s, self._deadline.left())


def apart(slices: Slices, one: int, other: int) -> bool:
    """Whether nothing ties two windows: neither one to the next, nor where a delivery stands for all time."""
    settled = np.isin((one, other), slices.decided[slices.when == ALWAYS])
    return abs(one - other) > 1 and not bool(settled.any())


def near(worth: float, bound: float, base: float, params: PlannerParams) -> bool:
    """Whether what a plan earns is near enough to a bound; both without ``base`` USD that no plan changes."""
    return bool(np.isfinite(bound)) and bound - worth <= aim_usd(bound, base, params)


def aim_usd(bound: float, base: float, params: PlannerParams, gap: float | None = None) -> float:
    """USD that a plan aimed at may lack of a bound; ``gap`` is the relative one at which it is good enough."""
    gap = params.rolling_horizon_gap if gap is None else gap
    return params.gap_closing.aim_share * gap * abs(bound + base)
