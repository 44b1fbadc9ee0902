"""When a demand's term runs and what it asks for, after delays, signatures and notices."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

from capalloc.calendar import Period, add_days, add_months
from capalloc.schema.demand import Contract, Demand, Workload, WorkloadStep
from capalloc.schema.event import Delay, Notice, Sign
from capalloc.schema.scenario import Scenario
from capalloc.verify.exact import NOTHING, exact, mw_as_kw


@dataclass(frozen=True, slots=True)
class Step:
    """What is asked for from a day on, in the demand's unit (kW, GPUs or racks)."""

    start: date
    amount: Fraction
    least: Fraction = NOTHING
    """A workload's ``min``; less is penalised."""
    fee_factor: Fraction = Fraction(1)


@dataclass(frozen=True, slots=True)
class Term:
    """The days [start, end) on which a demand may be served, and its steps; empty when end <= start."""

    start: date
    end: date
    steps: tuple[Step, ...]

    def touches(self, period: Period) -> bool:
        """Whether any day of the period lies in the term."""
        return max(self.start, period.start) < min(self.end, period.end)

    def days(self, period: Period) -> int:
        """Days of the period that lie in the term."""
        return max(0, (min(self.end, period.end) - max(self.start, period.start)).days)

    def pieces(self, period: Period) -> Iterator[tuple[Step, date, date]]:
        """Each step in force in the period with its days [start, end) there."""
        borders = [step.start for step in self.steps[1:]] + [self.end]
        for step, border in zip(self.steps, borders, strict=True):
            start = max(step.start, self.start, period.start)
            end = min(border, self.end, period.end)
            if start < end:
                yield step, start, end

    def amount(self, period: Period) -> Fraction:
        """The largest step of any of the period's term days."""
        return max((step.amount for step, _, _ in self.pieces(period)), default=NOTHING)

    def least(self, period: Period) -> Fraction:
        """The largest ``min`` of any of the period's term days."""
        return max((step.least for step, _, _ in self.pieces(period)), default=NOTHING)


def term_of(scenario: Scenario, demand: Demand) -> Term:
    """The term of a workload or contract of the scenario."""
    if isinstance(demand, Workload):
        return _workload(scenario, demand)
    assert isinstance(demand, Contract)
    return _contract(scenario, demand)


def _workload(scenario: Scenario, workload: Workload) -> Term:
    steps = tuple(map(_workload_step, workload.demand))
    end = workload.until or scenario.horizon.end
    for step in reversed(steps):
        if step.amount:
            break
        end = min(end, step.start)
    return Term(steps[0].start, end, steps)


def _workload_step(step: WorkloadStep) -> Step:
    least = exact(step.min) if step.mw is None else mw_as_kw(step.min)
    return Step(step.start, _quantity(step.mw, step.amount), least)


def _quantity(mw: float | None, amount: float) -> Fraction:
    return exact(amount) if mw is None else mw_as_kw(mw)


def _contract(scenario: Scenario, contract: Contract) -> Term:
    steps = tuple(
        Step(step.start, _quantity(step.mw, step.amount), fee_factor=exact(step.fee_factor)) for step in contract.ramp
    )
    steps = _signed(scenario, contract, _delayed(scenario, contract, steps))
    start = steps[0].start
    return Term(start, min(contract.until, _notice_end(scenario, contract, start)), steps)


def _delayed(scenario: Scenario, contract: Contract, steps: tuple[Step, ...]) -> tuple[Step, ...]:
    for event in scenario.events:
        if isinstance(event, Delay) and event.contract == contract.name:
            shift = later(steps[0].start, event) - steps[0].start
            steps = tuple(replace(step, start=step.start + shift) for step in steps)
    return steps


def later(day: date, delay: Delay) -> date:
    """The day after a delay: so many days later, or not before the delay's ``until``."""
    if delay.days is not None:
        return day + timedelta(days=delay.days)
    return day if delay.until is None else max(day, delay.until)


def _signed(scenario: Scenario, contract: Contract, steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """The steps from the signature on; the one in force on that day starts there."""
    for event in scenario.events:
        if isinstance(event, Sign) and event.contract.name == contract.name:
            past = [step for step, after in pairwise(steps) if after.start <= event.on]
            steps = steps[len(past) :]
            steps = (replace(steps[0], start=max(steps[0].start, event.on)), *steps[1:])
    return steps


def _notice_end(scenario: Scenario, contract: Contract, start: date) -> date:
    terms = contract.termination
    initial = add_months(start, terms.initial_term_months)
    notices = (event for event in scenario.events if isinstance(event, Notice) and event.contract == contract.name)
    ends = (add_days(max(event.on, initial), terms.notice_days) for event in notices)
    return min(ends, default=date.max)
