"""What a plan earns by period, contract and tenant, and how much of it is firm on any day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from math import fsum

from capalloc.analysis.base import Base, base_of
from capalloc.calendar import Period, add_months, format_day
from capalloc.errors import Problem, ScenarioError
from capalloc.metrics.earnings import Earnings, earnings_of, full_fee_usd
from capalloc.metrics.revenue import revenue_between
from capalloc.roster.figures import departures
from capalloc.schema.demand import Contract
from capalloc.schema.event import Sign
from capalloc.schema.plan import Plan
from capalloc.schema.revenue import (
    By,
    Concentration,
    RevenueAnswer,
    RevenueContract,
    RevenuePeriod,
    RevenueSum,
    RevenueTenant,
    RevenueWorkload,
    ToObjective,
)
from capalloc.schema.scenario import Horizon, Scenario

_LINES = 14
"""Sums are by the finest span that gives no more lines than this, unless one is asked for."""
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_FINEST_FIRST: tuple[By, ...] = ("period", "month", "quarter", "year")


def revenue(scenario: Scenario, plan: Plan, *, as_of: date | None = None, by: By | None = None) -> RevenueAnswer:
    """Fees, values and penalties of a plan, with what of the fees is firm where notice is given on ``as_of`` or later.

    ``as_of`` is the horizon's first day unless given. ``by`` says what sums run over; unless given, the finest span
    that keeps the table short.

    Raises PlanFileError where the plan belongs to another scenario or breaks a rule, ScenarioError where ``as_of``
    is after the horizon.
    """
    return revenue_of_base(base_of(scenario, plan), as_of=as_of, by=by)


def revenue_of_base(base: Base, *, as_of: date | None = None, by: By | None = None) -> RevenueAnswer:
    """As :func:`revenue`, of a plan that is known to keep the rules."""
    scenario, horizon = base.scenario, base.scenario.horizon
    on = horizon.start if as_of is None else as_of
    _refuse_after(on, horizon)
    earned = list(earnings_of(base.instance, base.roster))
    contracts = tuple(_contracts(base, earned, on))
    tenants = tuple(_tenants(contracts))
    unit = by or _unit(horizon)
    return RevenueAnswer(
        about=base.about,
        as_of=on,
        start=horizon.start,
        until=horizon.end,
        periods=tuple(_row(one, period, on) for period in horizon.periods for one in earned if _serves(one, period)),
        by=unit,
        sums=tuple(_sum(span, earned, on) for span in _spans(horizon, unit)),
        contracts=contracts,
        workloads=tuple(_workload(one) for one in earned if not isinstance(one.data.demand, Contract)),
        tenants=tenants,
        concentration=_concentration(tenants),
        to_objective=_to_objective(base, earned),
        signs_later={
            event.contract.name: event.on for event in scenario.events if isinstance(event, Sign) and event.on > on
        },
    )


def _refuse_after(on: date, horizon: Horizon) -> None:
    if on >= horizon.end:
        days = f"from {format_day(horizon.start)} until {format_day(horizon.end)}"
        message = f"found {on.isoformat()}, expected a day of the plan, {days}, or one before it"
        raise ScenarioError([Problem("", 0, "--as-of", message)])


def _serves(one: Earnings, period: Period) -> bool:
    return bool(one.data.in_term[period.index])


def _unit(horizon: Horizon) -> By:
    """The finest span that gives few lines; years where none does."""
    return next((unit for unit in _FINEST_FIRST if len(_spans(horizon, unit)) <= _LINES), "year")


def _spans(horizon: Horizon, unit: By) -> tuple[Period, ...]:
    """The periods of a horizon, or the months, quarters or years that it touches, cut to it."""
    return horizon.periods if unit == "period" else tuple(_calendar_spans(horizon, _MONTHS[unit]))


def _calendar_spans(horizon: Horizon, months: int) -> Iterator[Period]:
    first = horizon.start.replace(day=1)
    start, number = add_months(first, -((first.month - 1) % months)), 0
    while start < horizon.end:
        end = add_months(start, months)
        yield Period(number, max(start, horizon.start), min(end, horizon.end), _label(start, months))
        start, number = end, number + 1


def _label(start: date, months: int) -> str:
    return {1: f"{start:%Y-%m}", 3: f"{start:%Y}-Q{start.month // 3 + 1}", 12: f"{start:%Y}"}[months]


def _row(one: Earnings, period: Period, on: date) -> RevenuePeriod:
    usd = _split(one, period, on)
    return RevenuePeriod(period=period.label, demand=one.data.name, **usd)


def _split(one: Earnings, span: Period, on: date) -> dict[str, float]:
    """The money of a demand on the days of a span, by the keys of records."""
    demand = one.data.demand
    found = dict.fromkeys(("fee_usd", "value_usd", "firm_usd", "at_risk_usd", "prospect_usd"), 0.0)
    found["penalty_usd"] = one.penalty_usd(span.start, span.end)
    if not isinstance(demand, Contract):
        return found | {"value_usd": one.revenue_usd(span.start, span.end)}
    split = revenue_between(one, demand, on, span.start, span.end)
    parts = {"firm_usd": split.firm_usd, "at_risk_usd": split.at_risk_usd, "prospect_usd": split.prospect_usd}
    return found | {"fee_usd": one.revenue_usd(span.start, span.end)} | parts


def _sum(span: Period, earned: Sequence[Earnings], on: date) -> RevenueSum:
    parts = [(one.prospect, _split(one, span, on)) for one in earned]
    signed = [usd for prospect, usd in parts if not prospect]
    keys = ("fee_usd", "value_usd", "penalty_usd", "firm_usd", "at_risk_usd")
    return RevenueSum(
        span=span.label,
        start=span.start,
        until=span.end,
        **{key: fsum(usd[key] for usd in signed) for key in keys},
        prospect_usd=fsum(usd["prospect_usd"] for _, usd in parts),
    )


def _contracts(base: Base, earned: Sequence[Earnings], on: date) -> Iterator[RevenueContract]:
    scenario, start, end = base.scenario, base.scenario.horizon.start, base.scenario.horizon.end
    leaves = [(run.demand, run.tenant_may_leave_from) for run in base.plan.shortfalls if run.tenant_may_leave_from]
    fees = fsum(_fee(one, start, end) for one in earned if not one.prospect)
    for one in earned:
        contract = one.data.demand
        if not isinstance(contract, Contract):
            continue
        split, total = revenue_between(one, contract, on, start, end), one.revenue_usd(start, end)
        yield RevenueContract(
            demand=one.data.name,
            tenant=contract.tenant,
            total_usd=total,
            penalty_usd=one.penalty_usd(start, end),
            firm_usd=split.firm_usd,
            at_risk_usd=split.at_risk_usd,
            firm_until=split.firm_until,
            may_leave_from=min((day for name, day in leaves if name == one.data.name), default=None),
            earned_usd=0.0 if one.prospect else one.revenue_usd(start, on),
            remaining_usd=one.firm_usd(on, max(on, start), end),
            beyond_usd=0.0 if split.firm_until is None else full_fee_usd(scenario, contract, end, split.firm_until),
            share=None if one.prospect or not fees else total / fees,
            notice_by=contract.termination.by,
            notice_days=contract.termination.notice_days,
            probability=split.probability,
            weighted_usd=split.weighted_usd,
            **_unit_prices(one, total),
        )


def _fee(one: Earnings, start: date, end: date) -> float:
    return one.revenue_usd(start, end) if isinstance(one.data.demand, Contract) else 0.0


def _unit_prices(one: Earnings, usd: float) -> dict[str, float | None]:
    kw_months, gpu_hours = one.kw_months, one.gpu_hours
    return {
        "kw_months": kw_months,
        "gpu_hours": gpu_hours,
        "usd_per_kw_month": usd / kw_months if kw_months else None,
        "usd_per_gpu_hour": usd / gpu_hours if gpu_hours else None,
    }


def _workload(one: Earnings) -> RevenueWorkload:
    value, penalty = float(one.revenue.sum()), float(one.penalty.sum())
    return RevenueWorkload(demand=one.data.name, value_usd=value, penalty_usd=penalty, **_unit_prices(one, value))


def _tenants(contracts: Sequence[RevenueContract]) -> list[RevenueTenant]:
    """Tenants of contracts that have signed, the largest first."""
    signed = [one for one in contracts if one.firm_until is not None]
    fees = fsum(one.total_usd for one in signed)
    found = [_tenant(name, [one for one in signed if one.tenant == name], fees) for name in _names(signed)]
    return sorted(found, key=lambda one: (-one.total_usd, one.tenant))


def _names(contracts: Sequence[RevenueContract]) -> list[str]:
    return list(dict.fromkeys(one.tenant for one in contracts))


def _tenant(name: str, contracts: Sequence[RevenueContract], fees: float) -> RevenueTenant:
    keys = (
        "total_usd", "penalty_usd", "firm_usd", "at_risk_usd", "earned_usd", "remaining_usd", "beyond_usd",
    )  # fmt: skip
    sums = {key: fsum(getattr(one, key) for one in contracts) for key in keys}
    share = sums["total_usd"] / fees if fees else None
    return RevenueTenant(tenant=name, contracts=len(contracts), share=share, **sums)


def _concentration(tenants: Sequence[RevenueTenant]) -> Concentration:
    paying = [one for one in tenants if one.share]
    if not paying:
        return Concentration(largest=None, share=0.0, hhi=0.0)
    hhi = fsum((one.share or 0.0) ** 2 for one in paying)
    return Concentration(largest=paying[0].tenant, share=paying[0].share or 0.0, hhi=min(hhi, 1.0))


def _to_objective(base: Base, earned: Sequence[Earnings]) -> ToObjective:
    fees = fsum(one.revenue.sum() for one in earned if isinstance(one.data.demand, Contract))
    values = fsum(one.revenue.sum() for one in earned if not isinstance(one.data.demand, Contract))
    penalties = fsum(one.penalty.sum() for one in earned)
    moves = int(departures(base.instance, base.roster).sum())
    cost = moves * base.scenario.policy.move_cost_usd_per_rack
    whole, objective = fees + values - penalties - cost, base.plan.objective_usd
    return ToObjective(
        fees_usd=fees,
        values_usd=values,
        penalties_usd=penalties,
        moves=moves,
        moves_usd=cost,
        undiscounted_usd=whole,
        discounting_usd=objective - whole,
        objective_usd=objective,
    )
