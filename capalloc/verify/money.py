"""What a plan delivers and earns, counted again from its assignments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from math import fsum

from capalloc.calendar import Period, add_days
from capalloc.schema.demand import Contract, Demand, Workload
from capalloc.schema.plan import DemandPeriod, Shortfall
from capalloc.units import HOURS_PER_DAY
from capalloc.verify.case import Case
from capalloc.verify.exact import NOTHING, by_month, exact, months
from capalloc.verify.measure import Measure, measure_of
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


@dataclass(frozen=True, slots=True)
class Recount:
    """The figures of a plan, counted from its assignments."""

    demands: tuple[DemandPeriod, ...]
    """By demand in the scenario's order, then by period."""
    shortfalls: tuple[Shortfall, ...]
    moves: int
    objective_usd: float


def deliveries(case: Case) -> tuple[Delivery, ...]:
    """Every demand in every period that its term touches."""
    return tuple(
        delivery
        for demand in case.demands.values()
        for delivery in _of_demand(case, demand, measure_of(case.scenario.facility, demand))
    )


def _of_demand(case: Case, demand: Demand, measure: Measure) -> Iterator[Delivery]:
    term = case.terms[demand.name]
    for period in case.periods:
        if term.touches(period):
            bare = _delivery(case, demand, measure, term, period)
            yield _paid(bare, term)


def _paid(bare: Delivery, term: Term) -> Delivery:
    """The delivery with its revenue and penalty."""
    if isinstance(bare.demand, Workload):
        return _workload(bare, bare.demand, term)
    assert isinstance(bare.demand, Contract)
    return _contract(bare, bare.demand, term)


def _delivery(case: Case, demand: Demand, measure: Measure, term: Term, period: Period) -> Delivery:
    tally = case.roster.tally[period.index]
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


def departures(case: Case, period: Period) -> list[str]:
    """Racks that stop serving a demand whose term touches the period."""
    before = case.roster.serving[period.index - 1] if period.index else case.roster.held
    now = case.roster.serving[period.index]
    if before is now:
        return []
    return [rack for rack, demand in before.items() if now.get(rack) != demand and case.terms[demand].touches(period)]


def recount_case(case: Case) -> Recount:
    """All figures of a lowered plan."""
    each = deliveries(case)
    moves = [len(departures(case, period)) for period in case.periods]
    return Recount(
        demands=tuple(map(_row, each)),
        shortfalls=tuple(_shortfalls(case, each)),
        moves=sum(moves),
        objective_usd=_objective(case, each, moves),
    )


def _row(delivery: Delivery) -> DemandPeriod:
    per_unit = delivery.measure.kw_per_unit
    return DemandPeriod(
        demand=delivery.demand.name,
        period=delivery.period.label,
        committed_kw=float(delivery.committed * per_unit),
        wanted_kw=float(delivery.wanted * per_unit),
        delivered_kw=float(delivery.kw),
        racks=delivery.racks,
        gpus=delivery.gpus,
        revenue_usd=float(delivery.revenue),
        penalty_usd=float(delivery.penalty),
    )


def _objective(case: Case, each: tuple[Delivery, ...], moves: list[int]) -> float:
    usd = [-exact(case.scenario.policy.move_cost_usd_per_rack) * count for count in moves]
    for delivery in each:
        usd[delivery.period.index] += delivery.revenue - delivery.penalty
    start, rate = case.scenario.horizon.start, case.scenario.policy.discount_rate
    return fsum(
        float(amount) * (1 + rate) ** (-(period.start - start).days / 365)
        for amount, period in zip(usd, case.periods, strict=True)
    )


def _shortfalls(case: Case, each: tuple[Delivery, ...]) -> Iterator[Shortfall]:
    run: list[Delivery] = []
    for delivery in each:
        short = isinstance(delivery.demand, Contract) and delivery.short > 0
        goes_on = run and run[-1].demand is delivery.demand and run[-1].period.index + 1 == delivery.period.index
        if run and not (short and goes_on):
            yield _shortfall(case, run)
            run = []
        if short:
            run.append(delivery)
    if run:
        yield _shortfall(case, run)


def _shortfall(case: Case, run: list[Delivery]) -> Shortfall:
    """One run of short periods; it begins and ends inside the contract's term."""
    first, last, contract = run[0], run[-1], run[0].demand
    assert isinstance(contract, Contract)
    term = case.terms[contract.name]
    start, until = max(first.period.start, term.start), min(last.period.end, term.end)
    cure = add_days(start, contract.shortfall.cure_days)
    leaves = contract.shortfall.remedy == "terminate" and cure < until
    return Shortfall(
        demand=contract.name,
        start=start,
        until=until,
        most_short_kw=float(max(delivery.short * delivery.measure.kw_per_unit for delivery in run)),
        penalty_usd=float(sum((delivery.penalty for delivery in run), NOTHING)),
        lost_fee_usd=float(sum((delivery.lost_fee for delivery in run), NOTHING)),
        tenant_may_leave_from=cure if leaves else None,
    )
