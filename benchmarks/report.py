"""Shows the tables of a subject, and writes them between the subject's markers in README.md of this folder."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from capalloc.report.table import Grid
from capalloc.report.terminal import show

from .machine import machine
from .registry import Options

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

README = Path(__file__).with_name("README.md")


@dataclass(frozen=True, slots=True)
class Section:
    """The rows of one table."""

    subject: str
    rows: Sequence[DataclassInstance]
    table: Grid
    named: int = 0
    """So many first cells say what a line measures: lines in README.md of other things stay. 0: none stays."""


@contextmanager
def reporting(options: Options, sections: Callable[[], Sequence[Section]]) -> Iterator[None]:
    """Report what the work inside has measured; after Ctrl-C what there is, which is not saved."""
    try:
        yield
    except KeyboardInterrupt:
        _report(replace(options, save=False), sections())
        raise
    _report(options, sections())


def say(sentence: str) -> None:
    """What is measured now, on stderr."""
    print(f"bench: {sentence}", file=sys.stderr, flush=True)


def _report(options: Options, sections: Sequence[Section]) -> None:
    """One list as JSON, or the tables that have rows and the machine; with ``save`` into the README too."""
    if options.as_json:
        print(json.dumps([asdict(row) for section in sections for row in section.rows], indent=1))
        return
    for section in sections:
        if section.rows:
            show([section.table, machine()])
            if options.save:
                _save(section)


def _save(section: Section) -> None:
    README.write_text(
        saved(README.read_text(encoding="utf-8"), section.subject, section.table, section.named), encoding="utf-8"
    )


def saved(text: str, subject: str, table: Grid, named: int = 0) -> str:
    """The text with the table between ``<!-- SUBJECT -->`` and the next ``<!-- end -->``; raises ValueError without.

    With ``named``, lines stay whose first cells are others than those of any line of the table, and lines whose cells
    are the same give way where they stand.
    """
    opening, closing = f"<!-- {subject} -->\n", "<!-- end -->"
    before, found, rest = text.partition(opening)
    earlier, ended, after = rest.partition(closing)
    if not found or not ended:
        raise ValueError(f"README.md has no {opening.strip()} with a {closing} after it")
    rows = _merged(earlier, table, named) if named else table.rows
    return f"{before}{opening}{machine()}\n\n{markdown(replace(table, rows=tuple(rows)))}{closing}{after}"


def _merged(earlier: str, table: Grid, named: int) -> Iterator[Sequence[str]]:
    """Cells of the lines of an earlier table, those that were measured again as they are now, and of new ones."""
    measured = {tuple(row[:named]): row for row in table.rows}
    lines = [tuple(line.strip("| ").split(" | ")) for line in earlier.splitlines() if line.startswith("| ")]
    for cells in lines[2:]:
        yield measured.pop(cells[:named], cells)
    yield from measured.values()


def markdown(table: Grid) -> str:
    """The table in Markdown, figures to the right."""
    lines = [
        [column.head for column in table.columns],
        ["---:" if column.figures else "---" for column in table.columns],
        *table.rows,
    ]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)
