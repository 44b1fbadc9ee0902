"""Repairs of events: an outage moved or cancelled, a delay made shorter."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from capalloc.analysis.explain.demand_rules import subject
from capalloc.analysis.explain.edits import without_event
from capalloc.analysis.explain.family import Family
from capalloc.analysis.explain.limit_families import bridge
from capalloc.analysis.explain.problem import Problem
from capalloc.analysis.explain.requirement import Requirement
from capalloc.analysis.explain.span import Span
from capalloc.calendar import add_days, format_day
from capalloc.instance.timeline import delayed, rack_start, ramp_of, supplies_in_force
from capalloc.schema.event import Delay, Event, Outage
from capalloc.schema.facility import PowerNode
from capalloc.schema.scenario import Scenario

_MOST_DAYS = 3660


def event_families(problem: Problem, one: Requirement, span: Span) -> Iterator[Family]:
    """Repairs of an outage or a delay."""
    if isinstance(one.event, Outage):
        yield from _moved(problem, one, one.event)
        yield _dropped(one, one.event, "what cancelling it costs")
    if isinstance(one.event, Delay):
        yield from _shorter(problem, one, one.event)
        yield from bridge(problem, one, span)


def _replaced(scenario: Scenario, old: Event, new: Event) -> Scenario:
    return scenario.replace(events=tuple(new if event == old else event for event in scenario.events))


def _dropped(one: Requirement, event: Event, unpriced: str) -> Family:
    return Family(
        one.kind, one.where, 1, lambda s, _: without_event(s, event), lambda _: f"{one.where}: not {one.says}", unpriced
    )


def _moved(problem: Problem, one: Requirement, event: Outage) -> Iterator[Family]:
    """The same outage at the beginning of another period, the nearest first, inside the horizon."""
    length = event.until - event.start
    end = problem.scenario.horizon.end
    starts = [p.start for p in problem.base.periods if p.start != event.start and p.start + length <= end]
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
        )


def _from(event: Outage, shift: timedelta) -> Outage:
    return event.replace(start=event.start + shift, until=event.until + shift)


def _shorter(problem: Problem, one: Requirement, event: Delay) -> Iterator[Family]:
    """Fewer days of delay, down to none."""
    scenario = problem.scenario
    days = event.days if event.until is None else _days_until(scenario, event)
    word, _ = subject(event)
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
        one.kind, one.where, days, apply, says, "what the shorter delay costs", stepwise=event.contract is not None
    )


def _days_until(scenario: Scenario, event: Delay) -> int:
    """Days from the subject's first day without the delay to the day that the delay gives."""
    free = without_event(scenario, event)
    assert event.until is not None
    starts = [supply.start for supply in supplies_in_force(free) if supply.name == event.supply]
    starts += [_node_start(free, node) for node in scenario.facility.power if node.name == event.node]
    starts += [
        ramp_of(free, contract)[0].start for contract in scenario.all_contracts if contract.name == event.contract
    ]
    racks = (rack for rack in scenario.facility.racks if rack.rack_type == event.rack_type)
    starts += [rack_start(free, rack) for rack in racks if rack.status == "planned"]
    known = [start for start in starts if start is not None]
    return max((event.until - min(known)).days, 0) if known else 0


def _node_start(scenario: Scenario, node: PowerNode) -> date | None:
    """First day of a power node after its delays."""
    start = node.available_from
    for event in scenario.events:
        if isinstance(event, Delay) and event.node == node.name:
            start = delayed(start, event)
    return start
