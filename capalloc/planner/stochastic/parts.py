"""A program that is put together of blocks, with rows that tie them, and what counts of their outcomes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from capalloc.planner.lp.linear import NONE
from capalloc.planner.lp.program import Bools, Floats, Ints, Program
from capalloc.planner.stochastic.measure import Measure

_LISTS = ("lower", "upper", "row_lower", "row_upper", "entries", "begins")


@dataclass(slots=True)
class Parts:
    """A program that is put together."""

    lower: list[Floats] = field(default_factory=list)
    upper: list[Floats] = field(default_factory=list)
    row_lower: list[Floats] = field(default_factory=list)
    row_upper: list[Floats] = field(default_factory=list)
    entries: list[tuple[Ints, Ints, Floats]] = field(default_factory=list)
    begins: list[int] = field(default_factory=list)
    """First column of each block."""
    columns: int = 0
    rows: int = 0

    def copy(self) -> Parts:
        """The same, to which more may be added."""
        lists: dict[str, Any] = {name: list(getattr(self, name)) for name in _LISTS}
        return replace(self, **lists)

    def add(self, program: Program) -> None:
        """A block of its own."""
        self.begins.append(self.columns)
        self.entries.append((program.rows + self.rows, program.columns + self.columns, program.values))
        self.lower.append(program.lower)
        self.upper.append(program.upper)
        self.columns += len(program.lower)
        self.add_rows(len(program.row_lower), program.row_lower, program.row_upper)

    def add_columns(self, count: int, lower: float) -> Ints:
        """(count,) columns without an upper bound."""
        self.lower.append(np.full(count, lower))
        self.upper.append(np.full(count, np.inf))
        self.columns += count
        return np.arange(self.columns - count, self.columns)

    def add_rows(self, count: int, lower: Floats | None = None, upper: Floats | None = None) -> Ints:
        """(count,) rows; equal to 0 unless bounds are given."""
        self.row_lower.append(np.zeros(count) if lower is None else lower)
        self.row_upper.append(np.zeros(count) if upper is None else upper)
        self.rows += count
        return np.arange(self.rows - count, self.rows)

    def put(self, rows: Ints, columns: Ints, values: Floats | float) -> None:
        """Coefficients; columns that do not exist are passed over."""
        r, c, v = np.broadcast_arrays(rows, columns, np.asarray(values, dtype=float))
        keep = c != NONE
        self.entries.append((r[keep], c[keep], v[keep]))

    def program(self, usd_per_cost: float, usd: Floats, integer: Bools) -> Program:
        """The whole program."""
        r, c, v = (np.concatenate(part) for part in zip(*self.entries, strict=True))
        order = np.lexsort((c, r))
        lower, upper, row_lower, row_upper = (
            np.concatenate(part) for part in (self.lower, self.upper, self.row_lower, self.row_upper)
        )
        entries = r[order], c[order], v[order]
        return Program(usd_per_cost, lower, upper, usd, integer, row_lower, row_upper, *entries)


def at_risk(parts: Parts, worth: Sequence[tuple[int, Floats, float]], measure: Measure, scale: float) -> Floats:
    """Columns and rows of the mean of the worst outcomes, and what these columns count.

    An outcome is worth its third number, in USD, and columns from its first number on by its second.
    """
    count = len(worth)
    threshold, under = parts.add_columns(1, lower=-np.inf), parts.add_columns(count, lower=0.0)
    rows = parts.add_rows(count, np.full(count, -np.inf), np.array([base for _, _, base in worth]) / scale)
    parts.put(rows, threshold, 1.0)
    parts.put(rows, under, -1.0)
    for row, (begin, usd, _) in zip(rows, worth, strict=True):
        earns = np.flatnonzero(usd)
        parts.put(np.full(len(earns), row), begin + earns, -usd[earns] / scale)
    tail = np.full(count, -1 / (count * (1 - measure.alpha)))
    return measure.weight * scale * np.concatenate(([1.0], tail))
