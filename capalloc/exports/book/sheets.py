"""The sheets of a plan's workbook, in the order of their tabs."""

from __future__ import annotations

from capalloc.analysis.base import Base
from capalloc.analysis.picture import Pictured
from capalloc.exports.book.charts import charts
from capalloc.exports.book.contracts import contracts_table
from capalloc.exports.book.matrix import committed_table, delivered_table
from capalloc.exports.book.money import money_table
from capalloc.exports.book.months import months_table
from capalloc.exports.book.nodes import nodes_table
from capalloc.exports.book.places import Racks, assignments_table, deliveries_table, moves_table
from capalloc.exports.book.prices import prices_table
from capalloc.exports.book.short import reasons_table, shortfalls_table
from capalloc.exports.book.site import site_table
from capalloc.exports.book.summary import Sources, summary_table
from capalloc.exports.book.table import Table
from capalloc.exports.ledger import ledger_of


def sheets_of(base: Base) -> list[Table]:
    """What is summed up first, then what it is the sum of, then racks and nodes."""
    pictured, plan = Pictured.of_base(base), base.plan
    ledger, racks = ledger_of(pictured), Racks(pictured)
    delivered = delivered_table(pictured, ledger)
    by_period, by_month = site_table(pictured, ledger, delivered), months_table(base)
    sources = Sources(money_table(ledger), by_period, moves_table(pictured, racks), shortfalls_table(plan))
    return [
        summary_table(pictured, sources, list(charts(delivered, by_period, by_month))),
        delivered,
        committed_table(pictured, ledger),
        by_period,
        by_month,
        sources.money,
        contracts_table(pictured.revenue),
        sources.shortfalls,
        reasons_table(plan),
        sources.moves,
        deliveries_table(pictured, racks),
        assignments_table(pictured, racks),
        nodes_table(pictured),
        prices_table(plan),
    ]
