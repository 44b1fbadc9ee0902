"""What a case changes: events, a prospect that is signed, demand and fees that are scaled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from capalloc.analysis.edits import contract_of, demand_of, scaled, signed, with_demand
from capalloc.schema.demand import Fee, Workload
from capalloc.schema.event import Event
from capalloc.schema.scenario import Scenario

OF_CASES = "what-if:"
"""How names of supplies begin that cases bring."""


@dataclass(frozen=True, slots=True)
class SignProspect:
    """A prospect of the scenario is signed: it is a contract from that day on."""

    contract: str
    on: date | None = None
    """None: the day on which its ramp begins."""


@dataclass(frozen=True, slots=True)
class ScaleDemand:
    """A workload wants, and must have, so many times as much, in whole GPUs and racks."""

    workload: str
    factor: float


@dataclass(frozen=True, slots=True)
class ScaleFee:
    """A contract pays so many times as much."""

    contract: str
    factor: float


Change = Event | SignProspect | ScaleDemand | ScaleFee


@dataclass(frozen=True, slots=True)
class Case:
    """One case: what it is called, and what it changes."""

    name: str
    """In the notation that reads it back."""
    changes: tuple[Change, ...]


def changed(scenario: Scenario, changes: Sequence[Change]) -> Scenario:
    """The scenario after some changes, in their order."""
    for change in changes:
        scenario = _after(scenario, change)
    return scenario


def _after(scenario: Scenario, change: Change) -> Scenario:
    match change:
        case SignProspect():
            return signed(scenario, change.contract, change.on)
        case ScaleDemand():
            workload = demand_of(scenario, change.workload)
            assert isinstance(workload, Workload)
            steps = tuple(scaled(step, change.factor) for step in workload.demand)
            return with_demand(scenario, workload.name, demand=steps)
        case ScaleFee():
            fee = contract_of(scenario, change.contract).fee
            return with_demand(scenario, change.contract, fee=_times(fee, change.factor))
        case _:
            return scenario.replace(events=(*scenario.events, change))


def _times(fee: Fee, factor: float) -> Fee:
    given = {key: getattr(fee, key) for key in Fee.model_fields}
    return fee.replace(**{key: None if usd is None else usd * factor for key, usd in given.items()})
