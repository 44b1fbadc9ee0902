"""A rack serves at most one demand at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby
from operator import attrgetter

from capalloc.calendar import format_day
from capalloc.schema.plan import Assignment, Span
from capalloc.schema.rules import Rule
from capalloc.schema.verdict import Violation
from capalloc.verify.case import Case, found
from capalloc.verify.when import NEVER, indices


def check(case: Case) -> Iterator[Violation]:
    """Assignments of a rack, and its spans as off, that overlap; a rack both assigned and off."""
    yield from _overlaps(case, case.roster.assignments)
    yield from _overlaps(case, sorted(case.plan.off, key=lambda span: (span.rack, span.start, span.until)))
    for rack, off in case.roster.off.items():
        for t in indices(off & case.roster.busy.get(rack, NEVER)):
            message = f"rack {rack} serves {case.roster.demand_of(rack, t)} while it is listed as off"
            yield found(Rule.EXCLUSIVITY, rack, case.periods[t], 2, 1, "states", message)


def _overlaps(case: Case, ordered: Iterable[Assignment | Span]) -> Iterator[Violation]:
    for _, group in groupby(ordered, key=attrgetter("rack")):
        end, holder = date.min, None
        for span in group:
            if holder is not None and span.start < min(end, span.until):
                yield _overlap(case, holder, span, min(end, span.until))
            if span.until > end:
                end, holder = span.until, span


def _overlap(case: Case, holder: Assignment | Span, then: Assignment | Span, until: date) -> Violation:
    touched = case.borders.touched(then.start, until)
    period = case.periods[touched[0]] if touched else None
    message = (
        f"rack {then.rack} {_what(holder)} and also {_what(then)} "
        f"from {format_day(then.start)} until {format_day(until)}"
    )
    return found(Rule.EXCLUSIVITY, then.rack, period, 2, 1, "demands", message)


def _what(span: Assignment | Span) -> str:
    return f"serves {span.demand}" if isinstance(span, Assignment) else "is listed as off"
