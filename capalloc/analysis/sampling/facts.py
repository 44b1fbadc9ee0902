"""What was not sure, once it has come out: each thing a fact, that changes a scenario and is known from some day on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from capalloc.analysis.edits import contract_of, demand_of, scaled, signed, with_demand
from capalloc.calendar import next_month
from capalloc.instance.timeline import node_starts, rack_start, supplies_in_force
from capalloc.schema.demand import Demand, Workload, WorkloadStep
from capalloc.schema.event import Delay, Notice
from capalloc.schema.scenario import Scenario

YEAR_DAYS = 365.25
_DIGITS = 9
"""Of shares and factors: what lies beyond is below a rack of any site."""


@dataclass(frozen=True, slots=True)
class Signing:
    """A prospect is signed, or is not."""

    contract: str
    signs: bool

    def applied(self, scenario: Scenario, since: date) -> Scenario:
        """The scenario in which it is."""
        return signed(scenario, self.contract) if self.signs else scenario

    def known(self, scenario: Scenario) -> date:
        """The first day of its ramp."""
        return contract_of(scenario, self.contract).ramp[0].start

    def says(self) -> str:
        """It in words."""
        return f"{self.contract} {'signs' if self.signs else 'does not sign'}"


@dataclass(frozen=True, slots=True)
class Late:
    """A supply, a power node or the racks of a type come later."""

    kind: str
    name: str
    days: int | None
    """None: not within the horizon."""
    announced_days: int = 0

    def applied(self, scenario: Scenario, since: date) -> Scenario:
        """The scenario with the delay."""
        length = {"until": scenario.horizon.end} if self.days is None else {"days": self.days}
        delay = Delay.model_validate({"type": "delay", self.kind: self.name, **length})
        return scenario.replace(events=(*scenario.events, delay))

    def known(self, scenario: Scenario) -> date:
        """So many days as it is announced before the day on which it should have come."""
        days = [day for day in _starts(scenario, self.kind, self.name) if day is not None]
        return min(days, default=scenario.horizon.start) - timedelta(days=self.announced_days)

    def in_whole_periods(self, scenario: Scenario) -> Late:
        """The same delay, to the first day of the period from which on it acts: what comes midway acts in the next.

        Where not all of it has one date, as it is.
        """
        days = {day for day in _starts(scenario, self.kind, self.name) if day is not None}
        if self.days is None or len(days) != 1:
            return self
        (day,) = days
        acts = next((p.start for p in scenario.horizon.periods if p.start >= day + timedelta(days=self.days)), None)
        return replace(self, days=None if acts is None else (acts - day).days)

    def comes(self, scenario: Scenario) -> date | None:
        """The first day on which any of it is there; None: not within the horizon."""
        days = [day for day in _starts(scenario, self.kind, self.name) if day is not None]
        return None if self.days is None or not days else min(days) + timedelta(days=self.days)

    def says(self) -> str:
        """It in words."""
        return f"{self.name} {'does not come in time' if self.days is None else 'comes late'}"


@dataclass(frozen=True, slots=True)
class Given:
    """Notice on a contract."""

    notice: Notice

    def applied(self, scenario: Scenario, since: date) -> Scenario:
        """The scenario with the notice."""
        return scenario.replace(events=(*scenario.events, self.notice))

    def known(self, scenario: Scenario) -> date:
        """The day of the notice; of a prospect, not before it is signed."""
        contract = contract_of(scenario, self.notice.contract)
        return max(self.notice.on, contract.ramp[0].start) if contract.probability < 1 else self.notice.on

    def says(self) -> str:
        """It in words."""
        return f"notice on {self.notice.contract}"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A workload wants so many times as much."""

    workload: str
    factor: float
    yearly_drift: float | None

    def applied(self, scenario: Scenario, since: date) -> Scenario:
        """The scenario with other steps from the day ``since`` on."""
        workload = demand_of(scenario, self.workload)
        assert isinstance(workload, Workload)
        return with_demand(scenario, workload.name, demand=tuple(self._steps(workload, scenario, since)))

    def known(self, scenario: Scenario) -> date:
        """The horizon's first day: it shows in what is wanted."""
        return scenario.horizon.start

    def says(self) -> str:
        """It in words."""
        return f"{self.workload} wants {'more' if self.factor > 1 else 'less'}"

    def _steps(self, workload: Workload, scenario: Scenario, since: date) -> Iterator[WorkloadStep]:
        """The workload's steps after factor and drift; with a drift, a step a month beside its own."""
        own = {step.start: step for step in workload.demand}
        days = own.keys() | (set() if self.yearly_drift is None else set(_months(workload, scenario)))
        now = workload.demand[0]
        for day in sorted(days | ({since} if now.start < since < scenario.horizon.end else set())):
            now = own.get(day, now)
            if day >= since:
                yield scaled(now.replace(start=day), self._times(day, scenario))
            elif day in own:
                yield now

    def _times(self, day: date, scenario: Scenario) -> float:
        years = max(0, (day - scenario.horizon.start).days) / YEAR_DAYS
        grown: float = (1 + (self.yearly_drift or 0.0)) ** years
        return round(self.factor * grown, _DIGITS)


@dataclass(frozen=True, slots=True)
class Failed:
    """A share of the racks of a type is in repair; demands that accept the type hold as many spares."""

    rack_type: str
    share: float
    typical: float
    """The mean share."""

    def applied(self, scenario: Scenario, since: date) -> Scenario:
        """The scenario with buffers of at least that share."""
        for demand in _accepting(scenario, self.rack_type):
            if demand.buffer_share < self.share:
                scenario = with_demand(scenario, demand.name, buffer_share=self.share)
        return scenario

    def known(self, scenario: Scenario) -> date:
        """The horizon's first day."""
        return scenario.horizon.start

    def says(self) -> str:
        """It in words."""
        return f"{'more' if self.share > self.typical else 'no more'} {self.rack_type} fail than on average"


Fact = Signing | Late | Given | Wanted | Failed
"""One thing that was not sure, as it comes out."""


def after(scenario: Scenario, facts: Iterable[Fact], since: date = date.min) -> Scenario:
    """The scenario with some facts, in their order; what is wanted is other from the day ``since`` on."""
    for fact in facts:
        scenario = fact.applied(scenario, since)
    return scenario


def _starts(scenario: Scenario, kind: str, name: str) -> Iterator[date | None]:
    """The days on which a supply, a power node or the racks of a type come as the scenario has it."""
    if kind == "supply":
        yield from (supply.start for supply in supplies_in_force(scenario) if supply.name == name)
    elif kind == "node":
        own = next(node.available_from for node in scenario.facility.power if node.name == name)
        yield node_starts(scenario).get(name, own)
    else:
        racks = (rack for rack in scenario.facility.racks if rack.rack_type == name and rack.status == "planned")
        yield from (rack_start(scenario, rack) for rack in racks)


def _accepting(scenario: Scenario, rack_type: str) -> Iterator[Demand]:
    for _, demand in scenario.located_demands():
        if rack_type in demand.rack_types:
            yield demand


def _months(workload: Workload, scenario: Scenario) -> Iterator[date]:
    """The first days of months after the workload's and the horizon's first day and before their last."""
    day = next_month(max(workload.demand[0].start, scenario.horizon.start))
    while day < min(workload.until or scenario.horizon.end, scenario.horizon.end):
        yield day
        day = next_month(day)
