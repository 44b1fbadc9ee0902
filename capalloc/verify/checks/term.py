"""Nothing is delivered before a demand's term begins or after the end that notice gives."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

from capalloc.calendar import format_day
from capalloc.schema.plan import Assignment, Span
from capalloc.schema.rules import Rule
from capalloc.schema.verdict import Violation
from capalloc.verify.case import Case, found
from capalloc.verify.when import has


def check(case: Case) -> Iterator[Violation]:
    """The calendar of the plan, the demands that it names, and the terms of those."""
    yield from _labels(case)
    yield from _prospects(case)
    yield from _names(case)
    yield from _borders(case)
    yield from _terms(case)


def _labels(case: Case) -> Iterator[Violation]:
    expected = tuple(period.label for period in case.periods)
    if case.plan.periods != expected:
        message = f"the plan has the periods {_range(case.plan.periods)}, the scenario {_range(expected)}"
        yield found(Rule.TERM, "periods", None, len(case.plan.periods), len(expected), "periods", message)


def _range(labels: tuple[str, ...]) -> str:
    return f"{labels[0]} .. {labels[-1]} ({len(labels)})" if labels else "(none)"


def _prospects(case: Case) -> Iterator[Violation]:
    for name in sorted(set(case.plan.prospects) - {contract.name for contract in case.scenario.contracts}):
        yield found(Rule.TERM, name, None, 1, 0, "contracts", f"prospect {name} is no contract of the scenario")


def _names(case: Case) -> Iterator[Violation]:
    known = {demand.name for demand in (*case.scenario.workloads, *case.scenario.all_contracts)}
    for what, entries in (("serve", case.plan.assignments), ("are held for", case.plan.buffers)):
        named = Counter(entry.demand for entry in entries)
        for name in sorted(named.keys() - case.demands.keys()):
            why = "a prospect that this plan does not ask for" if name in known else "no demand of the scenario"
            racks = named[name]
            yield found(Rule.TERM, name, None, racks, 0, "assignments", f"{racks} assignments {what} {name}: {why}")


def _borders(case: Case) -> Iterator[Violation]:
    spans: tuple[Span | Assignment, ...] = (*case.plan.assignments, *case.plan.off, *case.plan.buffers)
    for span in spans:
        if not case.borders.meet(span.start, span.until):
            touched = case.borders.touched(span.start, span.until)
            period = case.periods[touched[0]] if touched else None
            message = (
                f"rack {span.rack} has an entry from {format_day(span.start)} until {format_day(span.until)}, "
                "which does not begin and end with periods of the horizon"
            )
            yield found(Rule.TERM, span.rack, period, max(0, (span.until - span.start).days), 0, "days", message)


def _terms(case: Case) -> Iterator[Violation]:
    for period in case.periods:
        for demand, count in case.roster.racks(period.index).items():
            if not has(case.in_term[demand], period.index):
                term = case.terms[demand]
                message = f"{count} racks serve {demand} outside its term, {_days(term.start, term.end)}"
                yield found(Rule.TERM, demand, period, count, 0, "racks", message)


def _days(start: date, end: date) -> str:
    if end <= start:
        return "which is empty"
    return f"{format_day(start)} until {format_day(end)}"
