"""A linear model that is built up in blocks of columns and rows, by arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from capalloc.planner.lp.program import Floats, Ints, Program

Values = NDArray[Any] | float
NONE = -1
"""Marks a column that does not exist in an array of columns."""
ALWAYS = -1
"""In ``LinearModel.when``: a column that is of no single period."""


@dataclass(slots=True)
class LinearModel:
    """Columns and rows, maximised. Names carry the meaning of a row into a dump.

    Money is given and returned in USD; the solver sees it divided by ``usd_per_cost``, so that its coefficients are
    of like size.
    """

    usd_per_cost: float
    periods: int
    lower: list[Floats] = field(default_factory=list)
    upper: list[Floats] = field(default_factory=list)
    usd: list[Floats] = field(default_factory=list)
    integer: list[NDArray[np.bool_]] = field(default_factory=list)
    row_lower: list[Floats] = field(default_factory=list)
    row_upper: list[Floats] = field(default_factory=list)
    entries: list[tuple[Ints, Ints, Floats]] = field(default_factory=list)
    row_names: list[str] = field(default_factory=list)
    integers: list[Ints] = field(default_factory=list)
    """Arrays of integer columns, as :meth:`add_columns` returned them."""
    binaries: list[Ints] = field(default_factory=list)
    """Those of them that are 0 or 1."""
    priority: list[Ints] = field(default_factory=list)
    """Those binary ones to be decided first, as by branching priority: they keep other demands, or other types, out."""
    disaggregated: list[Ints] = field(default_factory=list)
    """Those integer ones that split others by class, for rules on watts alone."""
    cuts: list[Ints] = field(default_factory=list)
    """Rows of valid inequalities: what limits them are other rows."""
    when: list[Ints] = field(default_factory=list)
    """The period that each column is of; ALWAYS where it is of none."""
    columns: int = 0
    rows: int = 0

    def copy(self) -> LinearModel:
        """The same, to which columns and rows may be added; numbers of those that there are stay."""
        lists: dict[str, Any] = {
            one.name: list(getattr(self, one.name)) for one in fields(self) if one.default_factory is list
        }
        return replace(self, **lists)

    def add_columns(
        self,
        exists: NDArray[np.bool_],
        upper: Values,
        *,
        lower: Values = 0.0,
        usd: Values = 0.0,
        integer: bool = False,
        when: Ints | int | None = None,
    ) -> Ints:
        """One column for each True of ``exists``; returns their numbers in its shape, NONE elsewhere.

        ``when`` tells the period of each column; unless given, the last axis is that of the periods.
        """
        count = int(exists.sum())
        numbers = np.full(exists.shape, NONE, dtype=np.int64)
        numbers[exists] = np.arange(self.columns, self.columns + count)
        for store, value in ((self.lower, lower), (self.upper, upper), (self.usd, usd)):
            store.append(np.broadcast_to(np.asarray(value, dtype=float), exists.shape)[exists])
        self.integer.append(np.full(count, integer))
        self.when.append(np.broadcast_to(np.arange(self.periods) if when is None else when, exists.shape)[exists])
        self.columns += count
        if integer:
            self.integers.append(numbers)
        return numbers

    def add_rows(self, count: int, name: str, *, lower: Values = -np.inf, upper: Values = np.inf) -> Ints:
        """``count`` empty rows; fill them with :meth:`put`."""
        numbers = np.arange(self.rows, self.rows + count)
        self.row_lower.append(np.broadcast_to(np.asarray(lower, dtype=float), (count,)).copy())
        self.row_upper.append(np.broadcast_to(np.asarray(upper, dtype=float), (count,)).copy())
        self.row_names += [f"{name}[{i}]" for i in range(count)]
        self.rows += count
        return numbers

    def put(self, rows: Ints, columns: Ints, values: Values) -> None:
        """Add coefficients; the three broadcast together, and columns that do not exist are passed over."""
        r, c, v = np.broadcast_arrays(rows, columns, np.asarray(values, dtype=float))
        keep = (c >= 0) & (v != 0)
        self.entries.append((r[keep], c[keep], v[keep]))

    def matrix(self) -> tuple[Ints, Ints, Floats]:
        """Rows, columns and values in row order, with coefficients of one place added up."""
        if not self.entries:
            return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0)
        r, c, v = (np.concatenate(parts) for parts in zip(*self.entries, strict=True))
        keys, inverse = np.unique(r * max(self.columns, 1) + c, return_inverse=True)
        total: Floats = np.bincount(inverse.reshape(-1), weights=v, minlength=len(keys)).astype(np.float64)
        return keys // max(self.columns, 1), keys % max(self.columns, 1), total

    def program(self, relax: bool = False) -> Program:
        """The model as one program."""
        lower, upper = _flat(self.lower), _flat(self.upper)
        integer = np.concatenate(self.integer) if self.integer and not relax else np.zeros(self.columns, bool)
        row_lower, row_upper, entries = _flat(self.row_lower), _flat(self.row_upper), self.matrix()
        return Program(self.usd_per_cost, lower, upper, _flat(self.usd), integer, row_lower, row_upper, *entries)

    def cut_rows(self) -> Ints:
        """(n,) all rows of valid inequalities."""
        return np.concatenate(self.cuts) if self.cuts else np.zeros(0, np.int64)

    def periods_of(self) -> Ints:
        """(columns,) the period of each column; ALWAYS where it is of none."""
        return np.concatenate(self.when) if self.when else np.zeros(0, np.int64)

    def value(self, values: Floats) -> float:
        """Objective of a vector of column values, in USD."""
        return float((_flat(self.usd) * values).sum())  # ``@`` wakes threads, which spin while solvers run


def _flat(parts: Sequence[Floats]) -> Floats:
    return np.concatenate(parts) if parts else np.zeros(0)
