"""Money by demand and period."""

from __future__ import annotations

from collections.abc import Sequence

from capalloc.exports.book.table import Cell, Column, Formula, Table
from capalloc.exports.ledger import Line

FEE, VALUE, PENALTY, NET = "Fee USD", "Value USD", "Penalty USD", "Net USD"
FIRM, AT_RISK, PROSPECT = "Firm fee USD", "At-risk fee USD", "Prospect fee USD"
_COLUMNS = (
    Column("Period"),
    Column("From", "day"),
    Column("Until", "day", note="The first day after the period."),
    Column("Demand"),
    Column("Tenant"),
    Column("Kind"),
    Column("Committed kW", "kw", note="A contract's commitment, or a workload's minimum."),
    Column("Delivered kW", "kw", note="Of what a contract counts, or of a workload's draw."),
    Column("Racks", "count"),
    Column("GPUs", "count"),
    Column(FEE, "usd", total=True, note="Of a contract. No money in this workbook is discounted but where it says so."),
    Column(VALUE, "usd", total=True, note="Of a workload."),
    Column(PENALTY, "usd", total=True),
    Column(NET, "usd", total=True, note="Fee and value less penalty."),
    Column(FIRM, "usd", total=True, note="What notice, given on the horizon's first day or later, cannot take away."),
    Column(AT_RISK, "usd", total=True, note="The rest of a signed contract's fee."),
    Column(PROSPECT, "usd", total=True, note="Of a contract that has not signed, as if it had."),
)


def money_table(ledger: Sequence[Line]) -> Table:
    """A row for each demand and period."""
    return Table("Money", _COLUMNS, [_row(line) for line in ledger])


def _row(line: Line) -> tuple[Cell, ...]:
    period, given, money = line.period, line.given, line.money
    return (
        period.label, period.start, period.end, line.demand, line.tenant, line.kind,
        given.committed_kw, given.delivered_kw, given.racks, given.gpus,
        money.fee_usd, money.value_usd, money.penalty_usd, Formula("=K{row}+L{row}-M{row}", line.net_usd),
        money.firm_usd, money.at_risk_usd, money.prospect_usd,
    )  # fmt: skip
