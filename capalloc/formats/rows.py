"""Rows of a table, from columns of a CSV file or of a template: one path for both."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Protocol

from pydantic import ValidationError

from capalloc.errors import Problem
from capalloc.formats.node import Loc, dotted
from capalloc.formats.scalar import day_cell, flag_cell, number_cell, text_cell
from capalloc.formats.slips import Columns, slip
from capalloc.formats.wording import messages, share_keys, unknown_key
from capalloc.schema.facility import CoolingZone, Position, PowerNode, Rack, Supply, TableRow
from capalloc.schema.record import Record, leaves
from capalloc.schema.request import Placed, Request

TABLES: dict[str, type[TableRow]] = {
    "power": PowerNode,
    "supplies": Supply,
    "positions": Position,
    "cooling": CoolingZone,
    "racks": Rack,
}
"""The record of each table, in the order of models/README.md, Facility."""
RECORDS: dict[str, type[Record]] = {**TABLES, "requests": Request, "placed": Placed}
"""The record of every kind of table: those of a facility, and those of models/README.md, Placement files."""
REQUIRED = frozenset({"power", "positions", "racks"})
"""Tables that every facility of a scenario has."""

CellReader = Callable[[str], Any]
Header = list[tuple[str, CellReader | None]]
"""Name and reader of each column; no reader: a label."""
_READERS: dict[type, CellReader] = {bool: flag_cell, int: number_cell, float: number_cell, date: day_cell}


class Place(Protocol):
    """Where a row stands in the input."""

    def problem(self, loc: Loc, message: str) -> Problem:
        """A problem with the row's value at ``loc``."""
        ...


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a CSV file."""

    file: str
    line: int

    def problem(self, loc: Loc, message: str) -> Problem:
        """A problem in the column ``loc`` of this row."""
        return Problem(self.file, self.line, dotted(loc), message)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Stands in a column for a cell that cannot be read, or for its value."""

    sentence: str


class Places(Protocol):
    """Where the rows of a table stand, by their number."""

    def __len__(self) -> int:
        """Number of rows."""
        ...

    def __getitem__(self, row: int, /) -> Place:
        """The place of a row."""
        ...


@dataclass(frozen=True, slots=True)
class Lines:
    """The rows of a CSV file."""

    file: str
    numbers: Sequence[int]

    def __len__(self) -> int:
        """Number of rows."""
        return len(self.numbers)

    def __getitem__(self, row: int) -> Line:
        """The line of a row."""
        return Line(self.file, self.numbers[row])


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a table with their places, in order."""

    records: tuple[Record, ...] = ()
    places: Places = ()


@cache
def columns(table: str) -> dict[str, CellReader]:
    """The columns of a table as files name them, with the reader of their cells."""
    fields = RECORDS[table].model_fields
    return {field.alias or name: cell_reader(field.annotation) for name, field in fields.items() if name != "labels"}


@cache
def column_types(table: str) -> dict[str, Any]:
    """The types of a table's columns, by the names that files give them."""
    return {field.alias or name: field.annotation for name, field in RECORDS[table].model_fields.items()}


def cell_reader(annotation: Any) -> CellReader:
    """The reader of cells whose values have this type."""
    for kind, reader in _READERS.items():
        if kind in leaves(annotation):
            return reader
    return text_cell


TWO_SOURCES = (
    "a power node has one parent; a node with two sources, such as gas and later the grid, is one root, with a line in "
    "supplies.csv for each source (name,node,kw,from,until), and a rack with two feeds has them in its position's "
    "feed_a and feed_b"
)
"""What to write in place of two parents."""


def column_fault(table: str, name: str, beside: Collection[str] = ()) -> str | None:
    """What is wrong with a column that the table does not know; None when it can be kept as a label.

    ``beside`` are the columns that stand beside it.
    """
    if table == "power" and re.fullmatch(r"parents|parent_?([2ab]|two)", name.strip().lower()):
        return f"unknown key {name!r}: {TWO_SOURCES}"
    fault = slip(name, _columns_of(table), beside)
    fields = RECORDS[table].model_fields
    if fault is None and (name in fields or "labels" not in fields):
        return unknown_key(name, tuple(columns(table)))
    return fault


