"""What a plan earns and misses, counted again from its assignments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import fsum

from capalloc.calendar import add_days
from capalloc.schema.demand import Contract
from capalloc.schema.plan import DemandPeriod, Shortfall
from capalloc.verify.case import Case
from capalloc.verify.delivery import Delivery
from capalloc.verify.exact import NOTHING, exact


@dataclass(frozen=True, slots=True)
class Recount:
    """The figures of a plan, counted from its assignments."""

    demands: tuple[DemandPeriod, ...]
    """By demand in the scenario's order, then by period."""
    shortfalls: tuple[Shortfall, ...]
    moves: int
    objective_usd: float


def recount_case(case: Case) -> Recount:
    """All figures of a lowered plan."""
    return Recount(
        demands=tuple(map(_row, case.deliveries)),
        shortfalls=tuple(_shortfalls(case)),
        moves=sum(case.departures),
        objective_usd=_objective(case),
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


def _objective(case: Case) -> float:
    usd = [-exact(case.scenario.policy.move_cost_usd_per_rack) * count for count in case.departures]
    for delivery in case.deliveries:
        usd[delivery.period.index] += delivery.revenue - delivery.penalty
    start, rate = case.scenario.horizon.start, case.scenario.policy.discount_rate
    return fsum(
        float(amount) * (1 + rate) ** (-(period.start - start).days / 365)
        for amount, period in zip(usd, case.periods, strict=True)
    )


def _shortfalls(case: Case) -> Iterator[Shortfall]:
    run: list[Delivery] = []
    for delivery in case.deliveries:
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
