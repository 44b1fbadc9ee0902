"""Dates of a plan: moves of racks, deliveries, power, contracts, outages and steps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from capalloc.analysis.picture.moves import Switch, switches_of
from capalloc.analysis.picture.pictured import Pictured
from capalloc.instance.model import NOBODY, DemandData
from capalloc.instance.timeline import node_starts, outages, rack_start, ramp_of, supplies_in_force
from capalloc.schema.demand import Contract, Demand, RampStep, Workload, WorkloadStep
from capalloc.schema.event import Notice, Sign
from capalloc.units import KW_PER_MW


class Kind(StrEnum):
    """What happens on a day."""

    STEP = "step"
    """Another amount is committed, or can be used."""
    HAND_OVER = "hand over"
    START = "bring into service"
    STOP = "release"
    DELIVERY = "delivery"
    LEAVES = "racks leave"
    SUPPLY = "supply"
    SUPPLY_ENDS = "supply ends"
    ENERGISED = "energised"
    DARK = "no longer energised"
    COOLING = "cooling"
    SIGNED = "signed"
    NOTICE = "notice"
    COULD_END = "could end"
    MAY_LEAVE = "may leave"
    ENDS = "ends"
    OUTAGE = "outage"
    MAINTENANCE = "maintenance"


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happens on a day, or lasts from it on."""

    kind: Kind
    day: date
    subject: str = ""
    """Demand, rack type, supply or place; empty where there are several."""
    amount: float = 0.0
    """kW, racks, GPUs or nodes, as ``unit`` says; 0 where there is none."""
    unit: str = ""
    """``kw``, or a noun to count."""
    other: str = ""
    """The demand that had the racks before, the node of a supply, the party that gives notice."""
    until: date | None = None
    """Of what lasts, the first day after it."""
    was: date | None = None
    """The day before it was delayed."""
    before: float = 0.0
    """Of a step, the amount before it."""
    is_contract: bool = False
    """Whether a step is of a ramp that is committed, and not of what a workload can use."""
    names: tuple[str, ...] = ()
    """The racks, power nodes or cooling zones that it is about, where it is about some."""


def marks_of(pictured: Pictured) -> list[Mark]:
    """All dates inside the horizon, by day, then in the order of the kinds."""
    horizon = pictured.scenario.horizon
    found = [
        one
        for marks in (_steps, _moves, _deliveries, _power, _contracts, _outages)
        for one in marks(pictured)
        if one.day <= horizon.end and (one.until or one.day) >= horizon.start
    ]
    order = list(Kind)
    return sorted(found, key=lambda one: (one.day, order.index(one.kind)))


def _steps(pictured: Pictured) -> Iterator[Mark]:
    """Steps of ramps and of workloads' demand that begin inside the horizon."""
    horizon = pictured.scenario.horizon
    for data in pictured.site.instance.demands:
        before = 0.0
        for step, was in _steps_of(pictured, data.demand):
            if horizon.start <= step.start < min(horizon.end, data.term.end):
                yield _step(data, step, before, was)
            before = _amount(step)


def _steps_of(pictured: Pictured, demand: Demand) -> Iterator[tuple[RampStep | WorkloadStep, date | None]]:
    """Steps, and the day on which each was to begin before it was delayed."""
    if isinstance(demand, Workload):
        yield from ((step, None) for step in demand.demand)
    if isinstance(demand, Contract):
        ramp = ramp_of(pictured.scenario, demand)
        planned = demand.ramp[-len(ramp) :]
        for step, old in zip(ramp, planned, strict=True):
            yield step, old.start if old.start < step.start and len(ramp) == len(demand.ramp) else None


def _step(data: DemandData, step: RampStep | WorkloadStep, before: float, was: date | None) -> Mark:
    noun = {"mw": "kw", "gpus": "GPU", "racks": "rack"}[step.unit]
    is_contract = isinstance(data.demand, Contract)
    return Mark(Kind.STEP, step.start, data.name, _amount(step), noun, was=was, before=before, is_contract=is_contract)


def _amount(step: RampStep | WorkloadStep) -> float:
    return round(step.amount * KW_PER_MW, 6) if step.unit == "mw" else step.amount


def _moves(pictured: Pictured) -> Iterator[Mark]:
    """Racks that begin or cease to serve, each period against the one before; the first against the incumbent."""
    names, found = pictured.site.instance.demand_names, Counter[tuple[int, Kind, int, int]]()
    for one in switches_of(pictured):
        found[one.period, *_kind(one)] += len(one.racks)
    for (period, kind, after, earlier), racks in sorted(found.items()):
        other = names[earlier] if earlier != NOBODY else ""
        yield Mark(kind, pictured.periods[period].start, names[after], racks, "rack", other)


def _kind(one: Switch) -> tuple[Kind, int, int]:
    """What becomes of racks, whom they serve, or have served, and from whom they come."""
    if one.now == NOBODY:
        return Kind.STOP, one.before, NOBODY
    if one.last in (NOBODY, one.now):
        return Kind.START, one.now, NOBODY
    return Kind.HAND_OVER, one.now, one.last


