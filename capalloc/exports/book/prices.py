"""What one more kW would be worth, where and when."""

from __future__ import annotations

from capalloc.exports.book.table import Column, Table
from capalloc.schema.plan import Plan

_COLUMNS = (
    Column("Of", note="node: its limits one kW higher, also after losses. demand: one kW of it served from elsewhere."),
    Column("Name"),
    Column("Period"),
    Column("USD per kW-month", "price", note="Discounted to the horizon's first day, from the relaxation."),
)


def prices_table(plan: Plan) -> Table:
    """A row for each price that the plan states; any other is 0."""
    nodes = [("node", one.node, one.period, one.usd_per_kw_month) for one in plan.prices]
    demands = [("demand", one.demand, one.period, one.usd_per_kw_month) for one in plan.demand_prices]
    return Table("Prices", _COLUMNS, [*nodes, *demands])
