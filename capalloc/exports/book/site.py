"""The whole site period by period: what demands get, what the roots carry, and what is left."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import fsum

import numpy as np

from capalloc.analysis.picture import Pictured
from capalloc.analysis.picture.summary import left
from capalloc.exports.book import matrix
from capalloc.exports.book.table import Cell, Column, Formula, Table
from capalloc.exports.ledger import Line
from capalloc.instance.model import Floats
from capalloc.units import KW_PER_MW

KINDS = {"contract": "Contracts MW", "prospect": "Prospects MW", "workload": "Workloads MW"}
DELIVERED, LIMIT, HEADROOM = "Delivered MW", "Limit MW", "Headroom MW"
_COLUMNS = (
    Column("Period"),
    Column("From", "day"),
    Column("Until", "day", note="The first day after the period."),
    Column(KINDS["contract"], "mw", note="What contracts that have signed are delivered, as they count it."),
    Column(KINDS["prospect"], "mw", note="The same of contracts that have not signed."),
    Column(KINDS["workload"], "mw", note="What workloads are delivered, as their racks draw it."),
    Column(DELIVERED, "mw", note="The sum of the three."),
    Column("Load MW", "mw", note="Of the roots of the power tree in normal operation: cooling and static load too."),
    Column(LIMIT, "mw", note="What the roots may carry in normal operation, supplies looked at."),
    Column("Reserve MW", "mw", note="Headroom that the policy keeps."),
    Column(HEADROOM, "mw", note="Limit less load and reserve. What is left at a single place: the sheet Nodes."),
    Column("Used", "share", note="Load over limit."),
    Column("Free racks", "count", note="Usable racks that serve nobody and are held for nobody."),
)


def site_table(pictured: Pictured, ledger: Sequence[Line], delivered: Table) -> Table:
    """A row for each period; what demands get is summed up from the sheet of MW by demand."""
    mw, free = _delivered_mw(ledger, len(pictured.periods)), [one.racks for one in left(pictured)]
    rows = [
        (one.label, one.start, one.end, *_demands(delivered, mw, one.index), *_power(pictured, one.index))
        for one in pictured.periods
    ]
    return Table("Site", _COLUMNS, [(*row, racks) for row, racks in zip(rows, free, strict=True)])


def _delivered_mw(ledger: Sequence[Line], periods: int) -> dict[str, Floats]:
    """(T,) MW that demands of each kind are delivered."""
    mw = {kind: np.zeros(periods) for kind in KINDS}
    for line in ledger:
        mw[line.kind][line.period.index] += line.given.delivered_kw / KW_PER_MW
    return mw


def _demands(delivered: Table, mw: Mapping[str, Floats], t: int) -> Iterator[Cell]:
    letters = matrix.column_of(t)
    cells = f"'{delivered.name}'!${letters}$2:${letters}${delivered.last_row}"
    for kind in KINDS:
        yield Formula(f'=SUMIF({delivered.cells(matrix.KIND)},"{kind}",{cells})', float(mw[kind][t]))
    yield Formula("=D{row}+E{row}+F{row}", fsum(of_kind[t] for of_kind in mw.values()))


def _power(pictured: Pictured, t: int) -> tuple[Cell, ...]:
    load, limit = (float(kw[t]) / KW_PER_MW for kw in (pictured.load_kw, pictured.limit_kw))
    reserve = pictured.scenario.policy.reserve_mw
    return (
        load,
        limit,
        reserve,
        Formula("=I{row}-H{row}-J{row}", limit - load - reserve),
        Formula('=IF(I{row}=0,"",H{row}/I{row})', load / limit if limit else None),
    )
