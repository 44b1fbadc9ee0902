"""The days of a conflict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from capalloc.analysis.explain.problem import Problem
from capalloc.calendar import format_day


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


def span_of(problem: Problem, periods: Sequence[int]) -> Span:
    """The days from the first to the last of some periods; the whole horizon where there are none."""
    calendar, horizon = problem.base.periods, problem.scenario.horizon
    if not periods:
        return Span(horizon.start, horizon.end, horizon.end)
    return Span(calendar[periods[0]].start, calendar[periods[-1]].end, horizon.end)
