"""Fee, value and penalty by demand, and how much of the fees is firm."""

from __future__ import annotations

from collections.abc import Sequence

from capalloc.calendar import format_day
from capalloc.metrics import Revenue
from capalloc.report.figures import DASH, usd
from capalloc.report.table import Column, Grid, grid, words
from capalloc.schema.plan import Plan


def money(plan: Plan, revenue: Sequence[Revenue]) -> Grid:
    """One line a demand in the plan's order, then the total; dollars are not discounted."""
    columns = [
        words("Demand"),
        Column("Fee or value"),
        Column("Penalty"),
        Column("Firm fee"),
        Column("At risk"),
        Column("Firm until", optional=True),
    ]
    split = {one.demand: one for one in revenue}
    names = list(dict.fromkeys(row.demand for row in plan.demands))
    rows = [_row(name, plan, split.get(name)) for name in names]
    return grid("Money over the horizon, USD, not discounted", columns, [*rows, _total(plan, revenue)], True)


def firm_note() -> str:
    """What the words firm and at risk mean here."""
    return (
        "Firm: fees up to the day when a contract could end if notice were given on the horizon's first day. "
        "At risk: the fees after it."
    )


def _row(name: str, plan: Plan, split: Revenue | None) -> tuple[str, ...]:
    rows = [row for row in plan.demands if row.demand == name]
    earned, penalty = sum(row.revenue_usd for row in rows), sum(row.penalty_usd for row in rows)
    firm = (DASH, DASH, DASH)
    if split is not None:
        firm = (usd(split.firm_usd), usd(split.at_risk_usd), format_day(split.firm_until))
    return (name, usd(earned), usd(penalty), *firm)


def _total(plan: Plan, revenue: Sequence[Revenue]) -> tuple[str, ...]:
    return (
        "Total",
        usd(sum(row.revenue_usd for row in plan.demands)),
        usd(sum(row.penalty_usd for row in plan.demands)),
        usd(sum(one.firm_usd for one in revenue)),
        usd(sum(one.at_risk_usd for one in revenue)),
        "",
    )
