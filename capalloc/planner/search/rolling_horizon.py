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

    Where the whole counts of a period leave the next one no answer, they are sought again with that one in mind. What
    is begun when somebody asks for what there is is done once more, in haste.
    """
    model, settings = frame.model, frame.settings

    def fixed(values: Floats, t: int, share: float, minded: bool = False) -> Floats | None:
        found = None
        with settings.deadline.interruptible():
            found = step(values, t, share, minded).fixed()
        if found is None and settings.deadline.interrupted and settings.needed:
            found = step(values, t, settings.params.least_s, minded).fixed()
        return found

    values = earlier = np.zeros(model.columns)
    for t in range(model.periods):
        if not settings.needed and settings.deadline.over():
            return None
        share = max(settings.deadline.left(settings.kept) / (model.periods - t), settings.params.least_s)
        found = fixed(values, t, share)
        if found is None and t and settings.ahead and (again := fixed(earlier, t - 1, share, minded=True)) is not None:
            values = again
            found = fixed(values, t, share)
        if found is None:
            return None
        earlier, values = values, found
        settings.pulse()
    return values
