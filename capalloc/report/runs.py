"""Neighbouring periods with the same figures, shown as one line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from capalloc.calendar import Period, PeriodUnit, add_days, next_month
from capalloc.schema.scenario import Horizon

Cells = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """Figures of one period, already as text."""

    period: str
    cells: Cells


@dataclass(frozen=True, slots=True)
class Days:
    """Which days the periods of a plan cover, by their labels."""

    unit: PeriodUnit
    periods: Mapping[str, Period]

    @classmethod
    def of(cls, horizon: Horizon) -> Days:
        """The days of a horizon."""
        return cls(horizon.period, {period.label: period for period in horizon.periods})

    def span(self, first: str, last: str) -> str:
        """The periods from ``first`` through ``last``: weeks through their last day, months as far as they go."""
        until = add_days(self.periods[last].end, -1)
        if self.unit == "week":
            return f"{first} (1 day)" if until == self.periods[first].start else f"{first} … {until.isoformat()}"
        cut = self.unit == "month" and next_month(until) != self.periods[last].end
        return span(first, last) + (f" (to {until.isoformat()})" if cut else "")


def runs(
    lines: Iterable[Line], periods: Sequence[str], all_periods: bool = False, days: Days | None = None
) -> list[Line]:
    """Lines with equal cells in neighbouring periods, joined; ``periods`` is the plan's calendar.

    With ``days`` each line tells which days it covers.
    """
    index = {label: number for number, label in enumerate(periods)}
    ordered = sorted(lines, key=lambda line: index[line.period])
    # In a run of neighbours the calendar's index and the place in the list grow together.
    places = list(enumerate(ordered))
    grouped = groupby(places, key=lambda item: item[0] if all_periods else _run(index, *item))
    return [_joined([line for _, line in group], days) for _, group in grouped]


def _run(index: Mapping[str, int], place: int, line: Line) -> tuple[int, Cells]:
    return index[line.period] - place, line.cells


def span(first: str, last: str) -> str:
    """The periods from ``first`` through ``last``, both included."""
    return first if first == last else f"{first} … {last}"


def _joined(group: list[Line], days: Days | None) -> Line:
    first, last = group[0].period, group[-1].period
    return Line(span(first, last) if days is None else days.span(first, last), group[0].cells)
