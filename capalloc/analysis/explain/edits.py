"""Changed copies of a scenario: one node, supply, zone, demand or event replaced, the rest shared."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, TypeVar

from capalloc.instance.timeline import ramp_of
from capalloc.schema.demand import Contract, Demand, RampStep
from capalloc.schema.event import Delay, Event, NewSupply, Sign
from capalloc.schema.facility import Supply, TableRow
from capalloc.schema.scenario import Scenario

Edit = Callable[[Scenario], Scenario]
_Row = TypeVar("_Row", bound=TableRow)


def with_policy(scenario: Scenario, **changes: Any) -> Scenario:
    """The scenario with other values of its policy."""
    return scenario.replace(policy=scenario.policy.replace(**changes))


def with_bring_up(scenario: Scenario, **changes: Any) -> Scenario:
    """The scenario with other commissioning limits."""
    return with_policy(scenario, bring_up=scenario.policy.bring_up.replace(**changes))


def with_site(scenario: Scenario, **changes: Any) -> Scenario:
    """The scenario with other tables of its facility."""
    return scenario.replace(facility=scenario.facility.replace(**changes))


def _changed(rows: Sequence[_Row], name: str, changes: dict[str, Any]) -> tuple[_Row, ...]:
    return tuple(row.replace(**changes) if row.name == name else row for row in rows)


def with_node(scenario: Scenario, name: str, **changes: Any) -> Scenario:
    """The scenario with one power node changed."""
    return with_site(scenario, power=_changed(scenario.facility.power, name, changes))


def with_zone(scenario: Scenario, name: str, **changes: Any) -> Scenario:
    """The scenario with one cooling zone changed."""
    return with_site(scenario, cooling=_changed(scenario.facility.cooling, name, changes))


def with_supply(scenario: Scenario, name: str, **changes: Any) -> Scenario:
    """The scenario with one supply changed, of the facility or of an event."""
    edited = with_site(scenario, supplies=_changed(scenario.facility.supplies, name, changes))
    events = tuple(
        event.replace(**changes) if isinstance(event, NewSupply) and event.name == name else event
        for event in scenario.events
    )
    return edited.replace(events=events)


def all_supplies(scenario: Scenario) -> tuple[Supply | NewSupply, ...]:
    """Supplies of the facility and of events."""
    return (*scenario.facility.supplies, *(event for event in scenario.events if isinstance(event, NewSupply)))


def with_event(scenario: Scenario, index: int, *instead: Event) -> Scenario:
    """The scenario with one event replaced, or dropped where nothing stands in its place."""
    return scenario.replace(events=(*scenario.events[:index], *instead, *scenario.events[index + 1 :]))


def without_event(scenario: Scenario, event: Event) -> Scenario:
    """The scenario without an event; as it is where the event is not there."""
    return scenario.replace(events=tuple(one for one in scenario.events if one != event))


def with_demand(scenario: Scenario, name: str, **changes: Any) -> Scenario:
    """The scenario with one workload or contract changed, those that events sign included."""

    def new(demand: Any) -> Any:
        return demand.replace(**changes) if demand.name == name else demand

    events = tuple(
        event.replace(contract=new(event.contract)) if isinstance(event, Sign) else event for event in scenario.events
    )
    workloads = tuple(new(workload) for workload in scenario.workloads)
    contracts = tuple(new(contract) for contract in scenario.contracts)
    return scenario.replace(workloads=workloads, contracts=contracts, events=events)


def demand_of(scenario: Scenario, name: str) -> Demand:
    """The workload or contract of that name."""
    return next(demand for demand in (*scenario.workloads, *scenario.all_contracts) if demand.name == name)


def contract_of(scenario: Scenario, name: str) -> Contract:
    """The contract of that name."""
    return next(contract for contract in scenario.all_contracts if contract.name == name)


def signing(scenario: Scenario, name: str) -> tuple[int, Sign] | None:
    """The event that signs a contract, with its index."""
    for index, event in enumerate(scenario.events):
        if isinstance(event, Sign) and event.contract.name == name:
            return index, event
    return None


def with_ramp(scenario: Scenario, name: str, ramp: Sequence[RampStep]) -> Scenario:
    """The scenario with the steps that a contract really has; its delays, which are in them, are dropped."""
    edited = with_demand(scenario, name, ramp=tuple(ramp))
    events = tuple(event for event in edited.events if not (isinstance(event, Delay) and event.contract == name))
    return edited.replace(events=events)


def capped(scenario: Scenario, name: str, start: date, end: date, most: float) -> Scenario:
    """A contract that commits at most ``most`` (MW or GPUs, as its steps) in [start, end).

    A fee per month falls in proportion.
    """
    contract = contract_of(scenario, name)
    ramp = ramp_of(scenario, contract)
    return with_ramp(
        scenario,
        name,
        [
            _lower(contract, s, most) if start <= s.start < end else s
            for s in _split(ramp, (start, end), contract.until)
        ],
    )


def _split(ramp: Sequence[RampStep], days: Sequence[date], until: date) -> list[RampStep]:
    """The same ramp with a step that begins on each of the days inside its term."""
    steps = list(ramp)
    for day in days:
        before = [step for step in steps if step.start <= day]
        if before and before[-1].start < day < until:
            steps.insert(len(before), before[-1].replace(start=day))
    return steps


def _lower(contract: Contract, step: RampStep, most: float) -> RampStep:
    if step.amount <= most:
        return step
    changes: dict[str, Any] = {step.unit: most if step.unit == "mw" else round(most)}
    if contract.fee.usd_per_month is not None:
        changes["fee_factor"] = step.fee_factor * most / step.amount
    return step.replace(**changes)


def postponed(scenario: Scenario, name: str, first: date, until: date) -> Scenario:
    """A contract whose step of day ``first`` comes on day ``until``; what was in force before it stays so long.

    A fee per month is meanwhile in proportion to the smaller commitment, unless it was lower already.
    """
    contract = contract_of(scenario, name)
    ramp = ramp_of(scenario, contract)
    before, held = [s for s in ramp if s.start < first], [s for s in ramp if first <= s.start <= until]
    comes = held[-1].replace(start=until)
    meanwhile = [_held_back(contract, before[-1], step) for step in held if before and step.start < until]
    later = [s for s in ramp if s.start > until]
    return with_ramp(scenario, name, (*before, *_distinct(meanwhile), comes, *later))


def _held_back(contract: Contract, before: RampStep, step: RampStep) -> RampStep:
    """What stays in force while a step waits."""
    factor = before.fee_factor
    if contract.fee.usd_per_month is not None and step.amount > 0:
        factor = min(factor, step.fee_factor * before.amount / step.amount)
    return before.replace(start=step.start, fee_factor=factor)


def _distinct(steps: Sequence[RampStep]) -> list[RampStep]:
    return [step for i, step in enumerate(steps) if i == 0 or step.fee_factor != steps[i - 1].fee_factor]
