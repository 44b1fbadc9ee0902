"""Whole racks for a model cut into periods: one period after the other, each given those before it.

In each step yes and no are settled first, while counts are loose: by what they were in the period before where that
comes close to what the period can earn, else by a search. Of these, choices (who has a hall to itself, which type a
demand takes) are few and worth much, and are searched for without the past, so that the search also bounds what the
period can earn; lots follow. Then counts are whole numbers next to the loose ones, found by a small search. Every
step works on a program of one period, so its size does not grow with the calendar.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from capalloc.planner.bounds.single_periods import PeriodBounds
from capalloc.planner.lp.linear import LinearModel
from capalloc.planner.lp.program import Floats
from capalloc.planner.lp.slices import Slices
from capalloc.planner.search.relax_and_fix import Frame, Settings, Step


def forward(model: LinearModel, slices: Slices, bounds: PeriodBounds | None, settings: Settings) -> Floats | None:
    """Values of all columns; None where some step has no whole answer.

    ``bounds`` tells what each period can earn, and learns from the searches; without it any choice will do.
    """
    frame = Frame(model, slices, settings)

    def step(values: Floats, t: int, share: float) -> Step:
        return Step(frame, values, t, share, None if settings.deadline.interrupted else bounds)

    return each_period(frame, step)


def each_period(frame: Frame, step: Callable[[Floats, int, float], Step]) -> Floats | None:
    """Values of all columns, by a step for each period that is given the values before it and its share of the time.

    What is begun when somebody asks for what there is is done once more, in haste.
    """
    model, settings = frame.model, frame.settings
    values = np.zeros(model.columns)
    for t in range(model.periods):
        share = max(settings.deadline.left(settings.kept) / (model.periods - t), settings.params.least_s)
        found = None
        with settings.deadline.hearing():
            found = step(values, t, share).whole()
        if found is None and settings.deadline.interrupted:
            found = step(values, t, settings.params.least_s).whole()
        if found is None:
            return None
        values = found
        settings.pulse()
    return values
