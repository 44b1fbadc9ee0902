"""Shows a subject's table, and writes it between the subject's markers in README.md of this folder."""

from __future__ import annotations

from pathlib import Path

from benchmarks.machine import machine
from capalloc.report.table import Grid
from capalloc.report.terminal import show

README = Path(__file__).with_name("README.md")


def publish(subject: str, table: Grid, save: bool) -> None:
    """Print the table and the machine; with ``save`` write both into the README too."""
    show([table, machine()])
    if save:
        README.write_text(saved(README.read_text(encoding="utf-8"), subject, table), encoding="utf-8")


def saved(text: str, subject: str, table: Grid) -> str:
    """The text with the table between ``<!-- SUBJECT -->`` and the next ``<!-- end -->``; raises ValueError without."""
    opening, closing = f"<!-- {subject} -->\n", "<!-- end -->"
    before, found, rest = text.partition(opening)
    _, ended, after = rest.partition(closing)
    if not found or not ended:
        raise ValueError(f"README.md has no {opening.strip()} with a {closing} after it")
    return f"{before}{opening}{machine()}\n\n{markdown(table)}{closing}{after}"


def markdown(table: Grid) -> str:
    """The table in Markdown, figures to the right."""
    lines = [
        [column.head for column in table.columns],
        ["---:" if column.figures else "---" for column in table.columns],
        *table.rows,
    ]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)
