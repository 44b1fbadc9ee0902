"""A sheet of a workbook as data: a head, rows, and which columns have totals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

Kind = Literal["text", "day", "count", "kw", "mw", "usd", "price", "share"]
"""What a column holds: it decides how its numbers look, and nothing else."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell that the spreadsheet computes; ``{row}`` in its text is the number of its row."""

    text: str
    value: float
    """What it comes to, for readers that compute nothing."""


Cell = str | int | float | date | Formula | None


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
class Table:
    """A head in row 1 and a line in each row from 2 on; of what has totals they stand in the row after the last."""

    name: str
    """Of the sheet."""
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]

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
        number, text = [column.head for column in self.columns].index(head) + 1, ""
        while number:
            number, digit = divmod(number - 1, 26)
            text = chr(ord("A") + digit) + text
        return text
