"""Lowers demands to whole units and to concave curves of money."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import numpy as np

from capalloc.calendar import Period, months_between
from capalloc.instance.model import Curve, DemandData, Floats, Ints
from capalloc.instance.resolution import decimal, parts_of
from capalloc.instance.timeline import Term, term_of
from capalloc.schema.demand import Contract, Demand, RampStep, Workload, WorkloadStep
from capalloc.schema.hardware import RackType
from capalloc.schema.scenario import Scenario
from capalloc.units import HOURS_PER_DAY, W_PER_KW, W_PER_MW, load_w


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days [start, end) of a period, inside the term, under one step."""

    step: RampStep | WorkloadStep
    start: date
    end: date

    @property
    def hours(self) -> int:
        """Hours in the stretch."""
        return (self.end - self.start).days * HOURS_PER_DAY

    @property
    def months(self) -> float:
        """Months in the stretch."""
        return months_between(self.start, self.end)


def stretches(steps: Sequence[RampStep | WorkloadStep], term: Term, period: Period) -> Iterator[Stretch]:
    """The stretches of a period, in order."""
    for i, step in enumerate(steps):
        until = steps[i + 1].start if i + 1 < len(steps) else term.end
        start, end = term.overlap(max(step.start, period.start), min(until, period.end))
        if start < end:
            yield Stretch(step, start, end)


def lower_demand(
    scenario: Scenario, demand: Demand, ramps: Mapping[str, tuple[RampStep, ...]], periods: Sequence[Period]
) -> DemandData:
    """One demand in whole units over the periods."""
    term = term_of(scenario, demand, ramps)
    if isinstance(demand, Contract):
        return _lower_contract(scenario, demand, ramps[demand.name], term, periods)
    assert isinstance(demand, Workload)
    return _lower_workload(scenario, demand, term, periods)


def _types(scenario: Scenario, demand: Demand) -> tuple[int, ...]:
    index = {rack_type.name: k for k, rack_type in enumerate(scenario.facility.rack_types)}
    return tuple(index[name] for name in demand.rack_types)


def _per_type(scenario: Scenario, types: Sequence[int], figure: Callable[[RackType], int]) -> Ints:
    values = np.zeros(len(scenario.facility.rack_types), dtype=np.int64)
    for k in types:
        values[k] = figure(scenario.facility.rack_types[k])
    return values


def draw_kw(demand: Demand, rack_type: RackType) -> float:
    """kW that a rack draws for a demand, before ``utilization``."""
    return rack_type.nameplate_kw if demand.draw == "nameplate" else rack_type.expected_kw


def basis_kw(contract: Contract, rack_type: RackType, pue: float) -> float:
    """kW that a rack counts for a contract."""
    if contract.basis == "it_nameplate":
        return rack_type.nameplate_kw
    return rack_type.expected_kw * (pue if contract.basis == "facility" else 1.0)


def _draw_w(scenario: Scenario, demand: Demand, types: Sequence[int]) -> Ints:
    return _per_type(scenario, types, lambda k: load_w(draw_kw(demand, k) * demand.utilization))


def _basis_w(contract: Contract, rack_type: RackType, pue: float) -> Fraction:
    """W that a rack counts for a contract, exact."""
    if contract.basis == "it_nameplate":
        return decimal(rack_type.nameplate_kw) * W_PER_KW
    return decimal(rack_type.expected_kw) * W_PER_KW * (decimal(pue) if contract.basis == "facility" else 1)


def _ceiling(wanted: Ints, largest: int, flexible: int) -> Ints:
    """Most that may be delivered: less than one largest rack above what is wanted, or what is flexible."""
    return np.where(wanted > 0, wanted + max(largest - 1, flexible), flexible)


def _lower_contract(
    scenario: Scenario, contract: Contract, ramp: tuple[RampStep, ...], term: Term, periods: Sequence[Period]
) -> DemandData:
    types = _types(scenario, contract)
    pue = scenario.facility.pue
    first = scenario.facility.rack_types[types[0]]
    first_w = _basis_w(contract, first, pue)
    in_gpus = ramp[0].unit == "gpus"
    gpus = _per_type(scenario, types, lambda k: k.gpus)
    each = {k.name: Fraction(k.gpus) if in_gpus else _basis_w(contract, k, pue) for k in scenario.facility.rack_types}
    parts = parts_of([*(each[name] for name in contract.rack_types), *map(_amount, ramp)])
    unit = _per_type(scenario, types, lambda k: math.floor(each[k.name] * parts))
    w_per_unit = (first_w / first.gpus if in_gpus else Fraction(1)) / parts
    flexible = decimal(contract.flexible_mw) * W_PER_MW / w_per_unit
    kw_per_unit = float(w_per_unit / W_PER_KW)
    days = [list(stretches(ramp, term, period)) for period in periods]
    committed = _largest(days, parts)
    in_term = np.array([bool(day) for day in days])
    return DemandData(
        demand=contract,
        term=term,
        types=types,
        draw_w=_draw_w(scenario, contract, types),
        unit=unit,
        kw_per_unit=kw_per_unit,
        parts=parts,
        gpus_per_unit=float((1 if in_gpus else first.gpus / first_w) / Fraction(parts)),
        in_term=in_term,
        committed=committed,
        must=_must(scenario, contract, committed),
        wanted=committed,
        ceiling=np.where(in_term, _ceiling(committed, int(unit.max()), math.floor(flexible)), 0),
        curves=tuple(_contract_curves(contract, days, committed, float(flexible), kw_per_unit, parts, unit, gpus)),
    )


