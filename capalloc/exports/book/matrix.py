"""MW by demand and period: time runs across."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from xlsxwriter.utility import xl_col_to_name

from capalloc.analysis.picture import Pictured
from capalloc.exports.book.table import Cell, Column, Table
from capalloc.exports.ledger import Line
from capalloc.units import KW_PER_MW

_HEADS = ("Demand", "Tenant", "Kind")
KIND = _HEADS[2]


def delivered_table(pictured: Pictured, ledger: Sequence[Line]) -> Table:
    """What each demand is delivered."""
    return _table("Delivered MW", pictured, ledger, lambda line: line.given.delivered_kw)


def committed_table(pictured: Pictured, ledger: Sequence[Line]) -> Table:
    """What is committed to each demand: a contract's ramp, a workload's minimum."""
    return _table("Committed MW", pictured, ledger, lambda line: line.given.committed_kw)


def column_of(period: int) -> str:
    """The letters of a period's column."""
    return str(xl_col_to_name(len(_HEADS) + period))


def _table(name: str, pictured: Pictured, ledger: Sequence[Line], kw: Callable[[Line], float]) -> Table:
    columns = [
        *map(Column, _HEADS),
        *(Column(period.label, "mw", total=True) for period in pictured.periods),
    ]
    by_demand: dict[str, dict[int, Line]] = {}
    for line in ledger:
        by_demand.setdefault(line.demand, {})[line.period.index] = line
    first = sorted(by_demand.values(), key=lambda lines: next(iter(lines.values())).kind == "workload")
    return Table(name, columns, [_row(lines, len(pictured.periods), kw) for lines in first])


def _row(lines: dict[int, Line], periods: int, kw: Callable[[Line], float]) -> tuple[Cell, ...]:
    one = next(iter(lines.values()))
    return (
        one.demand,
        one.tenant,
        one.kind,
        *(kw(lines[t]) / KW_PER_MW if t in lines else 0.0 for t in range(periods)),
    )
