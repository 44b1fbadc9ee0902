"""Requirements of demands, pins, policy and events."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import numpy as np

from capalloc.analysis.explain.edits import with_bring_up, with_demand, with_policy, with_site, without_event
from capalloc.analysis.explain.requirement import Kind, Requirement, power
from capalloc.calendar import format_day
from capalloc.instance.compile import compile_scenario
from capalloc.instance.model import NO_LIMIT_W, DemandData, Instance
from capalloc.schema.demand import Contract, Demand
from capalloc.schema.event import Delay, Event, Outage
from capalloc.schema.scenario import Pin, Scenario
from capalloc.units import KW_PER_MW


def demand_requirements(scenario: Scenario, demands: tuple[Demand, ...]) -> Iterator[Requirement]:
    """Isolation, lots, spread, one type, spares, accepted types and overshoot of every planned demand."""
    for demand in demands:
        yield from _grouping(demand)
        if isinstance(demand, Contract):
            yield from _of_contract(scenario, demand)


def _grouping(demand: Demand) -> Iterator[Requirement]:
    name = demand.name
    if demand.isolation != "none":
        says = f"no other demand in the same {demand.isolation}"
        yield Requirement(Kind.ISOLATION, name, says, scenario=partial(with_demand, name=name, isolation="none"))
    if demand.locality is not None and demand.locality.min_racks > 1:
        says = f"lots of at least {demand.locality.min_racks} racks of one type in a {_word(demand.locality.level)}"
        yield Requirement(Kind.LOCALITY, name, says, scenario=partial(with_demand, name=name, locality=None))
    if demand.spread is not None:
        says = f"at most {demand.spread.max_share:.4g} of its racks on one {demand.spread.node_kind}"
        yield Requirement(Kind.SPREAD, name, says, scenario=partial(with_demand, name=name, spread=None))
    if demand.homogeneous:
        says = "one rack type at a time"
        yield Requirement(Kind.HOMOGENEOUS, name, says, scenario=partial(with_demand, name=name, homogeneous=False))
    if demand.buffer_share > 0:
        says = f"{demand.buffer_share:.4g} of its racks held idle as spares"
        yield Requirement(Kind.BUFFER, name, says, scenario=partial(with_demand, name=name, buffer_share=0.0))


def _word(level: str) -> str:
    return level.replace("_", " ")


def _of_contract(scenario: Scenario, contract: Contract) -> Iterator[Requirement]:
    others = [kind.name for kind in scenario.facility.rack_types if kind.name not in contract.rack_types]
    standing = {rack.rack_type for rack in scenario.facility.racks}
    if standing & set(others):
        says = f"accepts {', '.join(contract.rack_types)} only"
        every = (*contract.rack_types, *(name for name in others if name in standing))
        edit = partial(with_demand, name=contract.name, rack_types=every)
        yield Requirement(Kind.RACK_TYPES, contract.name, says, scenario=edit)
    if scenario.pins or scenario.policy.freeze_until:
        says = "delivered no more than a rack above the commitment"
        yield Requirement(Kind.OVERSHOOT, contract.name, says, instance=partial(_unlimited, name=contract.name))


def _unlimited(instance: Instance, name: str) -> Instance:
    def new(data: DemandData) -> DemandData:
        ceiling = np.where(data.in_term, NO_LIMIT_W, 0)
        return replace(data, ceiling=ceiling) if data.name == name else data

    return replace(instance, demands=tuple(map(new, instance.demands)))


def tenant_requirements(scenario: Scenario) -> Iterator[Requirement]:
    """Racks dedicated to a tenant."""
    known = {contract.tenant for contract in scenario.all_contracts}
    for tenant in sorted({rack.tenant for rack in scenario.facility.racks if rack.tenant in known and rack.tenant}):
        racks = tuple(rack for rack in scenario.facility.racks if rack.tenant == tenant)
        says = f"{len(racks):,} rack{'s' * (len(racks) > 1)} dedicated to {tenant}"
        edit = partial(released, tenant=tenant)
        yield Requirement(Kind.DEDICATION, tenant, says, scenario=edit, racks=racks)


def released(scenario: Scenario, tenant: str, count: int | None = None) -> Scenario:
    """The first ``count`` racks of a tenant (None: all) may serve anybody."""
    mine = [rack.name for rack in scenario.facility.racks if rack.tenant == tenant][:count]
    racks = (rack.replace(tenant=None) if rack.name in mine else rack for rack in scenario.facility.racks)
    return with_site(scenario, racks=tuple(racks))


def policy_requirements(scenario: Scenario) -> Iterator[Requirement]:
    """Bring-up limits, hand-over, budget of moves, freeze."""
    policy = scenario.policy
    bring_up = policy.bring_up
    if bring_up.racks_per_period is not None:
        says = f"at most {bring_up.racks_per_period} racks newly powered in a period"
        yield Requirement(Kind.BRING_UP_RACKS, "policy", says, scenario=partial(with_bring_up, racks_per_period=None))
    if bring_up.mw_per_period is not None:
        says = f"site load grows by at most {power(bring_up.mw_per_period * KW_PER_MW)} in a period"
        yield Requirement(Kind.BRING_UP_MW, "policy", says, scenario=partial(with_bring_up, mw_per_period=None))
    if policy.handover_days > 0:
        says = f"{policy.handover_days} days of hand-over between two demands"
        yield Requirement(Kind.HAND_OVER, "policy", says, scenario=partial(with_policy, handover_days=0))
    if policy.max_moves_per_period is not None:
        says = f"at most {policy.max_moves_per_period} moves in a period"
        yield Requirement(Kind.MOVES, "policy", says, scenario=partial(with_policy, max_moves_per_period=None))
    if policy.freeze_until is not None:
        says = f"assignments before {format_day(policy.freeze_until)} kept as they were"
        yield Requirement(Kind.FREEZE, "policy", says, scenario=partial(with_policy, freeze_until=None))


def pin_requirements(scenario: Scenario) -> Iterator[Requirement]:
    """Every pin."""
    for index, pin in enumerate(scenario.pins):
        place = next(
            f"{word} {name}" for word, name in (("rack", pin.rack), ("row", pin.row), ("hall", pin.hall)) if name
        )
        said = [(word, day) for word, day in (("from", pin.start), ("until", pin.until)) if day is not None]
        when = "".join(f" {word} {format_day(day)}" for word, day in said)
        says = f"{'idle' if pin.demand == 'idle' else 'serves ' + pin.demand}{when}"
        yield Requirement(Kind.PIN, place, says, scenario=partial(without_pin, pin=pin), index=index)


def without_pin(scenario: Scenario, pin: Pin) -> Scenario:
    """The scenario without a pin."""
    return scenario.replace(pins=tuple(one for one in scenario.pins if one != pin))


def event_requirements(scenario: Scenario, prospects: frozenset[str]) -> Iterator[Requirement]:
    """Outages and delays; notices and signatures are part of what contracts commit."""
    for event in dict.fromkeys(scenario.events):
        if isinstance(event, Outage):
            place = next(f"{w} {n}" for w, n in (("node", event.node), ("row", event.row), ("hall", event.hall)) if n)
            says = f"out from {format_day(event.start)} until {format_day(event.until)}"
            edit = partial(without_event, event=event)
            yield Requirement(Kind.OUTAGE, place, says, scenario=edit, event=event)
        if isinstance(event, Delay):
            yield _of_delay(event, prospects)


def _of_delay(event: Delay, prospects: frozenset[str]) -> Requirement:
    word, name = subject(event)
    says = f"{word} delayed " + (f"by {event.days} days" if event.until is None else f"until {format_day(event.until)}")
    if event.contract is None:
        return Requirement(Kind.DELAY, name, says, scenario=partial(without_event, event=event), event=event)
    either = partial(_undelayed, event=event, prospects=prospects)
    return Requirement(Kind.DELAY, name, says, instance=either, event=event)


def subject(event: Delay) -> tuple[str, str]:
    """What is delayed, and its name."""
    words = (
        ("node", event.node),
        ("supply", event.supply),
        ("rack type", event.rack_type),
        ("contract", event.contract),
    )
    return next((word, name) for word, name in words if name)


def _undelayed(instance: Instance, event: Event, prospects: frozenset[str]) -> Instance:
    """A contract that commits no more than it does with the delay, nor than it would without."""
    without = compile_scenario(without_event(instance.scenario, event), prospects)
    pairs = zip(instance.demands, without.demands, strict=True)
    demands = (replace(one, committed=np.minimum(one.committed, other.committed)) for one, other in pairs)
    return replace(instance, demands=tuple(demands))
