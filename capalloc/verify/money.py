"""What a plan earns and misses, counted again from its assignments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import ceil, fsum

from capalloc.calendar import add_days
from capalloc.schema.demand import Contract, Demand
from capalloc.schema.plan import DemandPeriod, Shortfall, Unplaced
from capalloc.verify.case import Case
from capalloc.verify.delivery import Days, Delivery, full_revenue
from capalloc.verify.exact import NOTHING, exact
from capalloc.verify.missing import missing_racks


@dataclass(frozen=True, slots=True)
class Recount:
    """The figures of a plan, counted from its assignments."""

    demands: tuple[DemandPeriod, ...]
    """By demand in the scenario's order, then by period."""
    shortfalls: tuple[Shortfall, ...]
    unplaced: tuple[Unplaced, ...]
    """Without reasons, which are for the search to tell."""
    moves: int
    objective_usd: float


def recount_case(case: Case) -> Recount:
    """All figures of a lowered plan."""
    return Recount(
        demands=tuple(map(_row, case.deliveries)),
        shortfalls=tuple(_shortfalls(case)),
        unplaced=tuple(map(_unplaced, (one for one in case.deliveries if one.short))),
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


def _unplaced(delivery: Delivery) -> Unplaced:
    racks = ceil(missing_racks(delivery))
    return Unplaced(demand=delivery.demand.name, period=delivery.period.label, racks=racks)


def _objective(case: Case) -> float:
    usd = [-exact(case.scenario.policy.move_cost_usd_per_rack) * count for count in case.departures]
    for delivery in case.deliveries:
        usd[delivery.period.index] += delivery.revenue - delivery.penalty
    return _discounted(case, usd)


def most_usd(case: Case) -> float:
    """What demands are worth that get all they pay for, at no cost: no plan is worth more. Discounted USD."""
    usd = [NOTHING] * len(case.periods)
    for delivery in case.deliveries:
        usd[delivery.period.index] += full_revenue(delivery, case.terms[delivery.demand.name])
    return _discounted(case, usd)


def _discounted(case: Case, usd: Sequence[Fraction]) -> float:
    start, rate = case.scenario.horizon.start, case.scenario.policy.discount_rate
    return fsum(
        float(amount) * (1 + rate) ** (-(period.start - start).days / 365)
        for amount, period in zip(usd, case.periods, strict=True)
    )


def _shortfalls(case: Case) -> Iterator[Shortfall]:
    """Runs of days without a gap on which a demand is short; a run ends with the demand's last days."""
    run: list[tuple[Delivery, Days]] = []
    for delivery in case.deliveries:
        for days in delivery.days:
            goes_on = run and run[-1][0].demand is delivery.demand and run[-1][1].end == days.start
            if run and not (days.short and goes_on):
                yield _shortfall(run)
                run = []
            if days.short:
                run.append((delivery, days))
    if run:
        yield _shortfall(run)


def _shortfall(run: list[tuple[Delivery, Days]]) -> Shortfall:
    """One run of short days."""
    demand, start, until = run[0][0].demand, run[0][1].start, run[-1][1].end
    return Shortfall(
        demand=demand.name,
        start=start,
        until=until,
        most_short_kw=float(max(days.short * delivery.measure.kw_per_unit for delivery, days in run)),
        penalty_usd=float(sum((days.penalty for _, days in run), NOTHING)),
        lost_fee_usd=float(sum((days.lost_fee for _, days in run), NOTHING)),
        tenant_may_leave_from=_leaves(demand, start, until),
    )


def _leaves(demand: Demand, start: date, until: date) -> date | None:
    """The first day after the cure period, where the run lasts that long and the contract can be terminated."""
    if not isinstance(demand, Contract) or demand.shortfall.remedy != "terminate":
        return None
    cured = add_days(start, demand.shortfall.cure_days)
    return cured if cured < until else None
