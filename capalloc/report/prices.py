"""What one more kW would be worth, and where."""

from __future__ import annotations

from capalloc.report.figures import count, usd_cents
from capalloc.report.runs import Days
from capalloc.report.table import Column, Grid, grid, words
from capalloc.schema.plan import Plan

_NODES_SHOWN = 5
_LEAST_USD = 0.005


def dear_nodes(plan: Plan) -> list[str]:
    """The nodes whose next kW is worth most over the horizon, the dearest first; five at most."""
    totals: dict[str, float] = {}
    for price in plan.prices:
        if price.usd_per_kw_month >= _LEAST_USD:
            totals[price.node] = totals.get(price.node, 0.0) + price.usd_per_kw_month
    return sorted(totals, key=lambda name: (-totals[name], name))[:_NODES_SHOWN]


def prices(plan: Plan, days: Days) -> Grid:
    """The dearest nodes: when, and between which worths, one more kW would pay; USD per kW and month."""
    columns = [words("Power node"), words("From … to"), Column("Periods"), Column("Least USD"), Column("Most USD")]
    rows = (_row(name, plan, days) for name in dear_nodes(plan))
    return grid("What one more kW would be worth a month (the dearest power nodes)", columns, rows)


def _row(name: str, plan: Plan, days: Days) -> tuple[str, ...]:
    worth = {
        price.period: price.usd_per_kw_month
        for price in plan.prices
        if price.node == name and price.usd_per_kw_month >= _LEAST_USD
    }
    dated = [label for label in plan.periods if label in worth]
    least, most = min(worth.values()), max(worth.values())
    return (name, days.span(dated[0], dated[-1]), count(len(dated)), usd_cents(least), usd_cents(most))
