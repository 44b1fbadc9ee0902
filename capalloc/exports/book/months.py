"""Money by month of the calendar."""

from __future__ import annotations

from capalloc.analysis.base import Base
from capalloc.analysis.revenue import revenue_of_base
from capalloc.exports.book.table import Cell, Column, Formula, Table
from capalloc.schema.revenue import RevenueSum

MONTH, FIRM, AT_RISK = "Month", "Firm fee USD", "At-risk fee USD"
_COLUMNS = (
    Column(MONTH),
    Column("From", "day"),
    Column("Until", "day", note="The first day after the month, or after the horizon."),
    Column("Fee USD", "usd", total=True, note="Of contracts that have signed."),
    Column("Value USD", "usd", total=True, note="Of workloads."),
    Column("Penalty USD", "usd", total=True, note="Of contracts that have signed, and of workloads."),
    Column("Net USD", "usd", total=True, note="Fee and value less penalty."),
    Column(FIRM, "usd", total=True, note="What notice, given on the horizon's first day or later, cannot take away."),
    Column(AT_RISK, "usd", total=True, note="The rest of the fee."),
    Column("Prospect fee USD", "usd", total=True, note="Beside the fee: of contracts that have not signed."),
)


def months_table(base: Base) -> Table:
    """A row for each month that the horizon touches."""
    return Table("Months", _COLUMNS, [_row(one) for one in revenue_of_base(base, by="month").sums])


def _row(one: RevenueSum) -> tuple[Cell, ...]:
    return (
        one.span, one.start, one.until, one.fee_usd, one.value_usd, one.penalty_usd,
        Formula("=D{row}+E{row}-F{row}", one.fee_usd + one.value_usd - one.penalty_usd),
        one.firm_usd, one.at_risk_usd, one.prospect_usd,
    )  # fmt: skip
