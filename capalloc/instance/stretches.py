"""Stretches: days of a demand's term under one step, cut where periods begin."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from capalloc.calendar import Period, months_between
from capalloc.instance.timeline import Term
from capalloc.schema.demand import RampStep, WorkloadStep
from capalloc.units import HOURS_PER_DAY


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days [start, end) of a period, inside the term, under one step."""

    period: int
    step: RampStep | WorkloadStep
    start: date
    end: date

    @property
    def hours(self) -> int:
        """Hours in the stretch."""
        return (self.end - self.start).days * HOURS_PER_DAY

    @property
    def months(self) -> float:
        """Months in the stretch."""
        return months_between(self.start, self.end)


def stretches(steps: Sequence[RampStep | WorkloadStep], term: Term, periods: Sequence[Period]) -> tuple[Stretch, ...]:
    """The stretches of all periods, in the order of their days."""
    return tuple(stretch for period in periods for stretch in _within(steps, term, period))


def _within(steps: Sequence[RampStep | WorkloadStep], term: Term, period: Period) -> Iterator[Stretch]:
    for i, step in enumerate(steps):
        until = steps[i + 1].start if i + 1 < len(steps) else term.end
        start, end = term.overlap(max(step.start, period.start), min(until, period.end))
        if start < end:
            yield Stretch(period.index, step, start, end)


def period_of(found: Sequence[Stretch]) -> NDArray[np.int64]:
    """(N,) the period of each stretch."""
    return np.array([stretch.period for stretch in found], dtype=np.int64)
