"""What was measured of one planner on one facility, and how it stands beside the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from capalloc.report.figures import count
from capalloc.report.table import Column, Grid, grid, words

from ..measured import Measured, gap_of, shown, shown_gap, with_rivals
from .names import OURS

_ROUNDING = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredPlacement(Measured):
    """One planner on one facility; the ratio is of core seconds, to the shortest run of ours that found as much."""

    family: str
    positions: int
    requests: int
    objective: str
    core_s: float | None = None
    """Seconds of placing alone: of the search where a model is built for it."""
    total_s: float | None = None
    """Seconds from the facility in memory to the answer; for ours the bound and the check are among them."""
    racks: int | None = None
    """Racks that it placed."""
    figure: float | None = None
    """What the objective comes to, recounted from the placed racks; None where the check does not accept them."""
    bound: float | None = None

    @property
    def instance(self) -> tuple[str, int, str]:
        """Facility and objective."""
        return self.family, self.positions, self.objective

    @property
    def reached(self) -> float | None:
        """The figure."""
        return self.figure

    @property
    def proven(self) -> float | None:
        """The bound."""
        return self.bound


def related(rows: Sequence[MeasuredPlacement]) -> list[MeasuredPlacement]:
    """The rows with gaps and ratios, each against the rows of its own instance."""
    return [replace(row, gap=gap_of(row, rivals), ratio=_ratio(row, rivals)) for row, rivals in with_rivals(rows)]


def _ratio(row: MeasuredPlacement, rivals: Sequence[MeasuredPlacement]) -> float | None:
    """None for ours, and where none of ours found as much."""
    if row.planner in OURS or row.core_s is None or row.figure is None:
        return None
    as_good = (
        rival.core_s
        for rival in rivals
        if rival.planner in OURS and rival.core_s and rival.figure is not None
        if rival.figure >= row.figure - _ROUNDING
    )
    ours = min(as_good, default=None)
    return None if ours is None else row.core_s / ours


def table(rows: Sequence[MeasuredPlacement]) -> Grid:
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


def _cells(row: MeasuredPlacement) -> tuple[str, ...]:
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
        shown_gap(row.gap),
        shown(row.ratio, 1),
        row.verdict,
    )