def _must(scenario: Scenario, demand: Demand, committed: Ints) -> Ints:
    """(T,) units that have to be delivered: all that is committed, or nothing."""
    default = "hard" if scenario.policy.shortfall == "forbid" else "priced"
    return committed if (demand.commitment or default) == "hard" else np.zeros_like(committed)


def _amount(step: RampStep | WorkloadStep) -> Fraction:
    """A step in W, GPUs or racks."""
    return decimal(step.amount) * (W_PER_MW if step.unit == "mw" else 1)


def _least(step: RampStep | WorkloadStep) -> Fraction:
    """A step's ``min`` in W, GPUs or racks."""
    assert isinstance(step, WorkloadStep)
    return decimal(step.min) * (W_PER_MW if step.unit == "mw" else 1)


def _largest(
    days: Sequence[Sequence[Stretch]],
    parts: int,
    figure: Callable[[RampStep | WorkloadStep], Fraction] = _amount,
) -> Ints:
    """(T,) the largest figure of any stretch of a period in whole parts, rounded up."""
    most = (max((figure(s.step) for s in day), default=Fraction(0)) for day in days)
    return np.array([math.ceil(amount * parts) for amount in most], dtype=np.int64)


def _contract_curves(
    contract: Contract,
    days: Sequence[Sequence[Stretch]],
    committed: Ints,
    flexible: float,
    kw_per_unit: float,
    parts: int,
    unit: Ints,
    gpus: Ints,
) -> Iterator[Curve]:
    """Fee by what is delivered of the commitment and penalty of what is short; a fee per GPU-hour by GPUs."""
    months = np.array([sum(s.months for s in day) for day in days])
    fee = np.array([sum(_flat_fee(contract, s, kw_per_unit * parts) for s in day) for day in days])
    penalty = contract.shortfall.penalty_usd_per_kw_month * kw_per_unit * months
    full = np.maximum(committed, 1)
    slope = np.where(committed > 0, fee / full, 0.0)
    widths = np.column_stack((committed, np.where(committed > 0, flexible, 0))).astype(float)
    base = np.where(committed > 0, -penalty * committed, fee)
    yield Curve(unit, widths, np.column_stack((slope + np.where(committed > 0, penalty, 0.0), slope)), base)
    if contract.fee.usd_per_gpu_hour is not None:
        hourly = [sum(contract.fee.usd_per_gpu_hour * s.hours * _factor(s) for s in day) for day in days]
        yield Curve(gpus, np.full((len(days), 1), np.inf), np.array(hourly)[:, None], np.zeros(len(days)))


def _factor(stretch: Stretch) -> float:
    assert isinstance(stretch.step, RampStep)
    return stretch.step.fee_factor


def _flat_fee(contract: Contract, stretch: Stretch, kw_per_whole: float) -> float:
    """The fee of a stretch at full delivery, given the kW of one W or GPU; 0 for a fee per GPU-hour."""
    usd = (contract.fee.usd_per_month or 0.0) * stretch.months
    kw = float(_amount(stretch.step)) * kw_per_whole
    return (usd + (contract.fee.usd_per_kw_month or 0.0) * kw * stretch.months) * _factor(stretch)


def _lower_workload(scenario: Scenario, workload: Workload, term: Term, periods: Sequence[Period]) -> DemandData:
    types = _types(scenario, workload)
    first = scenario.facility.rack_types[types[0]]
    by_unit: dict[str, Callable[[RackType], Fraction]] = {
        "gpus": lambda k: Fraction(k.gpus),
        "racks": lambda _: Fraction(1),
        "mw": lambda k: decimal(draw_kw(workload, k)) * W_PER_KW,
    }
    figure = by_unit[workload.demand[0].unit]
    each = {k.name: figure(k) for k in scenario.facility.rack_types}
    amounts = [amount for step in workload.demand for amount in (_amount(step), _least(step))]
    parts = parts_of([*(each[name] for name in workload.rack_types), *amounts])
    of_first = each[first.name] * parts
    gpus_per_unit = float(first.gpus / of_first)
    unit = _per_type(scenario, types, lambda k: math.floor(each[k.name] * parts))
    days = [list(stretches(workload.demand, term, period)) for period in periods]
    wanted, least = _largest(days, parts), _largest(days, parts, _least)
    in_term = np.array([bool(day) for day in days])
    hours = np.array([sum(s.hours for s in day) for day in days], dtype=float)
    penalty = workload.shortage_usd_per_gpu_hour * gpus_per_unit * hours
    return DemandData(
        demand=workload,
        term=term,
        types=types,
        draw_w=_draw_w(scenario, workload, types),
        unit=unit,
        parts=parts,
        kw_per_unit=float(decimal(draw_kw(workload, first)) / of_first),
        gpus_per_unit=gpus_per_unit,
        in_term=in_term,
        committed=least,
        must=_must(scenario, workload, least),
        wanted=wanted,
        ceiling=np.where(in_term, _ceiling(wanted, int(unit.max()), 0), 0),
        curves=(
            _value_curve(workload, hours, _per_type(scenario, types, lambda k: k.gpus)),
            Curve(unit, least[:, None].astype(float), penalty[:, None], -penalty * least),
        ),
    )


def _value_curve(workload: Workload, hours: Floats, gpus: Ints) -> Curve:
    borders = [0.0] + [float(tier.up_to_gpus or np.inf) for tier in workload.value]
    widths = np.diff(np.array(borders))
    slopes = np.array([tier.usd_per_gpu_hour for tier in workload.value])
    periods = len(hours)
    return Curve(gpus, np.tile(widths, (periods, 1)), hours[:, None] * slopes[None, :], np.zeros(periods))
