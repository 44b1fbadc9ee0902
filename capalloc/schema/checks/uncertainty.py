"""Checks of what is not sure: names lead somewhere, once each, causes are shared, dates can slip."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from capalloc.calendar import format_day
from capalloc.schema.checks.fault import Fault, KnownNames, Loc, duplicates
from capalloc.schema.event import Delay, Event, NewSupply, Notice
from capalloc.schema.scenario import Scenario
from capalloc.schema.uncertainty import Slip, Uncertainty
from capalloc.spelling import nearest

LATE, ENDS, DEMAND, FAIL = (("uncertainty", key) for key in ("supplies", "notices", "demand", "failures"))


def possible_events(scenario: Scenario) -> Iterator[tuple[Loc, Event]]:
    """An event that each doubt on a date or contract may bring, with the doubt's place; its keys are the event's."""
    doubts = scenario.uncertainty or Uncertainty()
    end = scenario.horizon.end
    for index, slip in enumerate(doubts.supplies):
        kind, name = slip.subject
        yield (*LATE, index), Delay(type="delay", until=end, **{kind: name})
    for index, notice in enumerate(doubts.notices):
        yield (*ENDS, index), Notice(type="notice", contract=notice.contract, by=notice.by, on=end)


def uncertainty_faults(scenario: Scenario) -> Iterator[Fault]:
    """Every fault of what is not sure that an event with the same names would not have."""
    doubts = scenario.uncertainty
    if doubts is not None:
        yield from _listed_twice(doubts)
        yield from _no_dates(scenario, doubts)
        yield from _causes(doubts)
        yield from _workloads(scenario, doubts)
        yield from _failures(scenario, doubts)
        yield from _decided(scenario, doubts)


def _listed_twice(doubts: Uncertainty) -> Iterator[Fault]:
    subjects = [((*LATE, index, slip.subject[0]), slip.subject) for index, slip in enumerate(doubts.supplies)]
    for kind in ("supply", "node", "rack_type"):
        named = [(loc, name) for loc, (found, name) in subjects if found == kind]
        yield from duplicates("slip", named)
    yield from duplicates("notice", [((*ENDS, i, "contract"), one.contract) for i, one in enumerate(doubts.notices)])
    yield from duplicates("doubt", [((*DEMAND, i, "workload"), one.workload) for i, one in enumerate(doubts.demand)])
    yield from duplicates("entry", [((*FAIL, i, "rack_type"), one.rack_type) for i, one in enumerate(doubts.failures)])


def _no_dates(scenario: Scenario, doubts: Uncertainty) -> Iterator[Fault]:
    """Days are added to the date of a supply or node, so it must have one; racks of a type are checked as in events."""
    supplies = {one.name: one.start for one in scenario.facility.supplies}
    supplies |= {event.name: event.start for event in scenario.events if isinstance(event, NewSupply)}
    starts = {
        "supply": supplies,
        "node": {node.name: node.available_from for node in scenario.facility.power},
    }
    keys = {"supply": "from", "node": "available_from"}
    for index, slip in enumerate(doubts.supplies):
        kind, name = slip.subject
        if kind in starts and name in starts[kind] and starts[kind][name] is None:
            message = f"has no {keys[kind]} that could slip: give {name!r} its date, or leave the entry out"
            yield Fault((*LATE, index, kind), message)


def _causes(doubts: Uncertainty) -> Iterator[Fault]:
    """A cause that one entry alone names joins nothing."""
    named = Counter(slip.cause for slip in doubts.supplies if slip.cause is not None)
    shared = [cause for cause, count in named.items() if count > 1]
    for index, slip in enumerate(doubts.supplies):
        if slip.cause is not None and named[slip.cause] == 1:
            yield Fault((*LATE, index, "cause"), _alone(slip, shared))


def _alone(slip: Slip, shared: list[str]) -> str:
    near = nearest(slip.cause or "", shared)
    hint = f"did you mean {near!r}?" if near else "leave it out where nothing else slips with it"
    return f"no other entry has the cause {slip.cause!r}, expected two or more that share it; {hint}"


def _workloads(scenario: Scenario, doubts: Uncertainty) -> Iterator[Fault]:
    workloads = KnownNames("workload", (workload.name for workload in scenario.workloads))
    for index, doubt in enumerate(doubts.demand):
        yield from workloads.missing((*DEMAND, index, "workload"), doubt.workload)


def _failures(scenario: Scenario, doubts: Uncertainty) -> Iterator[Fault]:
    site = scenario.facility
    kinds = KnownNames("rack type", (kind.name for kind in site.rack_types))
    there = {rack.rack_type for rack in site.racks if rack.status != "retired"}
    for index, failing in enumerate(doubts.failures):
        loc = (*FAIL, index, "rack_type")
        yield from kinds.missing(loc, failing.rack_type)
        if failing.rack_type in kinds and failing.rack_type not in there:
            yield Fault(loc, f"the facility has no rack of type {failing.rack_type!r} that could fail")


def _decided(scenario: Scenario, doubts: Uncertainty) -> Iterator[Fault]:
    start, end = scenario.horizon.start, scenario.horizon.end
    day = doubts.decide_until
    if day is not None and not start < day <= end:
        message = f"found {format_day(day)}, expected a day after {format_day(start)} up to {format_day(end)}"
        yield Fault(("uncertainty", "decide_until"), f"{message}, inside the horizon")
