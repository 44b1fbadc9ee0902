"""A sheet of a workbook as data: a head, rows, which columns have totals, and charts beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from xlsxwriter.utility import xl_col_to_name

Kind = Literal["text", "day", "count", "kw", "mw", "usd", "price", "share"]
"""What a cell holds: it decides how numbers look, and nothing else."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell that the spreadsheet computes; ``{row}`` in its text is the number of its row."""

    text: str
    value: float | None
    """What it comes to, for readers that compute nothing; None: an empty text."""


Value = str | int | float | date | Formula | None


@dataclass(frozen=True, slots=True)
class As:
    """A cell that looks otherwise than its column."""

    kind: Kind
    value: Value


Cell = Value | As


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a sheet."""

    head: str
    """With its unit."""
    kind: Kind = "text"
    total: bool = False
    note: str = ""
    """A comment on the head: what the numbers are."""


@dataclass(frozen=True, slots=True)
class Series:
    """Cells that a chart draws, each as formulas write them: of the name, along the axis, and the values."""

    name: str
    along: str
    values: str
    line: bool = False
    """Drawn as a line over the stacked columns."""


@dataclass(frozen=True, slots=True)
class Chart:
    """Stacked columns over time."""

    title: str
    unit: str
    series: Sequence[Series]


@dataclass(frozen=True, slots=True)
class Table:
    """A head in row 1 and a line in each row from 2 on; of what has totals they stand in the row after the last."""

    name: str
    """Of the sheet."""
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    filtered: bool = True
    """Whether the head filters rows."""
    charts: Sequence[Chart] = field(default=())

    @property
    def last_row(self) -> int:
        """The number of the last row; 2, which is then empty, where there are none."""
        return max(len(self.rows), 1) + 1

    def cells(self, head: str) -> str:
        """The cells of a column, as formulas on any sheet write them."""
        letters = self.letters(head)
        return f"'{self.name}'!${letters}$2:${letters}${self.last_row}"

    def letters(self, head: str) -> str:
        """The letters of a column."""
        return str(xl_col_to_name(self._number(head)))

    def values(self, head: str) -> list[float]:
        """What the cells of a column come to; 0 for what is no number."""
        number = self._number(head)
        return [value_of(row[number]) for row in self.rows]

    def _number(self, head: str) -> int:
        return [column.head for column in self.columns].index(head)


def value_of(cell: Cell) -> float:
    """What a cell comes to; 0 where that is no number."""
    if isinstance(cell, As | Formula):
        return value_of(cell.value)
    return cell if isinstance(cell, int | float) else 0.0
