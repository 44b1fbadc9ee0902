"""Guided relax-and-fix: integers for a model whose periods are tied to one another, after a plan without those ties.

Each step looks ahead as long as a hand-over takes, so its program is large; columns of whom the guide would not have
served are left out of it where that leaves an answer. Where neither the guide nor the rules change from a period to the
next, and a full step has shown that nothing is to be gained, the plan goes on as it was. The guide only says where to
look: every step keeps every rule, whatever the guide says. It is ``rolling_horizon`` with overlapping steps, and its
source is the one named there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

import numpy as np

from capalloc.planner.lp.linear import ALWAYS, NONE, LinearModel
from capalloc.planner.lp.program import Floats, Ints
from capalloc.planner.lp.relaxation import solve_relaxed
from capalloc.planner.lp.slices import Slices
from capalloc.planner.search.guide import Guide
from capalloc.planner.search.relax_and_fix import Frame, Settings, Step
from capalloc.planner.search.rolling_horizon import each_period

_NEW = -2
"""Marks a count of racks of which there were none in the period before."""


def guided_relax_and_fix(model: LinearModel, slices: Slices, guide: Guide, settings: Settings) -> Floats | None:
    """Values of all columns; None where some step has no whole answer."""
    frame, settled = Frame(model, slices, settings), dict[int, float]()

    def step(values: Floats, t: int, share: float, minded: bool) -> Step:
        return _GuidedStep(frame, values, t, share, guide, {} if minded else settled, minded)

    return each_period(frame, step)


class _GuidedStep(Step):
    """A step after a guide."""

    def __init__(
        self,
        frame: Frame,
        values: Floats,
        t: int,
        share: float,
        guide: Guide,
        settled: dict[int, float],
        minded: bool = False,
    ) -> None:
        super().__init__(frame, values, t, share, minded=minded)
        self.guide, self.when = guide, frame.slices.when
        self.settled = settled
        """Window -> share of the bound that going on as before earns, where a full step gained nothing over it.

        Steps learn of one another by it.
        """

    def fixed(self) -> Floats | None:
        """Values of all columns with this period's whole; None where there are none."""
        window = int(self.guide.window[self.t])
        again = self._again() if self.t and window == self.guide.window[self.t - 1] else None
        if again is None:
            return super().fixed()
        if window in self.settled and self._worth(again) >= self.settled[window] - self.settings.gap:
            return self.rounded(again)
        relaxed = self.relaxed()
        if relaxed is None:
            return self.rounded(again)
        if self._worth(relaxed) <= self._worth(again) + self.settings.gap:
            self.settled[window] = self._worth(again)
            return self.rounded(again)
        return self.rounded(relaxed)

    def _worth(self, relaxed: Floats) -> float:
        """Share of the bound."""
        bound = self.bound()
        return float(self.part.program.usd @ relaxed) / max(abs(bound), 1.0)

    def _again(self) -> Floats | None:
        """(columns of the part,) every count as it was in the period before; None where that cannot be."""
        program, columns = self.part.program, self.part.columns
        if (self.when[columns] == ALWAYS).any():  # deliveries are placed
            return None
        lower, upper = program.lower.copy(), program.upper.copy()
        source = self._sources()[columns]
        counted = source != NONE
        same = np.where(source >= 0, np.rint(self.values[source]), 0.0)[counted]
        lower[counted], upper[counted] = np.maximum(lower[counted], same), np.minimum(upper[counted], same)
        if (lower > upper).any():
            return None
        held = replace(program, lower=lower, upper=upper, integer=np.zeros_like(program.integer))
        return solve_relaxed(held, deadline=self.settings.deadline).values

    def _sources(self) -> Ints:
        """(columns,) for counts of this period and those ahead the column of the one before; _NEW where there is none.

        NONE for columns that count nothing.
        """
        source = np.full(self.model.columns, NONE)
        for numbers in self.model.integers:
            for t in range(self.t, self.t + self.ahead + 1) if numbers.ndim > 1 else ():
                here = numbers[..., t] >= 0
                before = numbers[..., self.t - 1][here]
                source[numbers[..., t][here]] = np.where(before >= 0, before, _NEW)
        return source

    def _attempts(self) -> Iterator[Callable[[], Floats | None]]:
        """Choices as the guide has them, or as they were; racks first as the guide has them."""
        left_out = self.guide.left_out(self.t, self.values, self.when)
        kept = np.where(self.priority, self.before, np.nan)
        for excluded in (left_out, None):
            yield partial(self._rounded_up, self.guide.chosen, excluded)
            if self.binaries.any():
                yield partial(self._rounded_up, kept, excluded)

    def _most(self, t: int) -> float:
        return float(self.guide.bound[t])
