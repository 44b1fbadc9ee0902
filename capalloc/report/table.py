"""The one look that all tables share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich import box
from rich.table import Table
from rich.text import Text


@dataclass(frozen=True, slots=True)
class Column:
    """Head of a column. Figures stand right and are never broken; words stand left and fold."""

    head: str
    figures: bool = True


def words(head: str) -> Column:
    """A column of names or sentences."""
    return Column(head, figures=False)


def table(title: str, columns: Sequence[Column], rows: Iterable[Sequence[str]], last_is_total: bool = False) -> Table:
    """A table of plain text: nothing in a cell is read as markup."""
    built = Table(
        title=Text(title, style="bold"), title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1)
    )
    for column in columns:
        justify = "right" if column.figures else "left"
        built.add_column(Text(column.head), justify=justify, no_wrap=column.figures, overflow="fold")  # type: ignore[arg-type]
    body = list(rows)
    for number, row in enumerate(body):
        total = last_is_total and number == len(body) - 1
        if total:
            built.add_section()
        built.add_row(*(Text(cell) for cell in row), style="bold" if total else None)
    return built
