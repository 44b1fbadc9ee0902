"""Charts of the summary: the ramp, and fees by how firm they are."""

from __future__ import annotations

from collections.abc import Iterator

from capalloc.exports.book import matrix, months, site
from capalloc.exports.book.table import Chart, Series, Table

_MOST_APART = 16
"""Demands that are told apart; of more, and where there are none, the kinds are."""


def charts(delivered: Table, by_period: Table, by_month: Table) -> Iterator[Chart]:
    """MW by demand over time with the site's limit, and fees by month."""
    along = by_period.cells("Period")
    limit = Series(_head(by_period, site.LIMIT), along, by_period.cells(site.LIMIT), line=True)
    if 0 < len(delivered.rows) <= _MOST_APART:
        stacked = list(_by_demand(delivered, len(by_period.rows)))
    else:
        stacked = [Series(_head(by_period, head), along, by_period.cells(head)) for head in site.KINDS.values()]
    yield Chart("Delivered by period", "MW", [*stacked, limit])
    fees = [
        Series(_head(by_month, head), by_month.cells(months.MONTH), by_month.cells(head))
        for head in (months.FIRM, months.AT_RISK)
    ]
    yield Chart("Fees by month", "USD", fees)


def _by_demand(delivered: Table, periods: int) -> Iterator[Series]:
    first, last = matrix.column_of(0), matrix.column_of(periods - 1)
    for row in range(2, len(delivered.rows) + 2):
        yield Series(
            f"'{delivered.name}'!$A${row}",
            f"'{delivered.name}'!${first}$1:${last}$1",
            f"'{delivered.name}'!${first}${row}:${last}${row}",
        )


def _head(table: Table, head: str) -> str:
    return f"'{table.name}'!${table.letters(head)}$1"
