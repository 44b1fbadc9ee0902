"""What is missing: contracts that are short, and racks that found no place."""

from __future__ import annotations

from collections.abc import Iterable

from rich.table import Table

from capalloc.calendar import format_day
from capalloc.report.figures import DASH, PowerUnit, count, usd
from capalloc.report.runs import Line, runs
from capalloc.report.table import Column, table, words
from capalloc.schema.plan import Plan, Reason, Shortfall, Unplaced

_REASONS_SHOWN = 3


def shortfalls(plan: Plan, unit: PowerUnit) -> Table:
    """Each run of short periods with its size, its price and the day from which the tenant may leave."""
    columns = [
        words("Demand"),
        words("From"),
        words("Until (excl.)"),
        Column(f"Most short {unit.name}"),
        Column("Penalty"),
        Column("Lost fee"),
        words("Tenant may leave"),
    ]
    return table("Shortfalls against contracts", columns, (_short(row, unit) for row in plan.shortfalls))


def missing(plan: Plan, all_periods: bool) -> Table:
    """What each demand misses of its commitment or minimum, with the rules and places that keep it away."""
    columns = [words("Demand"), words("Periods"), Column("Racks"), words("Kept away by")]
    names = dict.fromkeys(row.demand for row in plan.unplaced)
    rows = (
        (name, line.period, *line.cells)
        for name in names
        for line in runs(_lines(name, plan.unplaced), plan.periods, all_periods)
    )
    return table("Unplaced: racks missing from a commitment or a minimum", columns, rows)


def _short(row: Shortfall, unit: PowerUnit) -> tuple[str, ...]:
    leave = DASH if row.tenant_may_leave_from is None else f"from {format_day(row.tenant_may_leave_from)}"
    amounts = (unit.show(row.most_short_kw), usd(row.penalty_usd), usd(row.lost_fee_usd))
    return (row.demand, format_day(row.start), format_day(row.until), *amounts, leave)


def _lines(name: str, unplaced: Iterable[Unplaced]) -> list[Line]:
    return [Line(row.period, (count(row.racks), _reasons(row.reasons))) for row in unplaced if row.demand == name]


def _reasons(reasons: tuple[Reason, ...]) -> str:
    shown = [f"{reason.rule} at {reason.where} ({_racks(reason.racks)})" for reason in reasons[:_REASONS_SHOWN]]
    more = len(reasons) - len(shown)
    return "; ".join(shown + ([f"{more} more"] if more else [])) or DASH


def _racks(number: int) -> str:
    return f"{count(number)} rack" + ("" if number == 1 else "s")
