"""Changed copies of a scenario in which a demand must get less, or later."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from capalloc.analysis.edits import contract_of, demand_of, with_demand
from capalloc.analysis.explain.span import Span
from capalloc.instance.timeline import ramp_of
from capalloc.schema.demand import Contract, Demand, RampStep, Workload, WorkloadStep
from capalloc.schema.event import Delay
from capalloc.schema.scenario import Scenario

Step = RampStep | WorkloadStep


def steps_of(scenario: Scenario, demand: Demand) -> tuple[Step, ...]:
    """The steps of a contract's ramp, with its delays, or of a workload's demand."""
    if isinstance(demand, Contract):
        return ramp_of(scenario, demand)
    assert isinstance(demand, Workload)
    return demand.demand


def least(step: Step) -> float:
    """What a step must get, in its own unit."""
    return step.min if isinstance(step, WorkloadStep) else step.amount


def steps_during(steps: Sequence[Step], span: Span) -> list[Step]:
    """The step in force when a span begins, if any, and those that begin inside it."""
    in_force = [step for step in steps if step.start <= span.start][-1:]
    return in_force + [step for step in steps if span.start < step.start < span.end]


def with_ramp(scenario: Scenario, name: str, ramp: Sequence[RampStep]) -> Scenario:
    """The scenario with the steps that a contract really has; its delays, which are in them, are dropped."""
    edited = with_demand(scenario, name, ramp=tuple(ramp))
    events = tuple(event for event in edited.events if not (isinstance(event, Delay) and event.contract == name))
    return edited.replace(events=events)


def capped(scenario: Scenario, name: str, start: date, end: date, most: float) -> Scenario:
    """A demand that must get at most ``most`` (in the unit of its steps) in [start, end).

    A contract's fee per month falls in proportion.
    """
    demand = demand_of(scenario, name)
    steps = [
        _lower(demand, step, most) if start <= step.start < end else step
        for step in _split(steps_of(scenario, demand), (start, end), _until(scenario, demand))
    ]
    if isinstance(demand, Contract):
        return with_ramp(scenario, name, steps)
    return with_demand(scenario, name, demand=tuple(steps))


def _until(scenario: Scenario, demand: Demand) -> date:
    assert isinstance(demand, Contract | Workload)
    return demand.until or scenario.horizon.end


def _split(given: Sequence[Step], days: Sequence[date], until: date) -> list[Any]:
    """The same steps, and one that begins on each of the days inside the term."""
    steps = list(given)
    for day in days:
        before = [step for step in steps if step.start <= day]
        if before and before[-1].start < day < until:
            steps.insert(len(before), before[-1].replace(start=day))
    return steps


def _lower(demand: Demand, step: Any, most: float) -> Any:
    if least(step) <= most:
        return step
    if not isinstance(demand, Contract):
        return step.replace(min=most)
    changes: dict[str, Any] = {step.unit: most if step.unit == "mw" else round(most)}
    if demand.fee.usd_per_month is not None:
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
