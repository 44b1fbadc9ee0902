"""Pinned and frozen assignments are kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from capalloc.calendar import Period, format_day
from capalloc.schema.demand import Demand
from capalloc.schema.plan import Assignment
from capalloc.schema.rules import Rule
from capalloc.schema.scenario import IDLE, Pin
from capalloc.schema.verdict import Violation
from capalloc.verify.case import Case, found
from capalloc.verify.fleet import Standing, in_row
from capalloc.verify.roster import fed


def check(case: Case) -> Iterator[Violation]:
    """Racks that are not where a pin or the freeze wants them."""
    for pin in case.scenario.pins:
        yield from _pin(case, pin)
    day = case.scenario.policy.freeze_until
    if day is not None and case.scenario.incumbent is not None:
        yield from _freeze(case, day, case.scenario.incumbent.assignments)


def _pin(case: Case, pin: Pin) -> Iterator[Violation]:
    if pin.demand != IDLE and pin.demand not in case.demands:
        return
    wanted = None if pin.demand == IDLE else pin.demand
    racks = [standing for standing in case.fleet.racks.values() if _meant(case, pin, standing)]
    for period in case.periods:
        if period.touches(pin.start, pin.until) and (wanted is None or case.terms[wanted].touches(period)):
            for standing in racks:
                yield from _kept(case, period, standing, wanted, "pinned")


def _meant(case: Case, pin: Pin, standing: Standing) -> bool:
    """Whether the pin means the rack: by name, or by its place when the demand accepts and may use it."""
    if pin.rack is not None:
        return standing.rack.name == pin.rack
    if standing.position is None:
        return False
    here = in_row(standing.position, pin.row) if pin.row is not None else standing.position.hall == pin.hall
    return here and (pin.demand == IDLE or _usable(case, standing, case.demands[pin.demand]))


def _usable(case: Case, standing: Standing, demand: Demand) -> bool:
    return standing.kind.name in demand.rack_types and case.fleet.may_use(standing.rack.name, demand)


def _kept(case: Case, period: Period, standing: Standing, wanted: str | None, how: str) -> Iterator[Violation]:
    """A rack without power can serve nobody, so nothing is kept for it; should it serve, power is overloaded."""
    rack = standing.rack.name
    serves = case.roster.serving[period.index].get(rack)
    if standing.available(period) and fed(case.site, period, standing) and serves != wanted:
        message = f"rack {rack} is {how} to {wanted or 'nobody'} but serves {serves or 'nobody'}"
        yield found(Rule.PINS, rack, period, 1, 0, "racks", message)


def _freeze(case: Case, day: date, incumbent: tuple[Assignment, ...]) -> Iterator[Violation]:
    spans: dict[str, list[Assignment]] = {}
    for entry in incumbent:
        spans.setdefault(entry.rack, []).append(entry)
    for period in case.periods:
        if period.start < day:
            for rack, standing in case.fleet.racks.items():
                wanted = _frozen(case, period, spans.get(rack, []))
                yield from _kept(case, period, standing, wanted, f"frozen until {format_day(day)}")


def _frozen(case: Case, period: Period, spans: list[Assignment]) -> str | None:
    """What the incumbent says for the first day of the period, where that can still be done."""
    for entry in spans:
        if entry.start <= period.start < entry.until and entry.demand in case.demands:
            return entry.demand if case.terms[entry.demand].touches(period) else None
    return None
