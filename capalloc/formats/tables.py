"""CSV tables in."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from capalloc.errors import Problem
from capalloc.formats.decimals import misreadings
from capalloc.formats.node import Rejected
from capalloc.formats.reading import MEGABYTE, read_text
from capalloc.formats.rows import (
    CellReader,
    Line,
    Lines,
    Table,
    column_fault,
    columns,
    read_column,
    records,
    required_columns,
    share_columns,
)
from capalloc.formats.scalar import number_cell, text_cell
from capalloc.formats.warned import warn
from capalloc.formats.wording import other_unit
from capalloc.spelling import SMALL_SLIP, nearest

CSV_BYTES = 64 * MEGABYTE
"""Largest table that is read."""
MOST_PROBLEMS = 100
"""Most problems reported of one table; the rest is counted."""

_OTHER_SEPARATORS = {";": "a `;`", "\t": "a tab"}

Header = list[tuple[str, CellReader | None]]
"""Name and reader of each column; no reader: a label."""


def read_table(table: str, path: Path, file: str, problems: list[Problem]) -> Table:
    """The table in a CSV file. Problems of its rows are appended; Rejected when it has no usable header."""
    reader = csv.reader(io.StringIO(read_text(path, file, CSV_BYTES), newline=""), strict=True)
    return table_of(table, _numbered(reader, file), file, problems)


def table_of(table: str, numbered: Iterator[tuple[int, list[str]]], file: str, problems: list[Problem]) -> Table:
    """The table in rows of cells with the line of each, the header first; as :func:`read_table`."""
    line, names = next(numbered, (1, []))
    header = _header(table, names, Line(file, line))
    whole, faults = _of_one_length(list(numbered), len(header), file)
    lines = Lines(file, [line for line, _ in whole])
    columns = list(zip(header, zip(*(cells for _, cells in whole), strict=True), strict=False))
    for (key, read), column in columns:
        if read is number_cell and key not in share_columns(table):
            warn(lines[row].problem((key,), text) for row, text in misreadings(column))
    cells = {key: read_column(_reader(read), column) for (key, read), column in columns}
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


def _numbered(reader: Any, file: str) -> Iterator[tuple[int, list[str]]]:
    """Rows with the line that each starts on; blank lines are left out."""
    line = 1
    try:
        for cells in reader:
            if cells:
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise Rejected(Problem(file, reader.line_num, "", f"is not CSV: {error}")) from error


def _header(table: str, names: list[str], place: Line) -> Header:
    known = columns(table)
    _require_commas(names, known, place)
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


def _require_commas(names: list[str], known: Collection[str], place: Line) -> None:
    """Rejected where the one name of the header is several, with something else than commas in between."""
    for separator, word in _OTHER_SEPARATORS.items():
        if len(names) == 1 and any(name.strip() in known for name in names[0].split(separator)[1:]):
            remedy = "save the table with commas, and with a point in its decimals"
            raise Rejected(place.problem((), f"the columns are parted by {word}, expected commas; {remedy}"))


def _capped(faults: list[Problem], file: str) -> list[Problem]:
    if len(faults) <= MOST_PROBLEMS:
        return faults
    more = f"and {len(faults) - MOST_PROBLEMS:,} further problems in this table"
    return [*faults[:MOST_PROBLEMS], Problem(file, faults[MOST_PROBLEMS].line, "", more)]
