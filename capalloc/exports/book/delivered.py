"""MW by demand and period: time runs across."""

from __future__ import annotations

from collections.abc import Sequence

from capalloc.analysis.picture import Pictured
from capalloc.exports.book.table import Cell, Column, Table
from capalloc.exports.ledger import Line
from capalloc.units import KW_PER_MW


def delivered_table(pictured: Pictured, ledger: Sequence[Line]) -> Table:
    """A row for each demand, a column for each period."""
    periods = pictured.periods
    columns = [
        Column("Demand"),
        Column("Tenant"),
        Column("Kind"),
        *(Column(period.label, "mw", total=True) for period in periods),
    ]
    by_demand: dict[str, dict[int, Line]] = {}
    for line in ledger:
        by_demand.setdefault(line.demand, {})[line.period.index] = line
    return Table("Delivered MW", columns, [_row(lines, len(periods)) for lines in by_demand.values()])


def _row(lines: dict[int, Line], periods: int) -> tuple[Cell, ...]:
    one = next(iter(lines.values()))
    mw = (lines[t].given.delivered_kw / KW_PER_MW if t in lines else 0.0 for t in range(periods))
    return (one.demand, one.tenant, one.kind, *mw)
