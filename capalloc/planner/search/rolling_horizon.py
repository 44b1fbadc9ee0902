"""Relax-and-fix over a rolling horizon: one period after the other, each given those before it.

In each step the binary columns are fixed first, while counts are relaxed: as they were in the period before where that
comes close to the period's bound, else by a search. Of these, priority columns (who has a hall to itself, which type a
demand takes) are few and worth much, and are searched for without the past, so that the search also lowers the bound;
lots follow. Then counts are integers near the relaxed ones, found by a small search. Every step works on a program of
one period and those it looks ahead to, so its size does not grow with the calendar. What was fixed is never undone, so
the result keeps every rule but is not optimal: the bound is another's work.

Relax-and-fix: Y. Pochet and L. A. Wolsey, Production Planning by Mixed Integer Programming, Springer 2006;
C. Dillenberger, L. F. Escudero, A. Wollensak and W. Zhang, On practical resource allocation for production planning
and scheduling with period overlapping setups, European Journal of Operational Research 75, 1994.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from capalloc.planner.bounds.single_periods import PeriodBounds
from capalloc.planner.lp.linear import LinearModel
from capalloc.planner.lp.program import Floats
from capalloc.planner.lp.slices import Slices
from capalloc.planner.search.relax_and_fix import Frame, Settings, Step


def relax_and_fix(model: LinearModel, slices: Slices, bounds: PeriodBounds | None, settings: Settings) -> Floats | None:
    """Values of all columns; None where some step has no whole answer.

    ``bounds`` tells what each period can earn, and learns from the searches; without it any choice will do.
    """
    frame = Frame(model, slices, settings)

    def step(values: Floats, t: int, share: float, minded: bool) -> Step:
        return Step(frame, values, t, share, None if settings.any_will_do else bounds, minded)

    return each_period(frame, step)


def each_period(frame: Frame, step: Callable[[Floats, int, float, bool], Step]) -> Floats | None:
    """Values of all columns, by a step for each period that is given the values before it and its share of the time.

    Where the whole counts of periods leave the next one no answer, they are sought again with that one in mind. What
    is begun when somebody asks for what there is is done once more, in haste.
    """
    steps, settings = _Steps(frame, step), frame.settings
    values: Floats | None = np.zeros(frame.model.columns)
    for t in range(frame.model.periods):
        if values is None or (not settings.needed and settings.deadline.over()):
            return None
        found = steps.fixed(values, t)
        values = steps.again(values, t) if found is None else found
        settings.pulse()
    return values


class _Steps:
    """Steps from period to period, and the way back."""

    def __init__(self, frame: Frame, step: Callable[[Floats, int, float, bool], Step]) -> None:
        self._frame, self._settings, self._step = frame, frame.settings, step

    def fixed(self, values: Floats, t: int, minded: bool = False) -> Floats | None:
        """Values with those of period ``t``, after the (columns,) ``values`` before it; None where there are none."""
        settings, left = self._settings, self._frame.model.periods - t
        share = max(settings.deadline.left(settings.kept) / left, settings.params.least_s)
        found = None
        with settings.deadline.interruptible():
            found = self._step(values, t, share, minded).fixed()
        if found is None and settings.deadline.interrupted and settings.needed:
            found = self._step(values, t, settings.params.least_s, minded).fixed()
        return found

    def again(self, values: Floats, t: int) -> Floats | None:
        """The same where there were none: the period before is planned again, minding this one.

        Then ever more periods before are planned again with this one, whole all at once.
        """
        if t and self._settings.ahead and (before := self.fixed(values, t - 1, minded=True)) is not None:
            values = before
            if (found := self.fixed(values, t)) is not None:
                return found
        back, found = 1, None
        while found is None and back < 2 * t:
            found, back = self._frame.together(max(t - back, 0), t, values), 2 * back
        return found
