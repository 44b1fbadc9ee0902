"""Commitments and minima, window by window; repairs are less, and for contracts later, or an end by notice."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from math import ceil

import numpy as np

from capalloc.analysis.edits import contract_of, demand_of, signing, with_event
from capalloc.analysis.explain.family import CONSENT, OPERATION, Family
from capalloc.analysis.explain.ramps import capped, least, postponed, steps_during, steps_of
from capalloc.analysis.explain.requirement import Commitment, Kind
from capalloc.analysis.explain.span import Span, starts_between, touched
from capalloc.analysis.explain.words import amount
from capalloc.calendar import format_day
from capalloc.instance.model import Bools, DemandData, Instance
from capalloc.instance.timeline import ramp_of, term_of
from capalloc.reduction.windows import window_starts
from capalloc.schema.demand import Contract, Demand
from capalloc.schema.event import Notice
from capalloc.schema.scenario import Scenario
from capalloc.units import KW_PER_MW, W_PER_KW

_STEPS_SHOWN = 2
"""Steps that a repair lowers are each named up to so many."""


def commitments(instance: Instance) -> Iterator[Commitment]:
    """What each demand must get in each window of equal periods, window by window; nothing where it is 0."""
    starts = window_starts(instance)
    ends = np.append(starts[1:], len(instance.periods))
    for first, end in zip(starts.tolist(), ends.tolist(), strict=True):
        for data in instance.demands:
            if data.must[first] > 0:
                yield Commitment(first, end, data.name)


def committed_only(instance: Instance, kept: Collection[Commitment]) -> Instance:
    """The instance in which nothing has to be met but what is kept."""

    def new(data: DemandData) -> DemandData:
        return replace(data, must=np.where(_when(instance, data, kept), data.must, 0))

    return replace(instance, demands=tuple(map(new, instance.demands)))


def set_aside(instance: Instance, aside: Collection[Commitment]) -> Instance:
    """The instance in which some commitments, as they were before it was changed, need not be met."""

    def new(data: DemandData) -> DemandData:
        return replace(data, must=np.where(_when(instance, data, aside), 0, data.must))

    return replace(instance, demands=tuple(map(new, instance.demands)))


def _when(instance: Instance, data: DemandData, some: Collection[Commitment]) -> Bools:
    """(T,) periods of a demand's commitments among some."""
    mask = np.zeros(len(instance.periods), dtype=bool)
    for one in some:
        mask[one.first : one.end] |= one.demand == data.name
    return mask


def families(base: Instance, name: str, span: Span, others: bool) -> Iterator[Family]:
    """Repairs of a demand in a span: less, later, or ended by notice where ``others`` conflict with it too."""
    scenario = base.scenario
    demand = demand_of(scenario, name)
    yield _smaller(scenario, demand, span)
    if isinstance(demand, Contract):
        yield from _later_or_ended(base, demand, span, others)


def _later_or_ended(base: Instance, contract: Contract, span: Span, others: bool) -> Iterator[Family]:
    scenario, name = base.scenario, contract.name
    signed = signing(scenario, name)
    steps = [step.start for step in ramp_of(scenario, contract) if span.start <= step.start < span.end]
    if signed is not None and signed[1].on in steps:
        yield from _signed_later(base, name, signed[1].on)
    elif steps:
        yield from _later_step(base, contract, steps[0])
    if others and contract.termination.by in ("either", "provider"):
        yield from _notice(base, contract)


def _smaller(scenario: Scenario, demand: Demand, span: Span) -> Family:
    """A lower commitment or minimum in the months of the conflict, by whole kW, GPUs or racks."""
    steps = steps_of(scenario, demand)
    within = [least(step) for step in steps_during(steps, span)]
    most = max(within, default=0.0)
    unit, kind = steps[0].unit, kind_of(demand)
    scale = KW_PER_MW if unit == "mw" else 1
    whole = most * scale

    def left(by: int) -> float:
        return max(round(whole - by, 6), 0.0)

    def apply(changed: Scenario, by: int) -> Scenario:
        return capped(changed, demand.name, span.start, span.end, left(by) / scale)

    def quick(instance: Instance, by: int) -> Instance:
        cap = Fraction(str(left(by))) * (W_PER_KW if unit == "mw" else 1)
        return _capped(instance, demand.name, cap, touched(instance, span))

    def says(by: int) -> str:
        word = "" if kind is Kind.COMMITMENT else "min "
        return (
            f"{demand.name}: {word}{_amount(left(by), unit)} in place of {_lowered(within, left(by), unit)} {span.says}"
        )

    return Family(
        kind,
        demand.name,
        int(np.ceil(whole)),
        apply,
        says,
        CONSENT if kind is Kind.COMMITMENT else OPERATION,
        amount_kw=(lambda by: whole - left(by)) if unit == "mw" else None,
        quick=quick,
        quantity=f"less {span.says}",
    )


def _lowered(within: Sequence[float], left: float, unit: str) -> str:
    """The steps that are above what is left, each with its amount; of many the least and the largest."""
    scale = KW_PER_MW if unit == "mw" else 1
    above = sorted({one * scale for one in within if one * scale > left})
    join = " and " if len(above) <= _STEPS_SHOWN else " to "
    return join.join(_amount(one, unit) for one in dict.fromkeys((above[0], above[-1])))


def _amount(whole: float, unit: str) -> str:
    """A commitment in kW, GPUs or racks."""
    return amount(whole / KW_PER_MW if unit == "mw" else whole, unit)


def kind_of(demand: Demand) -> Kind:
    """What a demand must get: a contract its commitment, a workload its minimum."""
    return Kind.COMMITMENT if isinstance(demand, Contract) else Kind.MINIMUM


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
    to = amount(step.amount, step.unit)
    if days:
        yield Family(
            Kind.COMMITMENT,
            contract.name,
            len(days),
            lambda s, n: postponed(s, contract.name, first, days[n - 1]),
            lambda n: f"{contract.name}: step to {to} on {format_day(days[n - 1])} in place of {format_day(first)}",
            CONSENT,
            quantity=f"step of {format_day(first)}",
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
        yield _on_a_day(name, days, apply, f"signed on {{}} in place of {format_day(on)}", CONSENT)


def _notice(base: Instance, contract: Contract) -> Iterator[Family]:
    """Notice by the provider, the later the better; none where notice was given already."""
    events = base.scenario.events
    if any(isinstance(event, Notice) and event.contract == contract.name for event in events):
        return
    days = [period.start for period in reversed(base.periods)]

    def apply(scenario: Scenario, n: int) -> Scenario:
        notice = Notice(type="notice", contract=contract.name, by="provider", on=days[n - 1])
        return scenario.replace(events=(*scenario.events, notice))

    yield _on_a_day(contract.name, days, apply, "notice given on {}")


def _on_a_day(
    name: str, days: Sequence[date], apply: Callable[[Scenario, int], Scenario], says: str, unpriced: str | None = None
) -> Family:
    """Something of a contract on another day; ``says`` has a place for it."""
    return Family(
        Kind.COMMITMENT,
        name,
        len(days),
        apply,
        lambda n: f"{name}: {says.format(format_day(days[n - 1]))}",
        unpriced,
        quantity=says,
    )
