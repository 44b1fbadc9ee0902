"""Gap closing: brings a plan over windows and its bound together, until they are near or the time is over.

The bound falls where single periods are searched again: first those that learn from others, then with priority columns
integer, then with every count integer. The plan rises where a window is planned again between what comes before and
after it, which is large-neighbourhood search with a window as neighbourhood. Windows that lack most of their bound come
first. Bounds of single periods hold whatever the plan, so both sides may stop at any time. Sources: those of
``bounds.single_periods`` and ``neighbourhoods``.
"""

from __future__ import annotations

from functools import partial

import numpy as np
from ortools.math_opt.python import mathopt

from capalloc.planner.bounds.single_periods import PeriodBounds, SinglePeriod, tighten, tighten_from
from capalloc.planner.lp.deadline import Deadline
from capalloc.planner.lp.linear import LinearModel
from capalloc.planner.lp.parallel import AT_ONCE, side_by_side
from capalloc.planner.lp.program import Bools, Floats
from capalloc.planner.lp.slices import Slices
from capalloc.planner.params import PlannerParams
from capalloc.planner.search.relax_and_fix import columns_of
from capalloc.planner.search.watch import Watch


class GapClosing:
    """A plan over windows and its bounds; ``values`` and the bounds change as they come together."""

    def __init__(
        self,
        model: LinearModel,
        slices: Slices,
        bounds: PeriodBounds,
        values: Floats,
        base: float,
        params: PlannerParams,
        deadline: Deadline,
        watch: Watch,
    ) -> None:
        """``base`` are USD that no plan changes."""
        self.values = values
        self.worth = model.value(values)
        """What the plan earns, without ``base``."""
        self._model, self._slices, self._bounds, self._base = model, slices, bounds, base
        self._params, self._deadline, self._watch = params, deadline, watch
        self._gap = params.window_gap

    def close(self, fixed: bool = False) -> None:
        """Bring them together; a plan that is ``fixed`` stays as it is."""
        choices = columns_of(self._model.priority, self._model.columns)
        with self._deadline.interruptible():
            self._tighten_others()
            self._tighten(choices)
            if not fixed:
                self._plan_windows_again(1)
            self._tighten(np.ones(self._model.columns, dtype=bool))
            if not fixed:
                self._plan_windows_again(self._params.gap_closing.rounds)

    def over(self) -> bool:
        """Whether they are near, or no time is left."""
        return self.near(self.worth) or self._deadline.left() <= 0

    def near(self, worth: float) -> bool:
        """Whether a plan that earns so many USD is near the bounds."""
        bound = self._bounds.total()
        aim = self._params.gap_closing.aim_share * self._params.rolling_horizon_gap * abs(bound + self._base)
        return bool(np.isfinite(bound)) and bound - worth <= aim

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

    def _tighten(self, whole: Bools) -> None:
        """Search windows again in which the columns ``whole`` are so, those first that lack most."""
        found, missing = self._bounds.found, self._missing()
        open_ = [i for i in range(len(found)) if whole.all() or found[i].searched is None]
        open_.sort(key=missing.__getitem__, reverse=True)
        while open_ and not self.over():
            batch, open_ = open_[:AT_ONCE], open_[AT_ONCE:]
            left = self._deadline.left()
            how = left, self._gap, self._params.seed, self._deadline
            side_by_side([partial(tighten, found[i], whole, *how) for i in batch])
            self._watch.learn(bound=self._bounds.total())

    def _plan_windows_again(self, rounds: int) -> None:
        """Plan each window again, those first that lack most, until a round gains nothing."""
        for _ in range(rounds):
            lacks = np.zeros(self._model.periods)
            for single, usd in zip(self._bounds.found, self._missing(), strict=True):
                lacks[single.window] += usd
            gained = [self._plan_window_again(t) for t in np.argsort(-lacks, kind="stable").tolist() if not self.over()]
            if not any(gained):
                return

    def _plan_window_again(self, t: int) -> bool:
        """Plan one window again; whether that gained anything."""
        part = self._slices.between(t, self.values)
        found = part.program.solve(
            mathopt.SolverType.HIGHS,
            time_limit=min(self._params.gap_closing.window_s, self._deadline.left()),
            gap=self._gap,
            seed=self._params.seed,
            deadline=self._deadline,
        )
        if found.values is None:
            return False
        values = part.put_into(self.values, found.values)
        worth = self._model.value(values)
        if worth <= self.worth + self._gap * self._params.gap_closing.gain_share * abs(self.worth):
            return False
        self.values, self.worth = values, worth
        self._watch.learn(best=worth)
        return True


def _tells(single: SinglePeriod) -> bool:
    """Whether a search said more of a window than its relaxation."""
    return single.searched is not None and single.searched is not single.answer
