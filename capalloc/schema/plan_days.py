"""The days that a plan covers, by its labels and spans alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from capalloc.calendar import add_days, format_day, next_month, parse_day
from capalloc.schema.plan import Assignment, Plan, Span


def days_of_plan(plan: Plan) -> tuple[date, date] | None:
    """The first day, and the day after the last; None where the plan's labels are no days, or none."""
    try:
        starts = [parse_day(label) for label in plan.periods]
    except ValueError:
        return None
    return (starts[0], end_of_plan(plan, starts)) if starts else None


def end_of_plan(plan: Plan, starts: Sequence[date]) -> date:
    """The end of the last period: spans end on borders of periods, so one that ends inside it ends with it.

    ``starts`` are the first days of the periods. Without such a span the last is as long as its kind.
    """
    spans: list[Assignment | Span] = [*plan.assignments, *plan.buffers, *plan.off]
    last = max((span.until for span in spans), default=starts[-1])
    if last > starts[-1]:
        return last
    if plan.periods[-1] == format_day(starts[-1]) and len(plan.periods[-1]) == len("2026-05"):
        return next_month(starts[-1])
    return add_days(starts[-1], (starts[-1] - starts[-2]).days if len(starts) > 1 else 1)
