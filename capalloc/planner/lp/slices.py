"""A model cut into its periods: the small program of one period, given what was decided before.

A row belongs to the last period that it has columns of. ``step`` takes a period's columns and the rows that belong to
it, with what earlier columns put on them as constants; a row whose columns are all of no single period counts in every
step that decides one of them, later ones being 0. A row without columns, which holds or does not, is in the first.
``alone`` takes only rows that have no columns of any other period: nothing before, nothing after. A column of no
single period is free in each; a row without columns is in each. So a plan's columns of a period satisfy ``alone``, and
the sum of its bounds over all periods bounds every plan.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from capalloc.planner.lp.linear import ALWAYS
from capalloc.planner.lp.program import Bools, Floats, Ints, Program


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of a program."""

    program: Program
    columns: Ints
    """Columns of the whole that the part has."""
    rows: Ints
    """Rows of the whole that the part has."""

    def put_into(self, values: Floats, found: Floats) -> Floats:
        """(columns of the whole,) ``values`` with those that were found for the part, whole where they must be."""
        changed = values.copy()
        changed[self.columns] = np.where(self.program.integer, np.rint(found), found)
        return changed


class Slices:
    """A program with the period of each column."""

    def __init__(self, program: Program, when: Ints, begins: Ints) -> None:
        """``when`` is (columns,), ALWAYS where a column is of no single period; ``begins``, when that is decided."""
        self.whole = program
        self.when = when
        self.decided = np.where(when == ALWAYS, begins, when)
        self.starts = np.searchsorted(program.rows, np.arange(len(program.row_lower) + 1))
        self.last = self.of_rows(self.decided, np.maximum, -1)
        timed = when != ALWAYS
        large = np.iinfo(np.int64).max
        self.first_timed = self.of_rows(np.where(timed, when, large), np.minimum, large)
        self.last_timed = self.of_rows(np.where(timed, when, -1), np.maximum, -1)

    def of_rows(self, of_columns: Ints, merge: np.ufunc, empty: int) -> Ints:
        """(rows,) a number of each row's (columns,) numbers, merged; ``empty`` where it has no columns."""
        found = np.full(len(self.whole.row_lower), empty, dtype=np.int64)
        filled = np.flatnonzero(np.diff(self.starts) > 0)
        if len(filled):
            found[filled] = merge.reduceat(of_columns[self.whole.columns], self.starts[filled])
        return found

    def step(self, t: int, values: Floats, ahead: int = 0, weight: float = 1.0, more: int = 0) -> Slice:
        """The program of period ``t`` after earlier columns took ``values`` (columns,).

        It looks ``ahead`` so many periods, whose columns are relaxed but those of the first, so many ``more``; the
        money of the last counts ``weight`` times, for those that follow.
        """
        last = t + ahead
        rows = ((self.last >= t) & (self.last <= last)) | ((self.last_timed < 0) & self._decided_in(t))
        rows |= (self.last < 0) & (t == 0)
        part = self._cut(np.flatnonzero((self.decided >= t) & (self.decided <= last)), np.flatnonzero(rows), values)
        when = self.decided[part.columns]
        usd = np.where((when == last) & (when > t), weight, 1.0) * part.program.usd
        whole = part.program.integer & (when <= t + more)
        return replace(part, program=replace(part.program, integer=whole, usd=usd))

    def _decided_in(self, t: int) -> Bools:
        """(rows,) some column is decided in period ``t``."""
        found = np.zeros(len(self.whole.row_lower), dtype=bool)
        found[self.whole.rows[self.decided[self.whole.columns] == t]] = True
        return found

    def between(self, t: int, values: Floats) -> Slice:
        """The program of period ``t``, with all that was decided before and after it as in ``values`` (columns,).

        What is not whole in the period after it adapts: who leaves there depends on who was there.
        """
        free = (self.decided == t) | ((self.decided == t + 1) & ~self.whole.integer)
        touched = np.zeros(len(self.whole.row_lower), dtype=bool)
        touched[self.whole.rows[free[self.whole.columns]]] = True
        return self._cut(np.flatnonzero(free), np.flatnonzero(touched), values)

    def alone(self, t: int) -> Slice:
        """The program of period ``t`` that knows of no other period."""
        columns = np.flatnonzero((self.when == t) | (self.when == ALWAYS))
        rows = np.flatnonzero(((self.first_timed == t) & (self.last_timed == t)) | (self.last_timed < 0))
        return self._cut(columns, rows, None)

    def _cut(self, columns: Ints, rows: Ints, values: Floats | None) -> Slice:
        whole = self.whole
        entries = _ranges(self.starts[rows], self.starts[rows + 1])
        row = np.repeat(np.arange(len(rows)), self.starts[rows + 1] - self.starts[rows])
        number = np.full(len(whole.lower), -1, dtype=np.int64)
        number[columns] = np.arange(len(columns))
        column, value = whole.columns[entries], whole.values[entries]
        inside = number[column] >= 0
        known: Floats = np.zeros(len(rows))
        if values is not None:
            np.add.at(known, row[~inside], (value * values[column])[~inside])
        program = Program(
            whole.usd_per_cost,
            whole.lower[columns],
            whole.upper[columns],
            whole.usd[columns],
            whole.integer[columns],
            whole.row_lower[rows] - known,
            whole.row_upper[rows] - known,
            row[inside],
            number[column[inside]],
            value[inside],
        )
        return Slice(program, columns, rows)


def _ranges(starts: Ints, ends: Ints) -> Ints:
    """The whole numbers of all [start, end), one after the other."""
    sizes = ends - starts
    before = np.cumsum(sizes) - sizes
    out: Ints = np.arange(int(sizes.sum())) + np.repeat(starts - before, sizes)
    return out
