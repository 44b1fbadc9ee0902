"""What was measured of one planner on one facility, and how it stands beside the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from benchmarks.names import TOO_LARGE
from benchmarks.placement.names import OURS
from benchmarks.process import Ended
from capalloc.report.figures import DASH, count, percent
from capalloc.report.table import Column, Grid, grid, words

_ROUNDING = 1e-6


@dataclass(frozen=True, slots=True)
class Measured:
    """One planner on one facility; a figure is None where there is none."""

    family: str
    positions: int
    requests: int
    objective: str
    planner: str
    process_s: float
    peak_mb: float
    verdict: str
    """``ok``, ``rejected: RULE``, or why there is no answer."""
    core_s: float | None = None
    """Seconds of placing alone: of the search where a model is built for it."""
    total_s: float | None = None
    """Seconds from the facility in memory to the answer; for ours the bound and the check are among them."""
    racks: int | None = None
    """Racks that it placed."""
    figure: float | None = None
    """What the objective comes to, recounted from the placed racks; None where the check does not accept them."""
    bound: float | None = None
    gap: float | None = None
    """To the lowest bound that any planner of this run proved."""
    ratio: float | None = None
    """Its core seconds over those of the shortest run of ours that found as much; None where none did."""

    @property
    def instance(self) -> tuple[str, int, str]:
        """What it was measured on."""
        return self.family, self.positions, self.objective


def related(rows: Sequence[Measured]) -> list[Measured]:
    """The rows with gaps and ratios, each against the rows of its own instance."""
    beside = {row.instance: [other for other in rows if other.instance == row.instance] for row in rows}
    return [replace(row, gap=_gap(row, beside[row.instance]), ratio=_ratio(row, beside[row.instance])) for row in rows]


def _gap(row: Measured, beside: Sequence[Measured]) -> float | None:
    bound = min((other.bound for other in beside if other.bound is not None), default=None)
    if bound is None or row.figure is None:
        return None
    return max(bound - row.figure, 0.0) / bound if bound else 0.0


def _ratio(row: Measured, beside: Sequence[Measured]) -> float | None:
    """None for ours too."""
    if row.planner in OURS or row.core_s is None or row.figure is None:
        return None
    as_good = (
        other.core_s
        for other in beside
        if other.planner in OURS and other.core_s and other.figure is not None
        if other.figure >= row.figure - _ROUNDING
    )
    ours = min(as_good, default=None)
    return None if ours is None else row.core_s / ours


def failure(ended: Ended) -> str:
    """Why a process has no answer."""
    if ended.cut:
        return "out of time"
    if ended.code == TOO_LARGE:
        return "too large"
    last = (ended.err.strip().splitlines() or [""])[-1]
    return f"failed ({ended.code}): {last[-60:]}"


def table(rows: Sequence[Measured]) -> Grid:
    """A line for each planner on each facility."""
    columns = [
        words("Family"),
        Column("Positions"),
        words("Objective"),
        words("Planner"),
        Column("Core s"),
        Column("us a rack", optional=True),
        Column("Total s", optional=True),
        Column("Process s", optional=True),
        Column("Placed"),
        Column("Bound"),
        Column("Gap"),
        Column("Ratio"),
        words("Check"),
    ]
    return grid("Placements, ours with kernels compiled before", columns, [_cells(row) for row in rows])


def _cells(row: Measured) -> tuple[str, ...]:
    def shown(value: float | None, digits: int) -> str:
        return DASH if value is None else f"{value:,.{digits}f}"

    each_us = row.core_s / row.racks * 1e6 if row.core_s is not None and row.racks else None
    return (
        row.family,
        count(row.positions),
        row.objective,
        row.planner,
        shown(row.core_s, 4),
        shown(each_us, 1),
        shown(row.total_s, 2),
        shown(row.process_s, 1),
        shown(row.figure, 0),
        shown(row.bound, 0),
        DASH if row.gap is None else percent(row.gap, 2),
        shown(row.ratio, 1),
        row.verdict,
    )
