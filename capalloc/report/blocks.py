"""How whole fabric blocks stay."""

from __future__ import annotations

from collections.abc import Sequence

from capalloc.report.figures import count
from capalloc.report.runs import Days, Line, runs
from capalloc.report.table import Column, Grid, grid, words
from capalloc.roster.blocks import Fragments


def blocks(found: Sequence[Fragments], periods: Sequence[str], days: Days, all_periods: bool) -> Grid:
    """Blocks that serve one demand with all racks or with some, that demands share, and that are free."""
    columns = [words(days.unit.capitalize()), Column("Whole"), Column("In part"), Column("Shared"), Column("Free")]
    lines = [Line(label, _cells(one)) for label, one in zip(periods, found, strict=True)]
    joined = runs(lines, periods, all_periods, days)
    title = "Fabric blocks (rows where there are none): serving one demand, shared by several, free"
    return grid(title, columns, ((line.period, *line.cells) for line in joined))


def _cells(one: Fragments) -> tuple[str, ...]:
    return tuple(count(value) for value in (one.whole, one.part, one.shared, one.free))
