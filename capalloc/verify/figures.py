"""The figures that a plan states, against the ones that its assignments give. They are reported under the ramp rule."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from math import isclose

from capalloc.calendar import Period, format_day
from capalloc.schema.plan import DemandPeriod, Shortfall
from capalloc.schema.rules import Rule
from capalloc.schema.verdict import Violation
from capalloc.verify.case import Case, found
from capalloc.verify.exact import shown
from capalloc.verify.money import Recount, recount_case

_RELATIVE, _ABSOLUTE = 1e-9, 0.01
_GAP = 1e-6
_ROW = (
    ("committed_kw", "kW"),
    ("wanted_kw", "kW"),
    ("delivered_kw", "kW"),
    ("racks", "racks"),
    ("gpus", "GPUs"),
    ("revenue_usd", "USD"),
    ("penalty_usd", "USD"),
)
_RUN = (("most_short_kw", "kW"), ("penalty_usd", "USD"), ("lost_fee_usd", "USD"))


def figures(case: Case) -> Iterator[Violation]:
    """Every stated figure that is not what was counted."""
    truth = recount_case(case)
    yield from _rows(case, truth)
    yield from _shortfalls(case, truth)
    yield from _totals(case, truth)


def _same(stated: float, counted: float) -> bool:
    return isclose(stated, counted, rel_tol=_RELATIVE, abs_tol=_ABSOLUTE)


def _rows(case: Case, truth: Recount) -> Iterator[Violation]:
    labels = {period.label: period for period in case.periods}
    stated: dict[tuple[str, str], DemandPeriod] = {}
    for row in case.plan.demands:
        if (row.demand, row.period) in stated:
            yield _count(row.demand, labels.get(row.period), 2, 1, f"{row.demand} has two rows for {row.period}")
        stated.setdefault((row.demand, row.period), row)
    counted = {(row.demand, row.period): row for row in truth.demands}
    for name, label in sorted(stated.keys() - counted.keys()):
        yield _count(name, labels.get(label), 1, 0, f"{name} has a row for {label}, which its term does not touch")
    for (name, label), row in counted.items():
        period = labels[label]
        if (name, label) in stated:
            yield from _fields(_ROW, stated[name, label], row, name, period)
        else:
            yield _count(name, period, 0, 1, f"{name} has no row for {label}, which its term touches")


def _fields(
    fields: tuple[tuple[str, str], ...],
    stated: DemandPeriod | Shortfall,
    counted: DemandPeriod | Shortfall,
    name: str,
    period: Period | None,
) -> Iterator[Violation]:
    for field, unit in fields:
        says, is_ = getattr(stated, field), getattr(counted, field)
        if not _same(says, is_):
            message = f"{name}: the plan states {field} {shown(says)}, its assignments give {shown(is_)}"
            yield found(Rule.RAMP, name, period, says, is_, unit, message)


def _count(
    where: str, period: Period | None, stated: float, counted: float, message: str, unit: str = "rows"
) -> Violation:
    return found(Rule.RAMP, where, period, stated, counted, unit, message)


def _shortfalls(case: Case, truth: Recount) -> Iterator[Violation]:
    stated: dict[tuple[str, date], Shortfall] = {}
    for run in case.plan.shortfalls:
        if (run.demand, run.start) in stated:
            message = f"{run.demand} has two shortfalls from {format_day(run.start)}"
            yield _count(run.demand, _period(case, run.start), 2, 1, message, "shortfalls")
        stated.setdefault((run.demand, run.start), run)
    counted = {(run.demand, run.start): run for run in truth.shortfalls}
    for name, start in sorted(stated.keys() - counted.keys()):
        message = f"{name} has no shortfall that starts {format_day(start)}, but the plan names one"
        yield _count(name, _period(case, start), 1, 0, message, "shortfalls")
    for (name, start), run in counted.items():
        if (name, start) in stated:
            yield from _run(stated[name, start], run, _period(case, start))
        else:
            message = (
                f"{name} is short from {format_day(start)} until {format_day(run.until)}; the plan does not say so"
            )
            yield _count(name, _period(case, start), 0, 1, message, "shortfalls")


def _period(case: Case, day: date) -> Period | None:
    return next((period for period in case.periods if period.start <= day < period.end), None)


def _run(stated: Shortfall, counted: Shortfall, period: Period | None) -> Iterator[Violation]:
    yield from _fields(_RUN, stated, counted, counted.demand, period)
    for field in ("until", "tenant_may_leave_from"):
        says, is_ = getattr(stated, field), getattr(counted, field)
        if says != is_:
            message = f"{counted.demand}: the shortfall's {field} is stated as {_day(says)}, found {_day(is_)}"
            days = abs((says - is_).days) if says is not None and is_ is not None else 1
            yield _count(counted.demand, period, days, 0, message, "days")


def _day(day: date | None) -> str:
    return "never" if day is None else format_day(day)


def _totals(case: Case, truth: Recount) -> Iterator[Violation]:
    plan, usd = case.plan, truth.objective_usd
    if plan.stats.moves != truth.moves:
        message = f"the plan states {plan.stats.moves} moves, its assignments give {truth.moves}"
        yield _count("moves", None, plan.stats.moves, truth.moves, message, "racks")
    if not _same(plan.objective_usd, usd):
        message = f"the plan states an objective of {shown(plan.objective_usd)} USD, recounted {shown(usd)} USD"
        yield _count("objective_usd", None, plan.objective_usd, usd, message, "USD")
    if plan.bound_usd < usd and not _same(plan.bound_usd, usd):
        message = f"the bound of {shown(plan.bound_usd)} USD is below the objective of {shown(usd)} USD"
        yield _count("bound_usd", None, plan.bound_usd, usd, message, "USD")
    if plan.precedence is not None and plan.most_usd < usd and not _same(plan.most_usd, usd):
        message = f"the bound in its order, {shown(plan.most_usd)} USD, is below the objective of {shown(usd)} USD"
        yield _count("precedence", None, plan.most_usd, usd, message, "USD")
    yield from _gap(plan.bound_usd, plan.objective_usd, plan.gap)


def _gap(bound: float, objective: float, stated: float) -> Iterator[Violation]:
    apart = bound - objective
    gap = apart / abs(bound) if bound else float(apart > _ABSOLUTE)
    if abs(gap - stated) > _GAP:
        message = f"the plan states a gap of {stated:.3g}; (bound - objective) / |bound| is {gap:.3g}"
        yield _count("gap", None, stated, gap, message, "share")
