"""Commitments: what contracts commit, window by window; repairs are less, later, or an end by notice."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction
from math import ceil

import numpy as np

from capalloc.analysis.explain.edits import contract_of, signing, with_event
from capalloc.analysis.explain.family import CONSENT, Family
from capalloc.analysis.explain.ramps import capped, postponed, steps_during
from capalloc.analysis.explain.requirement import Commitment, Kind
from capalloc.analysis.explain.span import Span, starts_between, touched
from capalloc.analysis.explain.words import power
from capalloc.calendar import format_day
from capalloc.instance.model import Bools, DemandData, Instance
from capalloc.instance.timeline import ramp_of, term_of
from capalloc.reduction.windows import window_starts
from capalloc.schema.demand import Contract
from capalloc.schema.event import Notice
from capalloc.schema.scenario import Scenario
from capalloc.units import KW_PER_MW, W_PER_KW


def commitments(instance: Instance) -> Iterator[Commitment]:
    """What each contract commits in each window of equal periods, window by window; nothing where it is 0."""
    starts = window_starts(instance)
    ends = np.append(starts[1:], len(instance.periods))
    for first, end in zip(starts.tolist(), ends.tolist(), strict=True):
        for data in instance.demands:
            if isinstance(data.demand, Contract) and data.committed[first] > 0:
                yield Commitment(first, end, data.name)


def committed_only(instance: Instance, kept: Collection[Commitment]) -> Instance:
    """The instance in which contracts commit nothing but what is kept, and no minimum has to be met."""

    def new(data: DemandData) -> DemandData:
        if not isinstance(data.demand, Contract):
            return replace(data, must=np.zeros_like(data.must))
        mask = np.zeros(len(instance.periods), dtype=bool)
        for one in kept:
            mask[one.first : one.end] |= one.contract == data.name
        return data.committing(np.where(mask, data.committed, 0))

    return replace(instance, demands=tuple(map(new, instance.demands)))


def families(base: Instance, name: str, span: Span, others: bool) -> Iterator[Family]:
    """Repairs of a contract in a span: less, later, or ended by notice where ``others`` conflict with it too."""
    scenario = base.scenario
    contract = contract_of(scenario, name)
    yield _smaller(scenario, contract, span)
    signed = signing(scenario, name)
    steps = [step.start for step in ramp_of(scenario, contract) if span.start <= step.start < span.end]
    if signed is not None and signed[1].on in steps:
        yield from _signed_later(base, name, signed[1].on)
    elif steps:
        yield from _later_step(base, contract, steps[0])
    if others and contract.termination.by in ("either", "provider"):
        yield from _notice(base, contract)


def _smaller(scenario: Scenario, contract: Contract, span: Span) -> Family:
    """A lower commitment in the months of the conflict, by whole kW or GPUs."""
    ramp = ramp_of(scenario, contract)
    most = max((step.amount for step in steps_during(ramp, span)), default=0.0)
    gpus = ramp[0].unit == "gpus"
    whole = most if gpus else most * KW_PER_MW

    def left(by: int) -> float:
        return max(round(whole - by, 6), 0.0)

    def apply(changed: Scenario, by: int) -> Scenario:
        return capped(changed, contract.name, span.start, span.end, left(by) / (1 if gpus else KW_PER_MW))

    def quick(instance: Instance, by: int) -> Instance:
        cap = Fraction(str(left(by))) * (1 if gpus else W_PER_KW)
        return _capped(instance, contract.name, cap, touched(instance, span))

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


def _capped(instance: Instance, name: str, cap: Fraction, then: Bools) -> Instance:
    """Commitments no larger than ``cap`` W or GPUs in some periods, (T,)."""

    def new(data: DemandData) -> DemandData:
        most = ceil(cap * data.parts)
        committed = np.where(then, np.minimum(data.committed, most), data.committed)
        return data.committing(committed) if data.name == name else data

    return replace(instance, demands=tuple(map(new, instance.demands)))


def _later_step(base: Instance, contract: Contract, first: date) -> Iterator[Family]:
    """The step of day ``first`` on the first day of a later period."""
    ramp = ramp_of(base.scenario, contract)
    end = term_of(base.scenario, contract, {contract.name: ramp}).end
    days = starts_between(base, first, end)
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


def _signed_later(base: Instance, name: str, on: date) -> Iterator[Family]:
    """The contract signed on the first day of a later period."""
    days = starts_between(base, on, contract_of(base.scenario, name).until)

    def apply(scenario: Scenario, n: int) -> Scenario:
        found = signing(scenario, name)
        assert found is not None
        index, event = found
        return with_event(scenario, index, event.replace(on=days[n - 1]))

    if days:
        says = f"{name}: signed on {{}} in place of {format_day(on)}"
        yield Family(Kind.COMMITMENT, name, len(days), apply, lambda n: says.format(format_day(days[n - 1])), CONSENT)


def _notice(base: Instance, contract: Contract) -> Iterator[Family]:
    """Notice by the provider, the later the better; none where notice was given already."""
    events = base.scenario.events
    if any(isinstance(event, Notice) and event.contract == contract.name for event in events):
        return
    days = [period.start for period in reversed(base.periods)]

    def apply(scenario: Scenario, n: int) -> Scenario:
        notice = Notice(type="notice", contract=contract.name, by="provider", on=days[n - 1])
        return scenario.replace(events=(*scenario.events, notice))

    says = f"{contract.name}: notice given on {{}}"
    yield Family(Kind.COMMITMENT, contract.name, len(days), apply, lambda n: says.format(format_day(days[n - 1])))
