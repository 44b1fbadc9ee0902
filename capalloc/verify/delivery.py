"""What each demand gets in each period, and what that earns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from capalloc.calendar import Period
from capalloc.schema.demand import Contract, Demand, Workload
from capalloc.schema.facility import Facility
from capalloc.units import HOURS_PER_DAY
from capalloc.verify.exact import NOTHING, exact, months
from capalloc.verify.measure import Measure, measure_of
from capalloc.verify.roster import Roster
from capalloc.verify.term import Step, Term

_PLENTY = 10**15
"""Watts, GPUs or racks: more than any demand asks for."""


@dataclass(frozen=True, slots=True)
class Days:
    """Days [start, end) of a period under one step, exact: each with that day's own commitment and fee."""

    start: date
    end: date
    short: Fraction
    """What is missing of the commitment (a workload: of its ``min``), in the demand's unit."""
    revenue: Fraction
    penalty: Fraction
    lost_fee: Fraction
    """Fee that full delivery would have earned beyond the revenue."""


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
    days: tuple[Days, ...]
    """In order."""

    @property
    def revenue(self) -> Fraction:
        """Fee or value."""
        return sum((days.revenue for days in self.days), NOTHING)

    @property
    def penalty(self) -> Fraction:
        """For what is short, day by day."""
        return sum((days.penalty for days in self.days), NOTHING)

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
                yield _delivery(demand, measure, term, period, roster.tally[period.index])


def _delivery(
    demand: Demand, measure: Measure, term: Term, period: Period, tally: Mapping[tuple[str, str], int]
) -> Delivery:
    racks = {kind: count for (name, kind), count in tally.items() if name == demand.name}
    wanted = term.amount(period)
    delivered = sum((count * measure.per_rack[kind] for kind, count in racks.items()), NOTHING)
    gpus = sum(count * measure.gpus[kind] for kind, count in racks.items())
    return Delivery(
        demand=demand,
        period=period,
        measure=measure,
        wanted=wanted,
        committed=term.least(period) if isinstance(demand, Workload) else wanted,
        delivered=delivered,
        kw=sum((count * measure.kw[kind] for kind, count in racks.items()), NOTHING),
        racks=sum(racks.values()),
        gpus=gpus,
        days=tuple(_days(demand, measure, piece, delivered, gpus) for piece in term.pieces(period)),
    )


def full_revenue(delivery: Delivery, term: Term) -> Fraction:
    """What the demand would earn in the period with more than it can use."""
    demand, measure = delivery.demand, delivery.measure
    pieces = term.pieces(delivery.period)
    return sum((_days(demand, measure, piece, Fraction(_PLENTY), _PLENTY).revenue for piece in pieces), NOTHING)


def _days(demand: Demand, measure: Measure, piece: tuple[Step, date, date], delivered: Fraction, gpus: int) -> Days:
    """What is earned and missed on some days under one step."""
    step, start, end = piece
    if isinstance(demand, Workload):
        short = max(NOTHING, step.least - delivered)
        hours = (end - start).days * HOURS_PER_DAY
        worth = _value(demand, min(Fraction(gpus), measure.most_gpus(step.amount))) * hours
        penalty = short * measure.gpus_per_unit * hours * _shortage_usd(demand)
        return Days(start, end, short, worth, penalty, NOTHING)
    assert isinstance(demand, Contract)
    short = max(NOTHING, step.amount - delivered)
    fee = _hourly if demand.fee.usd_per_gpu_hour is not None else _monthly
    earned, lost = fee(demand, measure, piece, delivered, gpus)
    rate = exact(demand.shortfall.penalty_usd_per_kw_month)
    return Days(start, end, short, earned, short * measure.kw_per_unit * rate * months(start, end), lost)


def _hourly(
    contract: Contract, measure: Measure, piece: tuple[Step, date, date], delivered: Fraction, gpus: int
) -> tuple[Fraction, Fraction]:
    """Fee earned and lost at a price per GPU-hour; a missing GPU is one of the first type."""
    step, start, end = piece
    usd = exact(contract.fee.usd_per_gpu_hour or 0) * HOURS_PER_DAY * (end - start).days * step.fee_factor
    most = (step.amount + measure.flex) * measure.gpus_per_unit
    missing = max(NOTHING, step.amount - delivered) * measure.gpus_per_unit
    paid = min(Fraction(gpus), most)
    return usd * paid, usd * (min(gpus + missing, most) - paid)


def _monthly(
    contract: Contract, measure: Measure, piece: tuple[Step, date, date], delivered: Fraction, gpus: int
) -> tuple[Fraction, Fraction]:
    """Fee earned and lost at a price per month, or per kW and month."""
    step, start, end = piece
    length = months(start, end) * step.fee_factor
    got, usd = min(delivered, step.amount + measure.flex), contract.fee.usd_per_month
    if usd is not None and not step.amount:
        return exact(usd) * length, NOTHING
    by_kw = exact(contract.fee.usd_per_kw_month or 0) * measure.kw_per_unit
    per_unit = length * (by_kw if usd is None else exact(usd) / step.amount)
    return per_unit * got, per_unit * max(NOTHING, step.amount - delivered)


def _shortage_usd(workload: Workload) -> Fraction:
    if workload.penalty_usd_per_gpu_hour is not None:
        return exact(workload.penalty_usd_per_gpu_hour)
    return 10 * exact(workload.value[0].usd_per_gpu_hour)


def _value(workload: Workload, gpus: Fraction) -> Fraction:
    """USD an hour of so many GPUs, filled into the tiers from the dearest down."""
    usd, below = NOTHING, NOTHING
    for tier in workload.value:
        upto = gpus if tier.up_to_gpus is None else min(gpus, Fraction(tier.up_to_gpus))
        usd += max(NOTHING, upto - below) * exact(tier.usd_per_gpu_hour)
        below = max(below, upto)
    return usd
