"""What was timed of steps that are taken one at a time, and their table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from capalloc.report.figures import DASH, count
from capalloc.report.table import Column, Grid, grid, words

_PER_S = {"us": 1e6, "ms": 1e3}


@dataclass(frozen=True, slots=True)
class Laps:
    """One kind of step on one facility."""

    step: str
    unit: str
    """In which its seconds are shown."""
    times: int
    racks: int
    """Racks that stand in the end."""
    mean_s: float
    median_s: float
    late_s: float
    """The 99th percentile."""
    largest_s: float
    verdict: str
    """``ok``, ``rejected: RULE``, or why there is nothing."""
    family: str = ""
    positions: int = 0


def table(rows: Sequence[Laps]) -> Grid:
    """A line for each kind of step on each facility."""
    columns = [
        words("Family"),
        Column("Positions"),
        words("Step"),
        Column("Times", optional=True),
        Column("Racks", optional=True),
        words("Unit"),
        *map(Column, ("Mean", "Median", "99th", "Largest")),
        words("Check"),
    ]
    return grid("Placing online, and the cost of a rack, warm", columns, [_cells(row) for row in rows])


def _cells(row: Laps) -> tuple[str, ...]:
    seconds = row.mean_s, row.median_s, row.late_s, row.largest_s
    shown = [f"{one * _PER_S[row.unit]:,.2f}" if row.times else DASH for one in seconds]
    return row.family, count(row.positions), row.step, count(row.times), count(row.racks), row.unit, *shown, row.verdict
