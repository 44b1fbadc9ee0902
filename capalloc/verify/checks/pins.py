"""Pinned and frozen assignments are kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from capalloc.calendar import format_day
from capalloc.schema.demand import Demand
from capalloc.schema.plan import Assignment
from capalloc.schema.rules import Rule
from capalloc.schema.scenario import IDLE, Pin
from capalloc.schema.verdict import Violation
from capalloc.verify.case import Case, found
from capalloc.verify.fleet import Standing
from capalloc.verify.roster import Entry
from capalloc.verify.when import NEVER, When, during, indices


def check(case: Case) -> Iterator[Violation]:
    """Racks that are not where a pin or the freeze wants them."""
    by_place = _by_place(case) if any(pin.rack is None for pin in case.scenario.pins) else {}
    for pin in case.scenario.pins:
        yield from _pin(case, pin, by_place)
    day = case.scenario.policy.freeze_until
    if day is not None and case.scenario.incumbent is not None:
        yield from _freeze(case, day, case.scenario.incumbent.assignments)


_Place = tuple[str, str]
"""``row`` or ``hall``, and a name of it."""


def _by_place(case: Case) -> dict[_Place, list[Standing]]:
    """The racks of each row, under both of its names, and of each hall."""
    racks: dict[_Place, list[Standing]] = {}
    for standing in case.fleet.racks.values():
        place = standing.position
        if place is not None:
            for key in {("row", place.row), ("row", place.row_key), ("hall", place.hall)}:
                racks.setdefault(key, []).append(standing)
    return racks


def _pin(case: Case, pin: Pin, by_place: dict[_Place, list[Standing]]) -> Iterator[Violation]:
    if pin.demand != IDLE and pin.demand not in case.demands:
        return
    wanted = None if pin.demand == IDLE else pin.demand
    when = during(case.borders.touched(pin.start or date.min, pin.until or date.max))
    if wanted is not None:
        when &= case.in_term[wanted]
    for standing in _meant(case, pin, by_place):
        yield from _kept(case, when, standing, wanted, "pinned")


def _meant(case: Case, pin: Pin, by_place: dict[_Place, list[Standing]]) -> list[Standing]:
    """The racks that the pin means: one by name, or those of a place that the demand accepts and may use there."""
    if pin.rack is not None:
        return [case.fleet.racks[pin.rack]]
    place = ("row", pin.row) if pin.row is not None else ("hall", pin.hall or "")
    there = by_place.get(place, [])
    if pin.demand == IDLE:
        return there
    return [standing for standing in there if _usable(case, standing, case.demands[pin.demand])]


def _usable(case: Case, standing: Standing, demand: Demand) -> bool:
    accepts = standing.kind.name in demand.rack_types and case.fleet.may_use(standing.rack.name, demand)
    return accepts and case.may_stand(standing, demand.name)


def _kept(case: Case, when: When, standing: Standing, wanted: str | None, how: str) -> Iterator[Violation]:
    """A rack without power can serve nobody, so nothing is kept for it; should it serve, power is overloaded."""
    rack = standing.rack.name
    if not when & standing.ready:
        return
    right = ~case.roster.busy.get(rack, NEVER) if wanted is None else case.roster.serves(rack, wanted)
    for t in indices(when & standing.ready & ~right):
        serves = case.roster.demand_of(rack, t)
        message = f"rack {rack} is {how} to {wanted or 'nobody'} but serves {serves or 'nobody'}"
        yield found(Rule.PINS, rack, case.periods[t], 1, 0, "racks", message)


def _freeze(case: Case, day: date, incumbent: tuple[Assignment, ...]) -> Iterator[Violation]:
    spans: dict[str, list[Entry]] = {}
    for entry in incumbent:
        spans.setdefault(entry.rack, []).append((entry.demand, entry.start, entry.until))
    frozen, how = during(case.borders.begun(date.min, day)), f"frozen until {format_day(day)}"
    known: dict[tuple[Entry, ...], tuple[tuple[str | None, When], ...]] = {}
    for rack, standing in case.fleet.racks.items():
        same = tuple(spans.get(rack, ()))
        if same not in known:
            known[same] = tuple(_frozen(case, frozen, same))
        for wanted, when in known[same]:
            yield from _kept(case, when, standing, wanted, how)


def _frozen(case: Case, when: When, spans: tuple[Entry, ...]) -> Iterator[tuple[str | None, When]]:
    """What the incumbent says for the first day of each period, where that can still be done, or nobody."""
    for demand, start, until in spans:
        if demand in case.demands:
            said, in_term = when & during(case.borders.begun(start, until)), case.in_term[demand]
            yield demand, said & in_term
            if said & ~in_term:
                yield None, said & ~in_term
            when &= ~said
    if when:
        yield None, when