def _deliveries(pictured: Pictured) -> Iterator[Mark]:
    """Racks that come to the site, or leave it, by type."""
    scenario = pictured.scenario
    comes: dict[tuple[date, str, date | None], list[str]] = {}
    leaves: dict[tuple[date, str], list[str]] = {}
    for rack in scenario.facility.racks:
        start = rack_start(scenario, rack)
        if rack.status == "retired":
            continue
        if start is not None and start >= scenario.horizon.start:
            was = rack.available_from if start != rack.available_from else None
            comes.setdefault((start, rack.rack_type, was), []).append(rack.name)
        if rack.available_until is not None and rack.available_until > scenario.horizon.start:
            leaves.setdefault((rack.available_until, rack.rack_type), []).append(rack.name)
    for (day, kind, was), racks in comes.items():
        yield Mark(Kind.DELIVERY, day, kind, len(racks), "rack", was=was, names=tuple(racks))
    for (day, kind), racks in leaves.items():
        yield Mark(Kind.LEAVES, day, kind, len(racks), "rack", names=tuple(racks))


def _power(pictured: Pictured) -> Iterator[Mark]:
    """Supplies that come and go, power nodes that are energised, cooling that is there from a day on."""
    scenario = pictured.scenario
    start, planned = scenario.horizon.start, {one.name: one.start for one in scenario.facility.supplies}
    for supply in supplies_in_force(scenario):
        was = planned.get(supply.name, supply.start)
        if supply.start is not None and supply.start > start:
            yield Mark(
                Kind.SUPPLY, supply.start, supply.name, supply.kw, "kw", supply.node,
                was=was if was != supply.start else None,
            )  # fmt: skip
        if supply.until is not None and supply.until > start and (supply.start or start) < supply.until:
            yield Mark(Kind.SUPPLY_ENDS, supply.until, supply.name, supply.kw, "kw", supply.node)
    yield from _energised(pictured)
    cooled: dict[date, list[str]] = {}
    for zone in scenario.facility.cooling:
        if zone.available_from is not None and zone.available_from > start:
            cooled.setdefault(zone.available_from, []).append(zone.name)
    for day, zones in cooled.items():
        yield Mark(Kind.COOLING, day, "", len(zones), "cooling zone", names=tuple(zones))


def _energised(pictured: Pictured) -> Iterator[Mark]:
    scenario = pictured.scenario
    starts = node_starts(scenario)
    come: dict[tuple[date, date | None], list[str]] = {}
    go: dict[date, list[str]] = {}
    for node in scenario.facility.power:
        day = starts.get(node.name, node.available_from)
        if day is not None and day > scenario.horizon.start:
            come.setdefault((day, node.available_from if day != node.available_from else None), []).append(node.name)
        if node.available_until is not None and node.available_until > scenario.horizon.start:
            go.setdefault(node.available_until, []).append(node.name)
    for (day, was), names in come.items():
        yield Mark(Kind.ENERGISED, day, _only(names), len(names), "power node", was=was, names=tuple(names))
    for day, names in go.items():
        yield Mark(Kind.DARK, day, _only(names), len(names), "power node", names=tuple(names))


def _only(names: list[str]) -> str:
    return names[0] if len(names) == 1 else ""


def _contracts(pictured: Pictured) -> Iterator[Mark]:
    """Signatures, notices, days on which contracts could end or tenants may leave, and ends of terms."""
    scenario, horizon = pictured.scenario, pictured.scenario.horizon
    for event in scenario.events:
        if isinstance(event, Sign):
            yield Mark(Kind.SIGNED, event.on, event.contract.name, other=event.contract.tenant)
        if isinstance(event, Notice):
            yield Mark(Kind.NOTICE, event.on, event.contract, other=event.by)
    for data in pictured.site.instance.demands:
        end = data.term.end
        if end > horizon.start and (isinstance(data.demand, Contract) or end < horizon.end):
            yield Mark(Kind.ENDS, end, data.name)
    ends = {data.name: data.term.end for data in pictured.site.instance.demands}
    for one in pictured.revenue.contracts:
        if one.firm_until is not None and one.firm_until < ends[one.demand]:
            yield Mark(Kind.COULD_END, one.firm_until, one.demand)
    for short in pictured.plan.shortfalls:
        if short.tenant_may_leave_from is not None:
            yield Mark(Kind.MAY_LEAVE, short.tenant_may_leave_from, short.demand)


def _outages(pictured: Pictured) -> Iterator[Mark]:
    """Outages of the scenario, and racks in maintenance, which lasts all the while."""
    scenario, horizon = pictured.scenario, pictured.scenario.horizon
    for outage in outages(scenario):
        yield Mark(Kind.OUTAGE, outage.start, outage.place, until=outage.until)
    racks = tuple(rack.name for rack in scenario.facility.racks if rack.status == "maintenance")
    if racks:
        yield Mark(Kind.MAINTENANCE, horizon.start, "", len(racks), "rack", until=horizon.end, names=racks)
