"""One sample: a scenario in which everything that is not sure has come out somehow."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from capalloc.analysis.edits import contract_of, demand_of, scaled, signed, with_demand
from capalloc.analysis.sampling.distributions import count_at, months_until, value_at
from capalloc.analysis.sampling.hypercube import levels
from capalloc.calendar import add_months, next_month
from capalloc.errors import Problem, ScenarioError
from capalloc.schema.checks.asked import seed_faults
from capalloc.schema.checks.fault import Fault, refuse
from capalloc.schema.checks.references import faults
from capalloc.schema.demand import Demand, Workload, WorkloadStep
from capalloc.schema.event import Delay, Event, Notice
from capalloc.schema.scenario import Scenario
from capalloc.schema.uncertainty import DemandDoubt, Failures, NoticeChance, Slip, Uncertainty

_YEAR = 365.25
_MOST_DAYS = 36_525
_DIGITS = 9
"""Of shares and factors: what lies beyond is below a rack of any site."""
Level = Callable[[str], float]
"""The quantile level of what has a name."""


def sample(scenario: Scenario, number: int, *, seed: int | None = None) -> Scenario:
    """The sample of that number, from 1 to ``uncertainty.samples``: an ordinary scenario, in which nothing is unsure.

    The seed is that of ``uncertainty`` unless it is given; the same scenario, number and seed give the same sample.
    Raises ScenarioError where the scenario is at fault, nothing in it is unsure, or there is no such sample.
    """
    refuse((*faults(scenario), *(() if seed is None else seed_faults(seed))))
    doubts = scenario.uncertainty
    if doubts is None:
        message = "is missing: nothing in this scenario is unsure, so that all samples would be the scenario itself"
        raise ScenarioError([Problem("", 0, "uncertainty", message)])
    refuse(_number_faults(number, doubts.samples))
    chosen = doubts.seed if seed is None else int(seed)
    sure = scenario.replace(uncertainty=None, name=f"{scenario.name}, sample {number}")
    return _Sample(doubts, lambda name: float(levels(name, doubts.samples, chosen)[number - 1])).of(sure)


def _number_faults(number: object, samples: int) -> Iterator[Fault]:
    if not isinstance(number, int) or isinstance(number, bool) or not 1 <= number <= samples:
        message = f"found {number!r}, expected a sample from 1 to {samples:,} (uncertainty.samples)"
        yield Fault(("sample",), message)


@dataclass(frozen=True, slots=True)
class _Sample:
    """What is unsure, and how it comes out."""

    doubts: Uncertainty
    level: Level

    def of(self, scenario: Scenario) -> Scenario:
        """The scenario as it comes out."""
        if self.doubts.prospects:
            scenario = self._prospects(scenario)
        events = (*scenario.events, *self._delays(scenario), *self._notices(scenario))
        scenario = scenario.replace(events=events)
        for doubt in self.doubts.demand:
            scenario = self._demand(scenario, doubt)
        for failing in self.doubts.failures:
            scenario = self._failures(scenario, failing)
        return scenario

    def _prospects(self, scenario: Scenario) -> Scenario:
        for contract in scenario.contracts:
            if contract.probability < 1 and self.level(f"prospect {contract.name}") < contract.probability:
                scenario = signed(scenario, contract.name)
        return scenario

    def _delays(self, scenario: Scenario) -> Iterator[Event]:
        for slip in self.doubts.supplies:
            kind, name = slip.subject
            days = self._late(slip)
            if days is None:
                yield Delay.model_validate({"type": "delay", kind: name, "until": scenario.horizon.end})
            elif days:
                yield Delay.model_validate({"type": "delay", kind: name, "days": days})

    def _late(self, slip: Slip) -> int | None:
        """Whole days that it comes later; None: it does not come."""
        level = self.level(" ".join(slip.subject) if slip.cause is None else f"cause {slip.cause}")
        comes = 1 - slip.never
        if level >= comes:
            return None
        return _whole_days(value_at(slip.delay_days, level / comes))

    def _notices(self, scenario: Scenario) -> Iterator[Event]:
        prospects = {contract.name for contract in scenario.contracts if contract.probability < 1}
        for chance in self.doubts.notices:
            on = self._given(chance, scenario)
            if on is not None and chance.contract not in prospects:
                yield Notice(type="notice", contract=chance.contract, by=chance.by, on=on)

    def _given(self, chance: NoticeChance, scenario: Scenario) -> date | None:
        """The day of notice, where it comes within horizon and contract."""
        start = max(chance.start or date.min, scenario.horizon.start)
        end = min(scenario.horizon.end, contract_of(scenario, chance.contract).until)
        months = months_until(chance.monthly, self.level(f"notice {chance.contract}"))
        if start >= end or months > 12 * (end.year - start.year + 1):
            return None
        on = add_months(start, int(months))
        return on if on < end else None

    def _demand(self, scenario: Scenario, doubt: DemandDoubt) -> Scenario:
        workload = demand_of(scenario, doubt.workload)
        assert isinstance(workload, Workload)
        factor = drift = None
        if doubt.factor is not None:
            factor = max(0.0, value_at(doubt.factor, self.level(f"factor {workload.name}")))
        if doubt.yearly_drift is not None:
            drift = max(-1.0, value_at(doubt.yearly_drift, self.level(f"drift {workload.name}")))
        steps = _drifted(workload, 1.0 if factor is None else factor, drift, scenario)
        return with_demand(scenario, workload.name, demand=tuple(steps))

    def _failures(self, scenario: Scenario, failing: Failures) -> Scenario:
        racks = sum(
            rack.rack_type == failing.rack_type and rack.status != "retired" for rack in scenario.facility.racks
        )
        days = (scenario.horizon.end - scenario.horizon.start).days
        mean = failing.yearly * racks * days / _YEAR
        failed = count_at(mean, self.level(f"failures {failing.rack_type}"))
        share = round(min(1.0, failed * failing.repair_days / (racks * days)), _DIGITS)
        for demand in _accepting(scenario, failing.rack_type):
            if demand.buffer_share < share:
                scenario = with_demand(scenario, demand.name, buffer_share=share)
        return scenario


def _whole_days(days: float) -> int:
    return min(_MOST_DAYS, max(0, int(days + 0.5)))


def _accepting(scenario: Scenario, rack_type: str) -> Iterator[Demand]:
    for _, demand in scenario.located_demands():
        if rack_type in demand.rack_types:
            yield demand


def _drifted(workload: Workload, factor: float, drift: float | None, scenario: Scenario) -> Iterator[WorkloadStep]:
    """The workload's steps after factor and drift; with a drift, a step a month beside its own."""
    own = {step.start: step for step in workload.demand}
    months = set() if drift is None else set(_months(workload, scenario))
    now = workload.demand[0]
    for day in sorted(own.keys() | months):
        now = own.get(day, now)
        years = max(0, (day - scenario.horizon.start).days) / _YEAR
        yield scaled(now.replace(start=day), round(factor * (1 + (drift or 0.0)) ** years, _DIGITS))


def _months(workload: Workload, scenario: Scenario) -> Iterator[date]:
    """The first days of months after the workload's and the horizon's first day and before their last."""
    day = next_month(max(workload.demand[0].start, scenario.horizon.start))
    while day < min(workload.until or scenario.horizon.end, scenario.horizon.end):
        yield day
        day = next_month(day)
