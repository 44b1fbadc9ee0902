"""Lowers demands to whole units."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

import numpy as np

from capalloc.calendar import Period
from capalloc.instance.model import Accounts, Bools, Curve, DemandData, Floats, Ints
from capalloc.instance.money import by_period, hourly_fee, monthly_fee, penalties, value
from capalloc.instance.resolution import decimal, parts_of
from capalloc.instance.stretches import Stretch, period_of, stretches
from capalloc.instance.timeline import Term, term_of
from capalloc.schema.demand import Contract, Demand, RampStep, Workload, WorkloadStep
from capalloc.schema.hardware import RackType
from capalloc.schema.scenario import Scenario
from capalloc.units import W_PER_KW, W_PER_MW, load_w


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
    gpus_per_unit = float((1 if in_gpus else first.gpus / first_w) / Fraction(parts))
    days = stretches(ramp, term, periods)
    by_day = _units(days, parts)
    committed, in_term = _largest(days, by_day, len(periods)), _in_term(days, len(periods))
    months = np.array([stretch.months for stretch in days])
    missed = penalties(unit, by_day, contract.shortfall.penalty_usd_per_kw_month * kw_per_unit * months)
    if contract.fee.usd_per_gpu_hour is None:
        earned = monthly_fee(contract, days, unit, by_day, float(flexible), kw_per_unit)
        curves: tuple[Curve, ...] = (by_period([missed, earned], days, len(periods)),)
    else:
        most_gpus = (by_day.astype(float) + float(flexible)) * gpus_per_unit
        earned = hourly_fee(contract.fee.usd_per_gpu_hour, days, gpus, most_gpus)
        curves = tuple(by_period([curve], days, len(periods)) for curve in (missed, earned))
    return DemandData(
        demand=contract,
        term=term,
        types=types,
        draw_w=_draw_w(scenario, contract, types),
        unit=unit,
        kw_per_unit=kw_per_unit,
        parts=parts,
        gpus_per_unit=gpus_per_unit,
        in_term=in_term,
        committed=committed,
        must=_must(scenario, contract, committed),
        wanted=committed,
        ceiling=np.where(in_term, _ceiling(committed, int(unit.max()), math.floor(flexible)), 0),
        accounts=Accounts(days, by_day, earned, missed),
        curves=curves,
    )


def _must(scenario: Scenario, demand: Demand, committed: Ints) -> Ints:
    """(T,) units that have to be delivered: all that is committed, or nothing."""
    return committed if scenario.must_be_met(demand) else np.zeros_like(committed)


def _amount(step: RampStep | WorkloadStep) -> Fraction:
    """A step in W, GPUs or racks."""
    return decimal(step.amount) * (W_PER_MW if step.unit == "mw" else 1)


def _least(step: RampStep | WorkloadStep) -> Fraction:
    """A step's ``min`` in W, GPUs or racks."""
    assert isinstance(step, WorkloadStep)
    return decimal(step.min) * (W_PER_MW if step.unit == "mw" else 1)


def _units(
    days: Sequence[Stretch], parts: int, figure: Callable[[RampStep | WorkloadStep], Fraction] = _amount
) -> Ints:
    """(N,) a figure of each stretch in whole parts, rounded up."""
    return np.array([math.ceil(figure(stretch.step) * parts) for stretch in days], dtype=np.int64)


def _largest(days: Sequence[Stretch], units: Ints, periods: int) -> Ints:
    """(T,) the largest of (N,) units on any day of a period; 0 outside the term."""
    most = np.zeros(periods, dtype=np.int64)
    np.maximum.at(most, period_of(days), units)
    return most


def _in_term(days: Sequence[Stretch], periods: int) -> Bools:
    """(T,) whether a period has any day of the term."""
    inside = np.zeros(periods, dtype=bool)
    inside[period_of(days)] = True
    return inside


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
    days, gpus = stretches(workload.demand, term, periods), _per_type(scenario, types, lambda k: k.gpus)
    by_day, least = _units(days, parts), _units(days, parts, _least)
    committed, wanted = (_largest(days, units, len(periods)) for units in (least, by_day))
    in_term = _in_term(days, len(periods))
    hours = np.array([stretch.hours for stretch in days], dtype=float)
    most_gpus = _most_gpus(unit, gpus, by_day)
    in_model = np.where(by_day < wanted[period_of(days)], most_gpus, np.inf)  # the ramp rule limits the largest step
    earned = value(workload, days, gpus, most_gpus)
    missed = penalties(unit, least, workload.shortage_usd_per_gpu_hour * gpus_per_unit * hours)
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
        committed=committed,
        must=_must(scenario, workload, committed),
        wanted=wanted,
        ceiling=np.where(in_term, _ceiling(wanted, int(unit.max()), 0), 0),
        accounts=Accounts(days, least, earned, missed),
        curves=tuple(
            by_period([curve], days, len(periods)) for curve in (value(workload, days, gpus, in_model), missed)
        ),
    )


def _most_gpus(unit: Ints, gpus: Ints, wanted: Ints) -> Floats:
    """(N,) GPUs of the most that whole racks may deliver of (N,) wanted units, at the most GPUs that any type has."""
    whole = max(int(np.gcd.reduce(unit)), 1)
    per_unit = max((Fraction(int(g), int(u)) for g, u in zip(gpus, unit, strict=True) if u), default=Fraction(0))
    return (_ceiling(wanted, int(unit.max()), 0) // whole * whole).astype(float) * float(per_unit)
