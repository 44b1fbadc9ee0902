"""The one look that all tables share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from rich import box
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

_LEAST_WORDS = 10
"""A date is never broken."""


@dataclass(frozen=True, slots=True)
class Column:
    """Head of a column. Figures stand right and are never broken; words stand left and fold."""

    head: str
    figures: bool = True
    optional: bool = False
    """Left out where the terminal is too narrow for the whole table."""


def words(head: str) -> Column:
    """A column of names or sentences."""
    return Column(head, figures=False)


@dataclass(frozen=True, slots=True)
class Grid:
    """A titled table of plain text, which nothing reads as markup, fitted to the width it is shown in."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    last_is_total: bool = False

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield Text(self.title, style="bold")
        yield self._fitted(console, options)

    def _fitted(self, console: Console, options: ConsoleOptions) -> Table:
        shown = list(range(len(self.columns)))
        droppable = [number for number in shown if self.columns[number].optional]
        built = self._table(shown)
        while droppable and _least_width(built, console, options) > options.max_width:
            shown.remove(droppable.pop())
            built = self._table(shown)
        return built

    def _table(self, shown: Sequence[int]) -> Table:
        built = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
        for number, column in zip(shown, _heads(self.columns[place] for place in shown), strict=True):
            _add(built, column, self.rows, number)
        for number, row in enumerate(self.rows):
            total = self.last_is_total and number == len(self.rows) - 1
            if total:
                built.add_section()
            built.add_row(*(Text(row[place]) for place in shown), style="bold" if total else None)
        return built


def grid(title: str, columns: Sequence[Column], rows: Iterable[Sequence[str]], last_is_total: bool = False) -> Grid:
    """A titled table of the rows."""
    return Grid(title, columns, list(rows), last_is_total)


def _add(table: Table, column: Column, rows: Sequence[Sequence[str]], number: int) -> None:
    if column.figures:
        cells = (column.head, *(row[number] for row in rows))
        widest = max((cell_len(line) for cell in cells for line in cell.splitlines()), default=0)
        table.add_column(Text(column.head), justify="right", no_wrap=True, min_width=widest)
        return
    longest = max((len(word) for row in rows for word in row[number].split()), default=0)
    table.add_column(Text(column.head), min_width=min(longest, _LEAST_WORDS), overflow="fold")


def _heads(columns: Iterable[Column]) -> list[Column]:
    """The columns with each head of figures broken before its last word, and all heads standing on the same line."""
    broken = [replace(one, head="\n".join(one.head.rsplit(" ", 1))) if one.figures else one for one in columns]
    tallest = max(one.head.count("\n") for one in broken)
    return [replace(one, head="\n" * (tallest - one.head.count("\n")) + one.head) for one in broken]


def _least_width(table: Table, console: Console, options: ConsoleOptions) -> int:
    return Measurement.get(console, options.update_width(10_000), table).minimum
