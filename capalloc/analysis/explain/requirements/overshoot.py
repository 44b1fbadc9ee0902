"""Overshoot: no demand gets a rack more than it wants; repairs let it, where pins or a freeze give it more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import numpy as np

from capalloc.analysis.edits import demand_of, with_demand
from capalloc.analysis.explain.family import CONSENT, OPERATION, Family
from capalloc.analysis.explain.requirement import Kind, Requirement
from capalloc.analysis.explain.span import Span
from capalloc.analysis.explain.words import amount, counted, power
from capalloc.instance.demands import draw_kw
from capalloc.instance.model import NO_LIMIT_W, DemandData, Instance
from capalloc.schema.demand import Contract, Workload
from capalloc.schema.scenario import Scenario
from capalloc.units import KW_PER_MW


def requirements(instance: Instance) -> Iterator[Requirement]:
    """The most that each demand may be delivered, where something forces racks onto demands."""
    scenario = instance.scenario
    if scenario.pins or scenario.policy.freeze_until:
        for data in instance.demands:
            wants = "it commits" if isinstance(data.demand, Contract) else "its demand"
            says = f"may be delivered less than a rack more than {wants}"
            yield Requirement(Kind.OVERSHOOT, data.name, says, instance=partial(_unlimited, name=data.name))


def _unlimited(instance: Instance, name: str) -> Instance:
    def new(data: DemandData) -> DemandData:
        ceiling = np.where(data.in_term, NO_LIMIT_W, 0)
        return replace(data, ceiling=ceiling) if data.name == name else data

    return replace(instance, demands=tuple(map(new, instance.demands)))


def families(instance: Instance, one: Requirement, span: Span) -> Iterator[Family]:
    """A contract that takes more, or a workload that can use more."""
    if one.kind is Kind.OVERSHOOT:
        demand = demand_of(instance.scenario, one.where)
        yield _flexible(instance, one, demand) if isinstance(demand, Contract) else _larger(instance, one)


def _flexible(instance: Instance, one: Requirement, contract: Contract) -> Family:
    now = contract.flexible_mw
    most = int(sum(kind.nameplate_kw for kind in instance.scenario.facility.rack_types)) * len(instance.racks.names)
    says = f"{one.where}: takes, and pays for, up to {{}} above its commitment (flexible_mw)"
    return Family.of(
        one,
        most,
        lambda s, n: with_demand(s, one.where, flexible_mw=now + n / KW_PER_MW),
        lambda n: says.format(power(now * KW_PER_MW + n)),
        CONSENT,
    )


def _larger(instance: Instance, one: Requirement) -> Family:
    """A workload's demand by more racks of its largest type, in each of its steps."""
    workload = demand_of(instance.scenario, one.where)
    assert isinstance(workload, Workload)
    kinds = [kind for kind in instance.scenario.facility.rack_types if kind.name in workload.rack_types]
    unit = workload.demand[0].unit
    a_rack = {
        "racks": 1.0,
        "gpus": float(max(kind.gpus for kind in kinds)),
        "mw": max(draw_kw(workload, kind) for kind in kinds) / KW_PER_MW,
    }[unit]

    def apply(scenario: Scenario, n: int) -> Scenario:
        more = [round(step.amount + n * a_rack, 9) for step in workload.demand]
        whole = [of if unit == "mw" else round(of) for of in more]
        steps = (step.replace(**{unit: of}) for step, of in zip(workload.demand, whole, strict=True))
        return with_demand(scenario, workload.name, demand=tuple(steps))

    def says(n: int) -> str:
        first = workload.demand[0].amount
        return (
            f"{one.where}: demand of {amount(round(first + n * a_rack, 9), unit)} in place of {amount(first, unit)}"
            + (f", and {counted(n, 'rack')} more in later steps" if len(workload.demand) > 1 else "")
        )

    return Family.of(one, len(instance.racks.names), apply, says, OPERATION)
