"""A rack that changes hands serves nobody for the hand-over time; moves stay within budget."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from capalloc.calendar import format_day
from capalloc.schema.rules import Rule
from capalloc.schema.verdict import Violation
from capalloc.verify.case import Case, found
from capalloc.verify.fleet import probe_day

_Stay = tuple[date, date, str]
"""From, until, demand."""


def check(case: Case) -> Iterator[Violation]:
    """Racks handed over too fast, and periods with too many departures."""
    if case.scenario.policy.handover_days:
        for rack, stays in sorted(_stays(case).items()):
            yield from _gaps(case, rack, stays)
    most = case.scenario.policy.max_moves_per_period
    if most is not None:
        for period, moves in zip(case.periods, case.departures, strict=True):
            if moves > most:
                message = f"{moves} racks leave a demand whose term goes on, {most} allowed in a period"
                yield found(Rule.HAND_OVER, "site", period, moves, most, "racks", message)


def _gaps(case: Case, rack: str, stays: list[_Stay]) -> Iterator[Violation]:
    """Hand-overs that are too fast; overlaps are the exclusivity rule's."""
    needed = case.scenario.policy.handover_days
    for (_, until, before), (start, _, after) in pairwise(sorted(stays)):
        gap = (start - until).days
        if before != after and 0 <= gap < needed:
            touched = case.borders.touched(start, date.max)
            message = (
                f"rack {rack} goes from {before} (until {format_day(until)}) to {after} (from {format_day(start)}) "
                f"in {gap} days, {needed} needed"
            )
            period = case.periods[touched[0]] if touched else None
            yield found(Rule.HAND_OVER, rack, period, gap, needed, "days", message)


def _stays(case: Case) -> dict[str, list[_Stay]]:
    """What each rack does, with what the incumbent did last before the horizon."""
    stays: dict[str, list[_Stay]] = {}
    for rack, last in _last_before(case).items():
        stays[rack] = [last]
    for entry in case.plan.assignments:
        stays.setdefault(entry.rack, []).append((entry.start, entry.until, entry.demand))
    return stays


def _last_before(case: Case) -> dict[str, _Stay]:
    if case.scenario.incumbent is None:
        return {}
    probe, start = probe_day(case.scenario), case.scenario.horizon.start
    last: dict[str, _Stay] = {}
    for entry in sorted(case.scenario.incumbent.assignments, key=lambda entry: entry.start):
        if entry.start <= probe:
            last[entry.rack] = entry.start, min(entry.until, start), entry.demand
    return last