@cache
def kilowatt_columns() -> frozenset[str]:
    """The columns of power and heat, of whatever table of a facility."""
    return frozenset(key for table in TABLES for key in columns(table) if key.split("_")[-1] == "kw")


def share_columns(table: str) -> frozenset[str]:
    """Its columns of numbers that are at most 1."""
    return share_keys(RECORDS[table])


@cache
def _columns_of(table: str) -> Columns:
    """What the table, and what the others of a facility, can say."""
    known = columns(table)
    elsewhere: dict[str, tuple[str, ...]] = {}
    for other in TABLES:
        for key in columns(other).keys() - known.keys():
            elsewhere[key] = (*elsewhere.get(key, ()), other)
    return Columns(
        table,
        tuple(known),
        tuple(key for key, read in known.items() if read is day_cell),
        tuple(key for key, read in known.items() if read is number_cell),
        elsewhere,
    )


def read_column(read: CellReader, cells: Collection[str | Unreadable]) -> list[Any]:
    """The values of cells, each distinct text read once; None for an empty cell."""
    distinct = set(cells)
    if read is text_cell:
        known: dict[Any, Any] = dict(zip(distinct, distinct, strict=True)) | {"": None}
    else:
        known = {cell: cell if isinstance(cell, Unreadable) else _read(read, cell) for cell in distinct}
    return [known[cell] for cell in cells]


def _read(read: CellReader, cell: str) -> Any:
    try:
        return read(cell) if cell else None
    except ValueError as error:
        return Unreadable(str(error))


def records(table: str, cells: Mapping[str, Sequence[Any]], places: Places) -> list[Record | list[Problem]]:
    """For each row its record or its problems.

    ``cells`` are the values of each column: None where a row has none, Unreadable where it is at fault. Columns that
    the table does not know are labels.
    """
    model, known = RECORDS[table], columns(table)
    rows = _rows({key: cells[key] for key in cells if key in known}, len(places))
    for row, labels in zip(
        rows, _rows({key: cells[key] for key in cells if key not in known}, len(places)), strict=True
    ):
        if labels:
            row["labels"] = labels
    try:
        return [model.model_validate(row, by_alias=True, by_name=False) for row in rows]
    except ValidationError:
        return [_judged(table, row, tuple(cells), places[i]) for i, row in enumerate(rows)]


def _rows(cells: Mapping[str, Sequence[Any]], count: int) -> list[dict[str, Any]]:
    """So many rows, without their empty cells."""
    full = {key: column for key, column in cells.items() if None not in column}
    rows = [dict(zip(full, row, strict=True)) for row in zip(*full.values(), strict=True)] or [{} for _ in range(count)]
    for key, column in cells.items():
        for row, value in zip(rows, column, strict=True) if key not in full else ():
            if value is not None:
                row[key] = value
    return rows


def _judged(table: str, row: dict[str, Any], order: Sequence[str], place: Place) -> Record | list[Problem]:
    """The record of a row, or its problems: unreadable cells in the order of the columns, then the rest."""
    cells = row | row.get("labels", {})
    bad = [key for key in order if isinstance(cells.get(key), Unreadable)]
    values = {key: value for key, value in row.items() if key not in bad}
    if "labels" in row:
        values["labels"] = {key: value for key, value in row["labels"].items() if key not in bad}
    faults = [place.problem((key,), cells[key].sentence) for key in bad]
    model = RECORDS[table]
    try:
        found = model.model_validate(values, by_alias=True, by_name=False)
    except ValidationError as error:
        told = messages(model, error)
        return faults + [place.problem(loc, text) for loc, text in told if not bad or (loc and loc[0] not in bad)]
    return faults or found


def required_columns(table: str) -> tuple[str, ...]:
    """Columns without a default."""
    fields = RECORDS[table].model_fields
    return tuple(field.alias or name for name, field in fields.items() if field.is_required())
