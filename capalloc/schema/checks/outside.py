"""What a plan has nothing of: demands without a day in the horizon, and events that change no date of any."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from capalloc.calendar import add_days, add_months, format_day
from capalloc.schema.checks.fault import Fault, Loc, named
from capalloc.schema.demand import Contract, Demand, Workload
from capalloc.schema.event import Delay, NewSupply, Notice, Outage
from capalloc.schema.facility import Supply
from capalloc.schema.scenario import Scenario

_MIND = "take it out, or mind the year"


def outside_horizon(scenario: Scenario) -> Iterator[Fault]:
    """One fault for all demands that the horizon has no day of, and for all events that it is not changed by."""
    start, end = scenario.horizon.start, scenario.horizon.end
    days = f"the horizon, {format_day(start)} to {format_day(end)}"
    demands = [(loc, one) for loc, one in scenario.located_demands() if not scenario.is_prospect(one)]
    off = [(loc, one) for loc, one in demands if _outside(one, start, end)]
    if off and len(off) == len(demands):
        first, until = _days(off[0][1])
        says = f"{off[0][1].name!r} runs from {format_day(first)}" + (f" to {format_day(until)}" if until else "")
        yield Fault(("horizon", "start"), f"found {days}, in which no demand has a day: {says}; mind the year")
    elif off:
        loc, demand = off[0]
        first, until = _days(demand)
        key = "until" if until is not None and until <= start else "ramp" if isinstance(demand, Contract) else "demand"
        message = f"has no day in {days}, so that nothing of it is planned: {_MIND}"
        yield Fault((*loc, key), f"{message}; so it is with {named(one.name for _, one in off)}")
    yield from _outages(scenario, days)


def without_effect(scenario: Scenario) -> Iterator[Fault]:
    """A fault for each delay that delays nothing, and each notice that ends no contract earlier."""
    yield from _delays(scenario)
    yield from _notices(scenario)


def _days(demand: Demand) -> tuple[date, date | None]:
    """First day of a demand, and the day after its last where it has one."""
    if isinstance(demand, Contract):
        return demand.ramp[0].start, demand.until
    assert isinstance(demand, Workload)
    return demand.demand[0].start, demand.until


def _outside(demand: Demand, start: date, end: date) -> bool:
    first, until = _days(demand)
    return first >= end or (until is not None and until <= start)


def _outages(scenario: Scenario, days: str) -> Iterator[Fault]:
    start, end = scenario.horizon.start, scenario.horizon.end
    over = [
        (index, event)
        for index, event in enumerate(scenario.events)
        if isinstance(event, Outage) and (event.until <= start or event.start >= end)
    ]
    if over:
        index, first = over[0]
        span = f"from {format_day(first.start)} until {format_day(first.until)}"
        message = f"found an outage {span}, outside {days}, so that it changes nothing: {_MIND}"
        yield Fault(("events", index, "until"), f"{message}; so it is with {named(one.place for _, one in over)}")


def _delays(scenario: Scenario) -> Iterator[Fault]:
    starts = _starts(scenario)
    for index, event in enumerate(scenario.events):
        if not isinstance(event, Delay):
            continue
        key = next(key for key in ("node", "supply", "rack_type", "contract") if getattr(event, key) is not None)
        known = starts[key].setdefault(getattr(event, key), [])
        latest = max(known, default=date.max)
        if event.until is not None and event.until <= latest != date.max:
            name = getattr(event, key)
            message = f"found {format_day(event.until)}, and {name!r} begins on {format_day(latest)} or later anyway"
            message = message.replace(" or later", "") if len(set(known)) == 1 else message
            yield Fault(("events", index, "until"), f"{message}, so that nothing is delayed: mind the year")
        known[:] = [add_days(day, event.days) if event.days else max(day, event.until or day) for day in known]


def _starts(scenario: Scenario) -> dict[str, dict[str, list[date]]]:
    """First days by what a delay may name; nothing for what has always been there."""
    site = scenario.facility
    found: dict[str, dict[str, list[date]]] = {"node": {}, "supply": {}, "rack_type": {}, "contract": {}}
    for node in site.power:
        found["node"][node.name] = [node.available_from] if node.available_from else []
    supplies: list[Supply | NewSupply] = [*site.supplies]
    supplies += [event for event in scenario.events if isinstance(event, NewSupply)]
    for supply in supplies:
        found["supply"][supply.name] = [supply.start] if supply.start else []
    for rack in site.racks:
        if rack.status == "planned" and rack.available_from is not None:
            found["rack_type"].setdefault(rack.rack_type, []).append(rack.available_from)
    for contract in scenario.all_contracts:
        found["contract"][contract.name] = [contract.ramp[0].start]
    for days in found["rack_type"].values():
        days[:] = [min(days)]
    return found


def _notices(scenario: Scenario) -> Iterator[Fault]:
    """Notices after an earlier end; delays only make initial terms, and so ends, later."""
    contracts = {contract.name: contract for contract in scenario.all_contracts}
    ends: dict[str, list[tuple[date, Loc]]] = {}
    for index, event in enumerate(scenario.events):
        if isinstance(event, Notice) and event.contract in contracts:
            ends.setdefault(event.contract, []).append((_end(contracts[event.contract], event.on), ("events", index)))
    for name, found in ends.items():
        found.sort(key=lambda one: one[0])
        late = [loc for end, loc in found if end >= contracts[name].until]
        for loc in late or [loc for _, loc in found[1:]]:
            first = contracts[name].until if loc in late else found[0][0]
            why = "its term" if loc in late else "an earlier notice"
            message = f"changes nothing: {why} ends contract {name!r} on {format_day(first)} already"
            yield Fault((*loc, "on"), f"{message}; take this notice out, or mind its date")


def _end(contract: Contract, on: date) -> date:
    """The day on which a notice ends a contract."""
    initial = add_months(contract.ramp[0].start, contract.termination.initial_term_months)
    return add_days(max(on, initial), contract.termination.notice_days)
