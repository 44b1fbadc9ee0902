"""A plan in a few lines, each sum a formula over the sheet that it sums up."""

from __future__ import annotations

from collections.abc import Iterator

from capalloc.analysis.picture import Pictured
from capalloc.exports.book.money import FEE, PENALTY, VALUE
from capalloc.exports.book.table import Cell, Column, Formula, Table

_COLUMNS = (Column("Figure"), Column("Value", "usd"), Column("Unit"), Column("Remark"))


def summary_table(pictured: Pictured, money: Table) -> Table:
    """What the plan is, and its way from fees to the objective."""
    return Table("Summary", _COLUMNS, list(_rows(pictured, money)))


def _rows(pictured: Pictured, money: Table) -> Iterator[tuple[Cell, ...]]:
    way = pictured.revenue.to_objective
    yield "Fees", Formula(f"=SUM({money.cells(FEE)})", way.fees_usd), "USD", "of contracts"
    yield "Values", Formula(f"=SUM({money.cells(VALUE)})", way.values_usd), "USD", "of workloads"
    yield "Penalties", Formula(f"=SUM({money.cells(PENALTY)})", way.penalties_usd), "USD", ""
    yield "Moves", way.moves_usd, "USD", ""
    yield "Not discounted", Formula("=B2+B3-B4-B5", way.undiscounted_usd), "USD", ""
    yield "Discounting", way.discounting_usd, "USD", ""
    yield "Objective", Formula("=B6+B7", way.objective_usd), "USD", "discounted"
