"""The columns of a table as the format spells them, with what was spelt otherwise told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from capalloc.formats.decimals import misreadings
from capalloc.formats.lenient import Reading, has_comma, pointed, respelt, with_points
from capalloc.formats.rows import CellReader, Lines, Unreadable, column_types, share_columns
from capalloc.formats.scalar import number_cell
from capalloc.formats.warned import warn

Column = tuple[str, CellReader | None]
"""Its name, and the reader of its cells; none: a label."""


def spelt(
    table: str, columns: Sequence[tuple[Column, Sequence[str]]], lines: Lines, local: bool
) -> Iterator[tuple[Column, Sequence[str | Unreadable]]]:
    """The columns of a table as the format has them; ``local``: its numbers may have decimal commas.

    A warning tells for each column what is read as something else, and which numbers may be thousands.
    """
    commas = local and any(read is number_cell and has_comma(set(cells)) for (_, read), cells in columns)
    for (name, read), written in columns:
        numbers = read is number_cell
        cells = _told(name, with_points(written), lines) if commas and numbers else written
        if read is not None:
            share = name in share_columns(table)
            cells = _told(name, respelt(name, column_types(table)[name], share, cells), lines)
            if numbers and not share:
                warn(lines[row].problem((name,), text) for row, text in misreadings(cells))
        yield (name, read), _marked(cells, dict(pointed(written)) if commas and numbers else {})


def _told(name: str, reading: Reading, lines: Lines) -> Sequence[str]:
    if reading.changed:
        warn([lines[reading.row].problem((name,), reading.sentence)])
    return reading.cells


def _marked(cells: Sequence[str], bad: dict[int, str]) -> Sequence[str | Unreadable]:
    return [Unreadable(bad[row]) if row in bad else cell for row, cell in enumerate(cells)] if bad else cells
