"""The days of a conflict, and the borders of periods before and after a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from capalloc.calendar import format_day
from capalloc.instance.model import Bools, Instance


@dataclass(frozen=True, slots=True)
class Span:
    """The days [start, end) of a conflict."""

    start: date
    end: date
    horizon_end: date

    @property
    def says(self) -> str:
        """``from 2026-07``, with its end where the conflict passes before the horizon does."""
        return f"from {format_day(self.start)}" + (
            f" until {format_day(self.end)}" if self.end < self.horizon_end else ""
        )


def span_of(instance: Instance, periods: Sequence[int]) -> Span:
    """The days from the first to the last of some periods, by index; the whole horizon where there are none."""
    calendar, horizon = instance.periods, instance.scenario.horizon
    if not periods:
        return Span(horizon.start, horizon.end, horizon.end)
    return Span(calendar[periods[0]].start, calendar[periods[-1]].end, horizon.end)


def touched(instance: Instance, span: Span) -> Bools:
    """(T,) periods that the span touches."""
    return np.array([period.touches(span.start, span.end) for period in instance.periods])


def starts_before(instance: Instance, day: date) -> list[date]:
    """First days of the periods that begin before a day, the latest first."""
    return [period.start for period in reversed(instance.periods) if period.start < day]


def starts_between(instance: Instance, day: date, end: date) -> list[date]:
    """First days of the periods that begin after a day and before ``end``, in order."""
    return [period.start for period in instance.periods if day < period.start < end]


def ends_after(instance: Instance, day: date) -> list[date]:
    """Ends of the periods that end after a day, in order."""
    return [period.end for period in instance.periods if period.end > day]
