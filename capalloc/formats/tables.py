"""CSV tables in."""

from __future__ import annotations

from pathlib import Path

from capalloc.errors import Problem
from capalloc.formats.dialect import NumberedRow, rows_of
from capalloc.formats.node import Rejected
from capalloc.formats.reading import MEGABYTE, read_text
from capalloc.formats.rows import (
    CellReader,
    Header,
    Line,
    Lines,
    Table,
    column_fault,
    columns,
    read_column,
    records,
    required_columns,
)
from capalloc.formats.scalar import text_cell
from capalloc.formats.spelt import spelt
from capalloc.formats.wording import other_unit
from capalloc.spelling import SMALL_SLIP, nearest

CSV_BYTES = 64 * MEGABYTE
"""Largest table that is read."""
MOST_PROBLEMS = 100
"""Most problems reported of one table; the rest is counted."""


def read_table(table: str, path: Path, file: str, problems: list[Problem]) -> Table:
    """The table in a CSV file. Problems of its rows are appended; Rejected when it has no usable header."""
    found = rows_of(read_text(path, file, CSV_BYTES), file, columns(table))
    return table_of(table, found.rows, file, problems, local=found.local)


def table_of(
    table: str, numbered: list[NumberedRow], file: str, problems: list[Problem], *, local: bool = False
) -> Table:
    """The table in rows of cells with the line of each, the header first; as :func:`read_table`.

    ``local``: its numbers may have decimal commas.
    """
    (line, names), *below = numbered or [(1, [])]
    header = _header(table, names, Line(file, line))
    whole, faults = _of_one_length(below, len(header), file)
    lines = Lines(file, [line for line, _ in whole])
    filled = list(zip(header, zip(*(cells for _, cells in whole), strict=True), strict=False))
    cells = {key: read_column(_reader(read), column) for (key, read), column in spelt(table, filled, lines, local)}
    found = records(table, cells, lines)
    faults += [fault for row in found if isinstance(row, list) for fault in row]
    problems += _capped(sorted(faults, key=lambda fault: fault.line), file)
    good = [(row, number) for row, number in zip(found, lines.numbers, strict=True) if not isinstance(row, list)]
    return Table(tuple(row for row, _ in good), Lines(file, [number for _, number in good]))


def _of_one_length(
    rows: list[tuple[int, list[str]]], length: int, file: str
) -> tuple[list[tuple[int, list[str]]], list[Problem]]:
    """The rows that have a cell for each column, and the problems of the others."""
    sentence = f"found {{}} cells, expected {length} as in the header"
    faults = [Problem(file, line, "", sentence.format(len(cells))) for line, cells in rows if len(cells) != length]
    return [row for row in rows if len(row[1]) == length] if faults else rows, faults


def _reader(read: CellReader | None) -> CellReader:
    """Labels are text; in a column of anything else blanks alone are an empty cell."""
    if read is None or read is text_cell:
        return text_cell
    return lambda cell: None if cell.isspace() else read(cell)


def _header(table: str, names: list[str], place: Line) -> Header:
    known = columns(table)
    names = [name.strip() if name.strip() in known else name for name in names]
    faults = [
        place.problem((name,), fault)
        for name in names
        if name not in known and (fault := column_fault(table, name, names))
    ]
    twice = {name for name in names if names.count(name) > 1 and name.strip()}
    faults += [place.problem((name,), "the column is given twice") for name in sorted(twice)]
    slips = {other_unit(name, tuple(known)) or nearest(name, known, alike=SMALL_SLIP) for name in names}
    missing = [key for key in required_columns(table) if key not in names and key not in slips]
    faults += [place.problem((key,), f"the column is missing; columns are {', '.join(known)}") for key in missing]
    if faults:
        raise Rejected(*faults)
    return [(name, known.get(name)) for name in names]


def _capped(faults: list[Problem], file: str) -> list[Problem]:
    if len(faults) <= MOST_PROBLEMS:
        return faults
    more = f"and {len(faults) - MOST_PROBLEMS:,} further problems in this table"
    return [*faults[:MOST_PROBLEMS], Problem(file, faults[MOST_PROBLEMS].line, "", more)]
