"""What one more kW would be worth, and where."""

from __future__ import annotations

from capalloc.report.figures import usd_cents
from capalloc.report.runs import Line, runs
from capalloc.report.table import Column, Grid, grid, words
from capalloc.schema.plan import Plan

_NODES_SHOWN = 5
_LEAST_USD = 0.005


def dear_nodes(plan: Plan) -> list[str]:
    """The nodes whose next kW is worth most over the horizon, the dearest first; five at most."""
    totals: dict[str, float] = {}
    for price in plan.prices:
        totals[price.node] = totals.get(price.node, 0.0) + price.usd_per_kw_month
    dear = [name for name, total in totals.items() if total >= _LEAST_USD]
    return sorted(dear, key=lambda name: (-totals[name], name))[:_NODES_SHOWN]


def prices(plan: Plan, all_periods: bool) -> Grid:
    """The dearest nodes with the worth of one more kW, in USD per kW and month."""
    columns = [words("Power node"), words("Periods"), Column("USD per kW-month")]
    rows = ((name, line.period, *line.cells) for name in dear_nodes(plan) for line in _runs(name, plan, all_periods))
    return grid("What one more kW would be worth (the dearest power nodes)", columns, rows)


def _runs(name: str, plan: Plan, all_periods: bool) -> list[Line]:
    found = [price for price in plan.prices if price.node == name and price.usd_per_kw_month >= _LEAST_USD]
    lines = [Line(price.period, (usd_cents(price.usd_per_kw_month),)) for price in found]
    return runs(lines, plan.periods, all_periods)
