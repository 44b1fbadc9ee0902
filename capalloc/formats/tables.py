"""CSV tables of a facility."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from capalloc.errors import Problem
from capalloc.formats.node import Rejected
from capalloc.formats.reading import MEGABYTE, read_text
from capalloc.formats.rows import CellReader, Line, Table, column_fault, columns, record, required_columns
from capalloc.formats.scalar import text_cell
from capalloc.formats.wording import nearest, other_unit
from capalloc.schema.facility import TableRow

CSV_BYTES = 64 * MEGABYTE
"""Largest table that is read."""
MOST_PROBLEMS = 100
"""Most problems reported of one table; the rest is counted."""

Header = list[tuple[str, CellReader | None]]
"""Name and reader of each column; no reader: a label."""


def read_table(table: str, path: Path, file: str, problems: list[Problem]) -> Table:
    """The table in a CSV file. Problems of its rows are appended; Rejected when it has no usable header."""
    reader = csv.reader(io.StringIO(read_text(path, file, CSV_BYTES), newline=""), strict=True)
    numbered = _numbered(reader, file)
    line, names = next(numbered, (1, []))
    header = _header(table, names, Line(file, line))
    records: list[TableRow] = []
    places: list[Line] = []
    faults: list[Problem] = []
    for line, cells in numbered:
        place = Line(file, line)
        found = _row(table, header, cells, place)
        if isinstance(found, list):
            faults += found
        else:
            records.append(found)
            places.append(place)
    problems += _capped(faults, file)
    return Table(tuple(records), tuple(places))


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
    names = [name.strip() if name.strip() in known else name for name in names]
    faults = [
        place.problem((name,), fault) for name in names if name not in known and (fault := column_fault(table, name))
    ]
    twice = {name for name in names if names.count(name) > 1 and name.strip()}
    faults += [place.problem((name,), "the column is given twice") for name in sorted(twice)]
    slips = {other_unit(name, tuple(known)) or nearest(name, tuple(known), strict=True) for name in names}
    missing = [key for key in required_columns(table) if key not in names and key not in slips]
    faults += [place.problem((key,), f"the column is missing; columns are {', '.join(known)}") for key in missing]
    if faults:
        raise Rejected(*faults)
    return [(name, known.get(name)) for name in names]


def _row(table: str, header: Header, cells: list[str], place: Line) -> TableRow | list[Problem]:
    if len(cells) != len(header):
        return [place.problem((), f"found {len(cells)} cells, expected {len(header)} as in the header")]
    values: dict[str, Any] = {}
    labels: dict[str, str] = {}
    faults: dict[str, Problem] = {}
    for (key, read), cell in zip(header, cells, strict=True):
        if read is None:
            if cell:
                labels[key] = cell
        elif cell and (read is text_cell or not cell.isspace()):
            try:
                values[key] = read(cell)
            except ValueError as error:
                faults[key] = place.problem((key,), str(error))
    if labels:
        values["labels"] = labels
    found = record(table, values, faults, place)
    return [*faults.values(), *found] if isinstance(found, list) else found


def _capped(faults: list[Problem], file: str) -> list[Problem]:
    if len(faults) <= MOST_PROBLEMS:
        return faults
    more = f"and {len(faults) - MOST_PROBLEMS:,} further problems in this table"
    return [*faults[:MOST_PROBLEMS], Problem(file, faults[MOST_PROBLEMS].line, "", more)]
