"""Outages and delays; repairs move or cancel an outage, and make a delay shorter or bridge it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial

import numpy as np

from capalloc.analysis.edits import without_event
from capalloc.analysis.explain.family import Family
from capalloc.analysis.explain.requirement import Kind, Requirement
from capalloc.analysis.explain.requirements.limits import bridge
from capalloc.analysis.explain.span import Span
from capalloc.calendar import add_days, format_day
from capalloc.instance.compile import compile_scenario
from capalloc.instance.model import Instance
from capalloc.instance.timeline import node_starts, rack_start, ramp_of, supplies_in_force
from capalloc.schema.demand import Contract
from capalloc.schema.event import Delay, Event, Outage
from capalloc.schema.scenario import Scenario

_MOST_DAYS = 3660


def requirements(instance: Instance) -> Iterator[Requirement]:
    """Outages and delays; notices and signatures are part of what contracts commit."""
    events = instance.scenario.events
    for event in (event for i, event in enumerate(events) if event not in events[:i]):
        if isinstance(event, Outage):
            says = f"out from {format_day(event.start)} until {format_day(event.until)}"
            edit = partial(without_event, event=event)
            yield Requirement(Kind.OUTAGE, event.place, says, scenario=edit, event=event)
        if isinstance(event, Delay):
            yield _of_delay(event)


def families(instance: Instance, one: Requirement, span: Span) -> Iterator[Family]:
    """An outage moved or cancelled; a delay made shorter, or bridged by a further supply."""
    if isinstance(one.event, Outage):
        yield from _moved(instance, one, one.event)
        yield _dropped(one, one.event, "what cancelling it costs")
    if isinstance(one.event, Delay):
        yield from _shorter(instance, one, one.event)
        yield from bridge(instance, one, span)


def _of_delay(event: Delay) -> Requirement:
    word, name = _subject(event)
    says = f"{word} delayed " + (f"by {event.days} days" if event.until is None else f"until {format_day(event.until)}")
    if event.contract is None:
        return Requirement(Kind.DELAY, name, says, scenario=partial(without_event, event=event), event=event)
    return Requirement(Kind.DELAY, name, says, instance=partial(_undelayed, event=event), event=event)


def _subject(event: Delay) -> tuple[str, str]:
    """What is delayed, and its name."""
    words = (
        ("node", event.node),
        ("supply", event.supply),
        ("rack type", event.rack_type),
        ("contract", event.contract),
    )
    return next((word, name) for word, name in words if name)


def _undelayed(instance: Instance, event: Event) -> Instance:
    """A contract that commits no more than it does with the delay, nor than it would without."""
    planned = frozenset(data.name for data in instance.demands if isinstance(data.demand, Contract))
    without = compile_scenario(without_event(instance.scenario, event), planned)
    pairs = zip(instance.demands, without.demands, strict=True)
    demands = (one.committing(np.minimum(one.committed, other.committed)) for one, other in pairs)
    return replace(instance, demands=tuple(demands))


def _replaced(scenario: Scenario, old: Event, new: Event) -> Scenario:
    return scenario.replace(events=tuple(new if event == old else event for event in scenario.events))


def _dropped(one: Requirement, event: Event, unpriced: str) -> Family:
    return Family.single(one, lambda s: without_event(s, event), f"{one.where}: not {one.says}", unpriced)


def _moved(instance: Instance, one: Requirement, event: Outage) -> Iterator[Family]:
    """The same outage at the beginning of another period, the nearest first, inside the horizon."""
    length = event.until - event.start
    end = instance.scenario.horizon.end
    starts = [p.start for p in instance.periods if p.start != event.start and p.start + length <= end]
    starts.sort(key=lambda day: (abs(day - event.start), day))
    if starts:
        yield Family(
            one.kind,
            one.where,
            len(starts),
            lambda s, n: _replaced(s, event, _from(event, starts[n - 1] - event.start)),
            lambda n: f"{one.where}: out from {format_day(starts[n - 1])} in place of {format_day(event.start)}",
            "what moving it costs",
            stepwise=True,
            quantity=f"start of event {instance.scenario.events.index(event)}",
        )


def _from(event: Outage, shift: timedelta) -> Outage:
    return event.replace(start=event.start + shift, until=event.until + shift)


def _shorter(instance: Instance, one: Requirement, event: Delay) -> Iterator[Family]:
    """Fewer days of delay, down to none."""
    scenario = instance.scenario
    days = event.days if event.until is None else _days_until(scenario, event)
    word, _ = _subject(event)
    if not days or days > _MOST_DAYS:
        yield _dropped(one, event, "what avoiding it costs")
        return
    began = None if event.until is None else add_days(event.until, -days)

    def apply(changed: Scenario, n: int) -> Scenario:
        if n >= days:
            return without_event(changed, event)
        less = {"days": days - n} if began is None else {"until": add_days(began, days - n)}
        return _replaced(changed, event, event.replace(**less))

    def says(n: int) -> str:
        if n >= days:
            return f"{one.where}: {word} not delayed"
        if began is None:
            return f"{one.where}: {word} delayed by {days - n} days in place of {days}"
        until = format_day(add_days(began, days - n))
        return f"{one.where}: {word} delayed until {until} in place of {one.says.rsplit(' ', 1)[1]}"

    yield Family(
        one.kind,
        one.where,
        days,
        apply,
        says,
        "what the shorter delay costs",
        stepwise=event.contract is not None,
        quantity=f"days of event {scenario.events.index(event)}",
    )


def _days_until(scenario: Scenario, event: Delay) -> int:
    """Days from the subject's first day without the delay to the day that the delay gives."""
    free = without_event(scenario, event)
    assert event.until is not None
    starts = [supply.start for supply in supplies_in_force(free) if supply.name == event.supply]
    delayed = node_starts(free)
    starts += [
        delayed.get(node.name, node.available_from) for node in scenario.facility.power if node.name == event.node
    ]
    starts += [
        ramp_of(free, contract)[0].start for contract in scenario.all_contracts if contract.name == event.contract
    ]
    racks = (rack for rack in scenario.facility.racks if rack.rack_type == event.rack_type)
    starts += [rack_start(free, rack) for rack in racks if rack.status == "planned"]
    known = [start for start in starts if start is not None]
    return max((event.until - min(known)).days, 0) if known else 0
