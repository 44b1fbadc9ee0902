"""Changed copies of a scenario in which a contract commits less, or later."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from capalloc.analysis.explain.edits import contract_of, with_demand
from capalloc.analysis.explain.requirement import Commitment
from capalloc.analysis.explain.span import Span
from capalloc.calendar import Period
from capalloc.instance.timeline import ramp_of
from capalloc.schema.demand import Contract, RampStep
from capalloc.schema.event import Delay
from capalloc.schema.scenario import Scenario
from capalloc.units import KW_PER_MW


def steps_during(ramp: Sequence[RampStep], span: Span) -> list[RampStep]:
    """The step in force when a span begins, if any, and those that begin inside it."""
    in_force = [step for step in ramp if step.start <= span.start][-1:]
    return in_force + [step for step in ramp if span.start < step.start < span.end]


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


def set_aside(scenario: Scenario, aside: frozenset[Commitment], periods: Sequence[Period]) -> Scenario:
    """The scenario without some commitments; what pins deliver of them may be delivered still."""
    for one in sorted(aside):
        contract = contract_of(scenario, one.contract)
        if scenario.pins or scenario.policy.freeze_until:
            most = sum(kind.nameplate_kw for kind in scenario.facility.rack_types) * len(scenario.facility.racks)
            flexible = max(contract.flexible_mw, most * scenario.facility.pue / KW_PER_MW)
            scenario = with_demand(scenario, one.contract, flexible_mw=flexible)
        scenario = capped(scenario, one.contract, periods[one.first].start, periods[one.end - 1].end, 0.0)
    return scenario
