"""What the scenario's events make of its dates: terms, ramps, availabilities and supplies in force."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from capalloc.calendar import Period, add_days, add_months
from capalloc.schema.demand import Contract, Demand, RampStep, Workload, WorkloadStep
from capalloc.schema.event import Delay, NewSupply, Notice, Outage, Sign
from capalloc.schema.facility import Rack, Supply
from capalloc.schema.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Term:
    """The days [start, end) in which a demand may be served; empty when end <= start."""

    start: date
    end: date

    def touches(self, period: Period) -> bool:
        """Whether any day of the period lies in the term."""
        return self.start < self.end and period.touches(self.start, self.end)

    def overlap(self, start: date, end: date) -> tuple[date, date]:
        """The part of [start, end) inside the term; empty when its end is not after its start."""
        return max(start, self.start), min(end, self.end)


def delayed(day: date | None, delay: Delay) -> date | None:
    """A start date after a delay: ``days`` later, or not before ``until``."""
    if delay.days is not None:
        return None if day is None else add_days(day, delay.days)
    return delay.until if day is None or (delay.until and delay.until > day) else day


def _delays(scenario: Scenario, subject: str, name: str) -> Iterator[Delay]:
    for event in scenario.events:
        if isinstance(event, Delay) and getattr(event, subject) == name:
            yield event


def node_starts(scenario: Scenario) -> dict[str, date | None]:
    """First day of each power node that is delayed; the others keep theirs."""
    by_name = {node.name: node for node in scenario.facility.power}
    starts: dict[str, date | None] = {}
    for event in scenario.events:
        if isinstance(event, Delay) and event.node is not None:
            start = starts.get(event.node, by_name[event.node].available_from)
            starts[event.node] = delayed(start, event)
    return starts


def rack_start(scenario: Scenario, rack: Rack) -> date | None:
    """First day of a rack after the delays of its type's deliveries; None when it was always there."""
    start = rack.available_from
    if rack.status == "planned" and start is not None:
        for delay in _delays(scenario, "rack_type", rack.rack_type):
            start = delayed(start, delay)
    return start


def supplies_in_force(scenario: Scenario) -> Iterator[Supply | NewSupply]:
    """Every supply, those of events too, with its start after delays."""
    announced: list[Supply | NewSupply] = [event for event in scenario.events if isinstance(event, NewSupply)]
    for supply in [*scenario.facility.supplies, *announced]:
        start = supply.start
        for delay in _delays(scenario, "supply", supply.name):
            start = delayed(start, delay)
        yield supply.replace(start=start)


def outages(scenario: Scenario) -> tuple[Outage, ...]:
    """The outages of the scenario."""
    return tuple(event for event in scenario.events if isinstance(event, Outage))


def ramp_of(scenario: Scenario, contract: Contract) -> tuple[RampStep, ...]:
    """The contract's steps after delays and, where an event signs it, from the signature on."""
    steps = contract.ramp
    for delay in _delays(scenario, "contract", contract.name):
        first = delayed(steps[0].start, delay) or steps[0].start
        shift: timedelta = first - steps[0].start
        steps = tuple(step.replace(start=step.start + shift) for step in steps)
    for event in scenario.events:
        if isinstance(event, Sign) and event.contract.name == contract.name:
            steps = _from_day(steps, event.on)
    return steps


def _from_day(steps: tuple[RampStep, ...], day: date) -> tuple[RampStep, ...]:
    before = [step for step in steps if step.start <= day]
    after = [step for step in steps if step.start > day]
    in_force = [before[-1].replace(start=day)] if before else []
    return (*in_force, *after)


def term_of(scenario: Scenario, demand: Demand, ramps: Mapping[str, tuple[RampStep, ...]]) -> Term:
    """The demand's term; ``ramps`` holds each contract's resolved steps."""
    if isinstance(demand, Workload):
        return _workload_term(demand, scenario.horizon.end)
    assert isinstance(demand, Contract)
    start = ramps[demand.name][0].start
    ends = [demand.until]
    initial = add_months(start, demand.termination.initial_term_months)
    given = [event.on for event in scenario.events if isinstance(event, Notice) and event.contract == demand.name]
    ends += [add_days(max(on, initial), demand.termination.notice_days) for on in given]
    return Term(start, min(ends))


def _workload_term(workload: Workload, horizon_end: date) -> Term:
    end = min(workload.until or horizon_end, horizon_end)
    steps: list[WorkloadStep] = list(workload.demand)
    while steps and steps[-1].amount == 0:
        end = min(end, steps.pop().start)
    return Term(workload.demand[0].start, end)
