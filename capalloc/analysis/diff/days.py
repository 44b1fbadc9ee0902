"""The days that two plans cover, and the periods that both have."""

from __future__ import annotations

from itertools import pairwise

from capalloc.calendar import Period, format_day, parse_day
from capalloc.errors import NoAnswerError, PlanFileError
from capalloc.schema.diff import Overlap
from capalloc.schema.plan import Plan
from capalloc.schema.plan_days import end_of_plan


def periods_of_plan(plan: Plan, name: str) -> tuple[Period, ...]:
    """The periods of a plan by its labels alone; the last ends with the plan's last span, or is as long as its kind.

    Raises PlanFileError where the labels are no days in order; ``name`` is what it calls the plan.
    """
    try:
        starts = [parse_day(label) for label in plan.periods]
    except ValueError as error:
        raise PlanFileError(f"{name}: periods: {error}") from error
    if not starts or any(later <= earlier for earlier, later in pairwise(starts)):
        raise PlanFileError(f"{name}: periods: found {len(starts)} that are not in order, expected one or more")
    ends = [*starts[1:], end_of_plan(plan, starts)]
    return tuple(map(Period, range(len(starts)), starts, ends, plan.periods))


def overlap_of(first: tuple[Period, ...], second: tuple[Period, ...]) -> Overlap:
    """The days that both cover. Raises NoAnswerError where there is none."""
    start, end = max(first[0].start, second[0].start), min(first[-1].end, second[-1].end)
    if start >= end:
        one, two = (f"{_days(periods)}" for periods in (first, second))
        raise NoAnswerError(f"the plans have no day in common: the first covers {one}, the second {two}")
    known = {(period.start, period.end) for period in second}
    both = tuple(period.label for period in first if (period.start, period.end) in known)
    return Overlap(
        start=start,
        until=end,
        periods=both,
        first_alone=len(first) - len(both),
        second_alone=len(second) - len(both),
    )


def _days(periods: tuple[Period, ...]) -> str:
    return f"{format_day(periods[0].start)} until {format_day(periods[-1].end)}"
