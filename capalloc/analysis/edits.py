"""Changed copies of a scenario: one node, supply, zone, demand or event replaced, the rest shared."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Literal, TypeVar

from capalloc.schema.demand import Contract, Demand, WorkloadStep
from capalloc.schema.event import Event, NewSupply, Sign
from capalloc.schema.facility import PowerNode, Supply, TableRow
from capalloc.schema.scenario import Scenario

Edit = Callable[[Scenario], Scenario]
_MILLIONTHS = 6
"""Digits of what planners count in (:mod:`capalloc.instance.resolution`)."""
_Row = TypeVar("_Row", bound=TableRow)


def with_policy(scenario: Scenario, **changes: Any) -> Scenario:
    """The scenario with other values of its policy."""
    return scenario.replace(policy=scenario.policy.replace(**changes))


def ending(scenario: Scenario, day: date) -> Scenario:
    """The scenario in which nothing is planned from a day on."""
    return scenario.replace(horizon=scenario.horizon.replace(end=day))


def forbidding(scenario: Scenario) -> Scenario:
    """The scenario in which every commitment and every minimum must be met, whatever the demands say themselves."""
    return _with_shortfall(scenario, "forbid")


def pricing(scenario: Scenario) -> Scenario:
    """The scenario in which every shortfall has its price, whatever the demands say themselves."""
    return _with_shortfall(scenario, "price")


def _with_shortfall(scenario: Scenario, shortfall: Literal["forbid", "price"]) -> Scenario:
    for demand in (*scenario.workloads, *scenario.all_contracts):
        if demand.commitment is not None:
            scenario = with_demand(scenario, demand.name, commitment=None)
    return with_policy(scenario, shortfall=shortfall)


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


def node_of(scenario: Scenario, name: str) -> PowerNode:
    """The power node of that name."""
    return next(node for node in scenario.facility.power if node.name == name)


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


def signed(scenario: Scenario, name: str, on: date | None = None) -> Scenario:
    """The scenario in which a prospect is signed: on that day, or on the day on which its ramp begins."""
    prospect = contract_of(scenario, name)
    event = Sign(type="sign", contract=prospect, on=on or prospect.ramp[0].start)
    others = tuple(contract for contract in scenario.contracts if contract.name != name)
    return scenario.replace(contracts=others, events=(*scenario.events, event))


def scaled(step: WorkloadStep, factor: float) -> WorkloadStep:
    """So many times as much: what it can use in whole GPUs, racks or watts, what it must have in millionths."""
    amount = round(step.amount * factor, _MILLIONTHS if step.unit == "mw" else None)
    return step.replace(**{step.unit: amount}, min=min(round(step.min * factor, _MILLIONTHS), amount))
