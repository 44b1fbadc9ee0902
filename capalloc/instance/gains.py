"""Lowers demands to whole units and to concave curves of money."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from capalloc.calendar import Period, months_between
from capalloc.instance.model import Curve, DemandData, Floats, Ints
from capalloc.instance.timeline import Term, term_of
from capalloc.schema.demand import Contract, Demand, RampStep, Workload, WorkloadStep
from capalloc.schema.hardware import RackType
from capalloc.schema.scenario import Scenario
from capalloc.units import HOURS_PER_DAY, KW_PER_MW, W_PER_KW, load_w

_NOISE = 1e-6
_W_PER_MW = KW_PER_MW * W_PER_KW


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


def _whole(amount: float) -> int:
    """A commitment in whole units, rounded up."""
    return math.ceil(amount - _NOISE)


def _whole_delivered(kw: float) -> int:
    return math.floor(kw * W_PER_KW + _NOISE)


def _ceiling(wanted: Ints, largest: int, flexible: int) -> Ints:
    """Most that may be delivered: less than one largest rack above what is wanted, or what is flexible."""
    return np.where(wanted > 0, wanted + max(largest - 1, flexible), flexible)


def _lower_contract(
    scenario: Scenario, contract: Contract, ramp: tuple[RampStep, ...], term: Term, periods: Sequence[Period]
) -> DemandData:
    types = _types(scenario, contract)
    pue = scenario.facility.pue
    first = scenario.facility.rack_types[types[0]]
    first_kw = basis_kw(contract, first, pue)
    in_gpus = ramp[0].unit == "gpus"
    gpus = _per_type(scenario, types, lambda k: k.gpus)
    watts = _per_type(scenario, types, lambda k: _whole_delivered(basis_kw(contract, k, pue)))
    unit = gpus if in_gpus else watts
    kw_per_unit = first_kw / first.gpus if in_gpus else 1 / W_PER_KW
    flexible = math.floor(contract.flexible_mw * KW_PER_MW / kw_per_unit + _NOISE)
    days = [list(stretches(ramp, term, period)) for period in periods]
    committed = np.array([max((_units(s.step) for s in day), default=0) for day in days], dtype=np.int64)
    in_term = np.array([bool(day) for day in days])
    return DemandData(
        demand=contract,
        term=term,
        types=types,
        draw_w=_draw_w(scenario, contract, types),
        unit=unit,
        kw_per_unit=kw_per_unit,
        gpus_per_unit=1.0 if in_gpus else first.gpus / first_kw / W_PER_KW,
        in_term=in_term,
        committed=committed,
        wanted=committed,
        ceiling=np.where(in_term, _ceiling(committed, int(unit.max()), flexible), 0),
        curves=tuple(_contract_curves(contract, days, committed, flexible, kw_per_unit, unit, gpus)),
    )


def _units(step: RampStep | WorkloadStep) -> int:
    return _whole(step.amount * (_W_PER_MW if step.unit == "mw" else 1))


def _contract_curves(
    contract: Contract,
    days: Sequence[Sequence[Stretch]],
    committed: Ints,
    flexible: int,
    kw_per_unit: float,
    unit: Ints,
    gpus: Ints,
) -> Iterator[Curve]:
    """Fee by what is delivered of the commitment and penalty of what is short; a fee per GPU-hour by GPUs."""
    months = np.array([sum(s.months for s in day) for day in days])
    fee = np.array([sum(_flat_fee(contract, s, kw_per_unit) for s in day) for day in days])
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


def _flat_fee(contract: Contract, stretch: Stretch, kw_per_unit: float) -> float:
    """The fee of a stretch at full delivery; 0 for a fee per GPU-hour."""
    usd = (contract.fee.usd_per_month or 0.0) * stretch.months
    kw = _units(stretch.step) * kw_per_unit
    return (usd + (contract.fee.usd_per_kw_month or 0.0) * kw * stretch.months) * _factor(stretch)


def _lower_workload(scenario: Scenario, workload: Workload, term: Term, periods: Sequence[Period]) -> DemandData:
    types = _types(scenario, workload)
    first = scenario.facility.rack_types[types[0]]
    by_unit: dict[str, tuple[Callable[[RackType], int], float, float]] = {
        "gpus": (lambda k: k.gpus, draw_kw(workload, first) / first.gpus, 1.0),
        "racks": (lambda _: 1, draw_kw(workload, first), first.gpus),
        "mw": (
            lambda k: _whole_delivered(draw_kw(workload, k)),
            1 / W_PER_KW,
            first.gpus / draw_kw(workload, first) / W_PER_KW,
        ),
    }
    figure, kw_per_unit, gpus_per_unit = by_unit[workload.demand[0].unit]
    unit = _per_type(scenario, types, figure)
    days = [list(stretches(workload.demand, term, period)) for period in periods]
    wanted = np.array([max((_units(s.step) for s in day), default=0) for day in days], dtype=np.int64)
    least = np.array([max((_least(s.step) for s in day), default=0) for day in days], dtype=np.int64)
    in_term = np.array([bool(day) for day in days])
    hours = np.array([sum(s.hours for s in day) for day in days], dtype=float)
    penalty = workload.shortage_usd_per_gpu_hour * gpus_per_unit * hours
    return DemandData(
        demand=workload,
        term=term,
        types=types,
        draw_w=_draw_w(scenario, workload, types),
        unit=unit,
        kw_per_unit=kw_per_unit,
        gpus_per_unit=gpus_per_unit,
        in_term=in_term,
        committed=least,
        wanted=wanted,
        ceiling=np.where(in_term, _ceiling(wanted, int(unit.max()), 0), 0),
        curves=(
            _value_curve(workload, hours, _per_type(scenario, types, lambda k: k.gpus)),
            Curve(unit, least[:, None].astype(float), penalty[:, None], -penalty * least),
        ),
    )


def _least(step: RampStep | WorkloadStep) -> int:
    assert isinstance(step, WorkloadStep)
    return _whole(step.min * (_W_PER_MW if step.unit == "mw" else 1))


def _value_curve(workload: Workload, hours: Floats, gpus: Ints) -> Curve:
    borders = [0.0] + [float(tier.up_to_gpus or np.inf) for tier in workload.value]
    widths = np.diff(np.array(borders))
    slopes = np.array([tier.usd_per_gpu_hour for tier in workload.value])
    periods = len(hours)
    return Curve(gpus, np.tile(widths, (periods, 1)), hours[:, None] * slopes[None, :], np.zeros(periods))
