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
from functools import partial

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

        def step() -> Floats | None:
            share = max(settings.deadline.left(settings.kept) / left, settings.params.least_s)
            return self._step(values, t, share, minded).fixed()

        return self._heard(step)

    def again(self, values: Floats, t: int) -> Floats | None:
        """The same where there were none: the period before is planned again, minding this one.

        Then ever more periods before are planned again with this one, whole all at once.
        """
        if t and self._settings.ahead and (before := self.fixed(values, t - 1, minded=True)) is not None:
            values = before
            if (found := self.fixed(values, t)) is not None:
                return found
        return self._together(values, t)

    def _together(self, values: Floats, t: int) -> Floats | None:
        """The same with ever more periods before it, whole all at once.

        Each such search has the seconds of a last resort; once the time is over, all of them have those of one.
        """
        settings, begun, back, found = self._settings, self._settings.deadline.spent(), 1, None

        def seconds() -> float:
            late = min(settings.deadline.spent() - begun, -settings.deadline.left())
            return settings.seconds(settings.params.last_resort_s - max(late, 0.0))

        def search(first: int) -> Floats | None:
            return self._frame.together(first, t, values, seconds())

        while found is None and back < 2 * t and seconds() > 0:
            found, back = self._heard(partial(search, max(t - back, 0))), 2 * back
        return found

    def _heard(self, search: Callable[[], Floats | None]) -> Floats | None:
        """What a search finds; once more, in haste, where somebody asked for what there is meanwhile."""
        deadline, heard, found = self._settings.deadline, self._settings.deadline.interrupted, None
        with deadline.interruptible():
            found = search()
        if found is None and deadline.interrupted and not heard and self._settings.needed:
            found = search()
        return found
