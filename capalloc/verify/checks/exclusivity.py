"""A rack serves at most one demand at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby

from capalloc.calendar import format_day
from capalloc.schema.plan import Assignment, Span
from capalloc.schema.rules import Rule
from capalloc.schema.verdict import Violation
from capalloc.verify.case import Case, found


def check(case: Case) -> Iterator[Violation]:
    """Assignments of a rack, and its spans as off, that overlap; a rack both assigned and off."""
    yield from _overlaps(case, [(entry, f"serves {entry.demand}") for entry in case.plan.assignments])
    yield from _overlaps(case, [(span, "is listed as off") for span in case.plan.off])
    for period in case.periods:
        for rack in sorted(case.roster.off[period.index] & case.roster.serving[period.index].keys()):
            demand = case.roster.serving[period.index][rack]
            message = f"rack {rack} serves {demand} while it is listed as off"
            yield found(Rule.EXCLUSIVITY, rack, period, 2, 1, "states", message)


def _overlaps(case: Case, entries: Iterable[tuple[Assignment | Span, str]]) -> Iterator[Violation]:
    ordered = sorted(entries, key=lambda entry: (entry[0].rack, entry[0].start, entry[0].until, entry[1]))
    for rack, group in groupby(ordered, key=lambda entry: entry[0].rack):
        end, holder = date.min, ""
        for span, what in group:
            if span.start < min(end, span.until):
                yield _overlap(case, rack, (span.start, min(end, span.until)), (holder, what))
            if span.until > end:
                end, holder = span.until, what


def _overlap(case: Case, rack: str, days: tuple[date, date], twice: tuple[str, str]) -> Violation:
    touched = case.borders.touched(*days)
    period = case.periods[touched[0]] if touched else None
    first, then = twice
    message = f"rack {rack} {first} and also {then} from {format_day(days[0])} until {format_day(days[1])}"
    return found(Rule.EXCLUSIVITY, rack, period, 2, 1, "demands", message)
