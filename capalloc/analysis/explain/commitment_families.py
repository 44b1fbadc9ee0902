"""Repairs of a contract: less, later, or ended by notice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction
from math import ceil

import numpy as np

from capalloc.analysis.explain.edits import (
    capped,
    contract_of,
    postponed,
    signing,
    with_event,
)
from capalloc.analysis.explain.family import CONSENT, Family
from capalloc.analysis.explain.problem import Problem
from capalloc.analysis.explain.requirement import Kind, power
from capalloc.analysis.explain.span import Span
from capalloc.calendar import format_day
from capalloc.instance.model import Bools, DemandData, Instance
from capalloc.instance.timeline import ramp_of, term_of
from capalloc.schema.demand import Contract
from capalloc.schema.event import Notice
from capalloc.schema.scenario import Scenario
from capalloc.units import KW_PER_MW, W_PER_KW


def commitment_families(problem: Problem, name: str, span: Span, others: bool) -> Iterator[Family]:
    """Less, later, or ended by notice where ``others`` conflict with it too."""
    scenario = problem.scenario
    contract = contract_of(scenario, name)
    yield _smaller(scenario, contract, span)
    signed = signing(scenario, name)
    steps = [step.start for step in ramp_of(scenario, contract) if span.start <= step.start < span.end]
    if signed is not None and signed[1].on in steps:
        yield from _signed_later(problem, name, signed[1].on)
    elif steps:
        yield from _later_step(problem, contract, steps[0])
    if others and contract.termination.by in ("either", "provider"):
        yield from _notice(problem, contract)


def _smaller(scenario: Scenario, contract: Contract, span: Span) -> Family:
    """A lower commitment in the months of the conflict, by whole kW or GPUs."""
    ramp = ramp_of(scenario, contract)
    in_force = [step for step in ramp if step.start <= span.start][-1:]
    steps = in_force + [step for step in ramp if span.start < step.start < span.end]
    most = max((step.amount for step in steps), default=0.0)
    gpus = ramp[0].unit == "gpus"
    whole = most if gpus else most * KW_PER_MW

    def left(by: int) -> float:
        return max(round(whole - by, 6), 0.0)

    def apply(changed: Scenario, by: int) -> Scenario:
        return capped(changed, contract.name, span.start, span.end, left(by) / (1 if gpus else KW_PER_MW))

    def quick(instance: Instance, by: int) -> Instance:
        cap = Fraction(str(left(by))) * (1 if gpus else W_PER_KW)
        touched = np.array([p.touches(span.start, span.end) for p in instance.periods])
        return _capped(instance, contract.name, cap, touched)

    def amount(whole: float) -> str:
        return f"{whole:,.0f} GPUs" if gpus else power(whole)

    return Family(
        Kind.COMMITMENT,
        contract.name,
        int(np.ceil(whole)),
        apply,
        lambda by: f"{contract.name}: {amount(left(by))} in place of {amount(whole)} {span.says}",
        CONSENT,
        amount_kw=None if gpus else lambda by: whole - left(by),
        quick=quick,
    )


def _capped(instance: Instance, name: str, cap: Fraction, touched: Bools) -> Instance:
    """Commitments in the periods touched no larger than ``cap`` W or GPUs."""

    def new(data: DemandData) -> DemandData:
        most = ceil(cap * data.parts)
        committed = np.where(touched, np.minimum(data.committed, most), data.committed)
        return replace(data, committed=committed) if data.name == name else data

    return replace(instance, demands=tuple(map(new, instance.demands)))


def _days_after(problem: Problem, day: date, end: date) -> list[date]:
    return [period.start for period in problem.base.periods if day < period.start < end]


def _later_step(problem: Problem, contract: Contract, first: date) -> Iterator[Family]:
    ramp = ramp_of(problem.scenario, contract)
    end = term_of(problem.scenario, contract, {contract.name: ramp}).end
    days = _days_after(problem, first, end)
    step = next(step for step in ramp if step.start == first)
    amount = f"{step.amount:,} GPUs" if step.unit == "gpus" else power(step.amount * KW_PER_MW)
    if days:
        yield Family(
            Kind.COMMITMENT,
            contract.name,
            len(days),
            lambda s, n: postponed(s, contract.name, first, days[n - 1]),
            lambda n: f"{contract.name}: step to {amount} on {format_day(days[n - 1])} in place of {format_day(first)}",
            CONSENT,
        )


def _signed_later(problem: Problem, name: str, on: date) -> Iterator[Family]:
    days = _days_after(problem, on, contract_of(problem.scenario, name).until)

    def apply(scenario: Scenario, n: int) -> Scenario:
        found = signing(scenario, name)
        assert found is not None
        index, event = found
        return with_event(scenario, index, event.replace(on=days[n - 1]))

    if days:
        says = f"{name}: signed on {{}} in place of {format_day(on)}"
        yield Family(Kind.COMMITMENT, name, len(days), apply, lambda n: says.format(format_day(days[n - 1])), CONSENT)


def _notice(problem: Problem, contract: Contract) -> Iterator[Family]:
    """Notice by the provider, the later the better; none where notice was given already."""
    events = problem.scenario.events
    if any(isinstance(event, Notice) and event.contract == contract.name for event in events):
        return
    days = [period.start for period in reversed(problem.base.periods)]

    def apply(scenario: Scenario, n: int) -> Scenario:
        notice = Notice(type="notice", contract=contract.name, by="provider", on=days[n - 1])
        return scenario.replace(events=(*scenario.events, notice))

    says = f"{contract.name}: notice given on {{}}"
    yield Family(Kind.COMMITMENT, contract.name, len(days), apply, lambda n: says.format(format_day(days[n - 1])))
