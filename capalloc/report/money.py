"""Fee, value and penalty by demand, how much of the fees is firm, and what prospects would pay."""

from __future__ import annotations

from collections.abc import Sequence

from capalloc.calendar import format_day
from capalloc.metrics import Revenue
from capalloc.report.figures import DASH, percent, usd
from capalloc.report.table import Column, Grid, grid, words
from capalloc.schema.plan import DemandPeriod, Plan


def money(plan: Plan, revenue: Sequence[Revenue]) -> Grid:
    """One line a signed demand in the plan's order, then the total; dollars are not discounted."""
    columns = [
        words("Demand"),
        Column("Fee or value"),
        Column("Penalty"),
        Column("Firm fee"),
        Column("At risk"),
        Column("Firm until", optional=True),
    ]
    split = {one.demand: one for one in revenue}
    rows = [row for row in plan.demands if not (row.demand in split and split[row.demand].is_prospect)]
    lines = [_line(name, rows, split.get(name)) for name in dict.fromkeys(row.demand for row in rows)]
    return grid("Money over the horizon, USD, not discounted", columns, [*lines, _total(rows, revenue)], True)


def prospects(plan: Plan, revenue: Sequence[Revenue]) -> Grid:
    """One line a prospect that was asked for: what it would pay, and the same times its probability."""
    columns = [words("Prospect"), Column("Probability"), Column("Fee"), Column("Fee, weighted"), Column("Penalty")]
    rows = (
        (one.demand, percent(one.probability, 0), usd(one.prospect_usd), usd(one.weighted_usd), _penalty(one, plan))
        for one in revenue
        if one.is_prospect
    )
    return grid("Prospects that were asked for, USD, not discounted", columns, rows)


def prospects_note() -> str:
    """Where figures of prospects count and where not."""
    return (
        "Weighted: times the probability of the signature. The objective has these fees in full, as if signed; "
        "no other figure of money has them, and none of them is firm."
    )


def _penalty(one: Revenue, plan: Plan) -> str:
    return usd(sum(row.penalty_usd for row in plan.demands if row.demand == one.demand))


def firm_note() -> str:
    """What the words firm and at risk mean here."""
    return (
        "Firm: fees before the day of Firm until, on which a contract could be over if notice were given on the "
        "horizon's first day. At risk: fees from that day on."
    )


def _line(name: str, rows: Sequence[DemandPeriod], split: Revenue | None) -> tuple[str, ...]:
    mine = [row for row in rows if row.demand == name]
    earned, penalty = sum(row.revenue_usd for row in mine), sum(row.penalty_usd for row in mine)
    firm = (DASH, DASH, DASH)
    if split is not None and split.firm_until is not None:
        firm = (usd(split.firm_usd), usd(split.at_risk_usd), format_day(split.firm_until))
    return (name, usd(earned), usd(penalty), *firm)


def _total(rows: Sequence[DemandPeriod], revenue: Sequence[Revenue]) -> tuple[str, ...]:
    return (
        "Total",
        usd(sum(row.revenue_usd for row in rows)),
        usd(sum(row.penalty_usd for row in rows)),
        usd(sum(one.firm_usd for one in revenue)),
        usd(sum(one.at_risk_usd for one in revenue)),
        "",
    )
