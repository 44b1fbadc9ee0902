"""What each demand gets in each period, and what that earns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from capalloc.calendar import Period
from capalloc.schema.demand import Contract, Demand, Workload
from capalloc.schema.facility import Facility
from capalloc.units import HOURS_PER_DAY
from capalloc.verify.exact import NOTHING, by_month, exact, months
from capalloc.verify.measure import Measure, measure_of
from capalloc.verify.roster import Roster
from capalloc.verify.term import Step, Term


@dataclass(frozen=True, slots=True)
class Delivery:
    """One demand in one period that its term touches, exact. Money is not discounted."""

    demand: Demand
    period: Period
    measure: Measure
    wanted: Fraction
    """A contract's commitment, a workload's demand, in the demand's unit."""
    committed: Fraction
    """A contract's commitment, a workload's ``min``, in the demand's unit."""
    delivered: Fraction
    """In the demand's unit."""
    kw: Fraction
    racks: int
    gpus: int
    revenue: Fraction = NOTHING
    penalty: Fraction = NOTHING
    lost_fee: Fraction = NOTHING
    """Fee that full delivery would have earned beyond the revenue."""

    @property
    def short(self) -> Fraction:
        """What is missing of the commitment, in the demand's unit."""
        return max(NOTHING, self.committed - self.delivered)


def deliveries(
    facility: Facility,
    periods: tuple[Period, ...],
    demands: Mapping[str, Demand],
    terms: Mapping[str, Term],
    roster: Roster,
) -> Iterator[Delivery]:
    """Every demand in every period that its term touches."""
    for name, demand in demands.items():
        measure, term = measure_of(facility, demand), terms[name]
        for period in periods:
            if term.touches(period):
                yield _paid(_delivery(demand, measure, term, period, roster.tally[period.index]), term)


def _paid(bare: Delivery, term: Term) -> Delivery:
    """The delivery with its revenue and penalty."""
    if isinstance(bare.demand, Workload):
        return _workload(bare, bare.demand, term)
    assert isinstance(bare.demand, Contract)
    return _contract(bare, bare.demand, term)


def _delivery(
    demand: Demand, measure: Measure, term: Term, period: Period, tally: Mapping[tuple[str, str], int]
) -> Delivery:
    racks = {kind: count for (name, kind), count in tally.items() if name == demand.name}
    wanted = term.amount(period)
    return Delivery(
        demand=demand,
        period=period,
        measure=measure,
        wanted=wanted,
        committed=term.least(period) if isinstance(demand, Workload) else wanted,
        delivered=sum((count * measure.per_rack[kind] for kind, count in racks.items()), NOTHING),
        kw=sum((count * measure.kw[kind] for kind, count in racks.items()), NOTHING),
        racks=sum(racks.values()),
        gpus=sum(count * measure.gpus[kind] for kind, count in racks.items()),
    )


def _with_money(bare: Delivery, revenue: Fraction, penalty: Fraction, lost_fee: Fraction) -> Delivery:
    return replace(bare, revenue=revenue, penalty=penalty, lost_fee=lost_fee)


def _contract(bare: Delivery, contract: Contract, term: Term) -> Delivery:
    pieces = list(term.pieces(bare.period))
    earned, lost = (
        _hourly(bare, contract, pieces)
        if contract.fee.usd_per_gpu_hour is not None
        else _monthly(bare, contract, pieces)
    )
    rate = exact(contract.shortfall.penalty_usd_per_kw_month)
    length = sum((months(start, end) for _, start, end in pieces), NOTHING)
    return _with_money(bare, earned, bare.short * bare.measure.kw_per_unit * rate * length, lost)


def _hourly(bare: Delivery, contract: Contract, pieces: list[tuple[Step, date, date]]) -> tuple[Fraction, Fraction]:
    """Fee earned and lost at a price per GPU-hour."""
    days = sum((step.fee_factor * (end - start).days for step, start, end in pieces), NOTHING)
    usd_per_gpu = days * HOURS_PER_DAY * exact(contract.fee.usd_per_gpu_hour or 0)
    return usd_per_gpu * bare.gpus, usd_per_gpu * bare.short * bare.measure.gpus_per_unit


def _monthly(bare: Delivery, contract: Contract, pieces: list[tuple[Step, date, date]]) -> tuple[Fraction, Fraction]:
    """Fee earned and lost at a price per month, or per kW and month."""
    full = sum((_fee(bare, contract, *piece) for piece in pieces), NOTHING)
    if not bare.committed:
        return full, NOTHING
    earned = full * min(bare.delivered, bare.committed + bare.measure.flex) / bare.committed
    return earned, max(NOTHING, full - earned)


def _fee(bare: Delivery, contract: Contract, step: Step, start: date, end: date) -> Fraction:
    """Full fee of some days under one step."""
    usd = contract.fee.usd_per_month
    if usd is not None:
        monthly = exact(usd)
    else:
        monthly = exact(contract.fee.usd_per_kw_month or 0) * step.amount * bare.measure.kw_per_unit
    return monthly * step.fee_factor * sum((Fraction(*days) for days in by_month(start, end)), NOTHING)


def _workload(bare: Delivery, workload: Workload, term: Term) -> Delivery:
    hours = term.days(bare.period) * HOURS_PER_DAY
    short_gpus = bare.short * bare.measure.gpus_per_unit
    penalty = short_gpus * hours * _shortage_usd(workload)
    return _with_money(bare, _value(workload, bare.gpus) * hours, penalty, NOTHING)


def _shortage_usd(workload: Workload) -> Fraction:
    if workload.penalty_usd_per_gpu_hour is not None:
        return exact(workload.penalty_usd_per_gpu_hour)
    return 10 * exact(workload.value[0].usd_per_gpu_hour)


def _value(workload: Workload, gpus: int) -> Fraction:
    """USD an hour of so many GPUs, filled into the tiers from the dearest down."""
    usd, below = NOTHING, 0
    for tier in workload.value:
        upto = gpus if tier.up_to_gpus is None else min(gpus, tier.up_to_gpus)
        usd += max(0, upto - below) * exact(tier.usd_per_gpu_hour)
        below = max(below, upto)
    return usd
