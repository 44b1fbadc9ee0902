"""Contracts over the horizon: who may end them when, what they pay, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum

from capalloc.exports.book.table import Cell, Column, Formula, Table
from capalloc.schema.revenue import RevenueAnswer, RevenueContract

_COLUMNS = (
    Column("Contract"),
    Column("Tenant"),
    Column("Probability", "share", note="Of the signature; 100 % where it has signed."),
    Column("Notice by", note="Who may give notice."),
    Column("Notice days", "count"),
    Column(
        "Firm until",
        "day",
        note="The first day that is not firm: it could be over then if notice were given on the horizon's first day.",
    ),
    Column("May leave from", "day", note="When the tenant may leave for a shortfall of the plan."),
    Column("kW-months", "kw", total=True, note="Delivered, as the contract counts them."),
    Column("GPU-hours", "count", total=True, note="Delivered."),
    Column("Fee USD", "usd", total=True, note="Over the horizon; of a prospect as if it had signed."),
    Column("Penalty USD", "usd", total=True),
    Column("Firm fee USD", "usd", total=True),
    Column("At-risk fee USD", "usd", total=True),
    Column("Beyond horizon USD", "usd", total=True, note="Firm fees after the horizon, where all is delivered."),
    Column("Share of fees", "share", note="Of the fees in this sheet."),
    Column("USD per kW-month", "price", note="Fee of a delivered kW-month."),
    Column("USD per GPU-hour", "price", note="Fee of a delivered GPU-hour."),
)
_FEE, _KW, _GPU = "J", "H", "I"


def contracts_table(revenue: RevenueAnswer) -> Table:
    """A row for each planned contract."""
    found = revenue.contracts
    fees = fsum(one.total_usd for one in found)
    return Table("Contracts", _COLUMNS, [_row(one, found, fees) for one in found])


def _row(one: RevenueContract, found: Sequence[RevenueContract], fees: float) -> tuple[Cell, ...]:
    every = f"SUM(${_FEE}$2:${_FEE}${len(found) + 1})"
    return (
        one.demand, one.tenant, one.probability, one.notice_by, one.notice_days, one.firm_until, one.may_leave_from,
        one.kw_months, one.gpu_hours,
        one.total_usd, one.penalty_usd, one.firm_usd, one.at_risk_usd, one.beyond_usd,
        _ratio(every, one.total_usd, fees),
        _ratio(_KW + "{row}", one.total_usd, one.kw_months),
        _ratio(_GPU + "{row}", one.total_usd, one.gpu_hours),
    )  # fmt: skip


def _ratio(below: str, usd: float, amount: float) -> Formula:
    """The fee of the row over something; empty where that is nothing."""
    return Formula(f'=IF({below}=0,"",{_FEE}{{row}}/{below})', usd / amount if amount else None)
