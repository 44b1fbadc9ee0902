"""Rows of a facility table, from cells of a CSV file or of a template: one path for both."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Protocol

from pydantic import ValidationError

from capalloc.errors import Problem
from capalloc.formats.node import Loc, dotted
from capalloc.formats.scalar import day_cell, flag_cell, number_cell, text_cell
from capalloc.formats.wording import messages, nearest, other_unit, unknown_key
from capalloc.schema.facility import CoolingZone, Position, PowerNode, Rack, Supply, TableRow
from capalloc.schema.record import leaves

TABLES: dict[str, type[TableRow]] = {
    "power": PowerNode,
    "supplies": Supply,
    "positions": Position,
    "cooling": CoolingZone,
    "racks": Rack,
}
"""The record of each table, in the order of FORMATS.md section 2."""
REQUIRED = frozenset({"power", "positions", "racks"})
"""Tables that every facility has."""

CellReader = Callable[[str], Any]
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
class Table:
    """The rows of a table with their places, in order."""

    records: tuple[TableRow, ...] = ()
    places: tuple[Place, ...] = ()


@cache
def columns(table: str) -> dict[str, CellReader]:
    """The columns of a table as files name them, with the reader of their cells."""
    fields = TABLES[table].model_fields
    return {field.alias or name: _reader(field.annotation) for name, field in fields.items() if name != "labels"}


def _reader(annotation: Any) -> CellReader:
    for kind, reader in _READERS.items():
        if kind in leaves(annotation):
            return reader
    return text_cell


def column_fault(table: str, name: str) -> str | None:
    """What is wrong with a column that the table does not know; None when it can be kept as a label."""
    known = tuple(columns(table))
    if not name.strip():
        return "a column has no name"
    if other_unit(name, known) or nearest(name, known, strict=True) or name in TABLES[table].model_fields:
        return unknown_key(name, known)
    return None


def record(table: str, values: dict[str, Any], bad: Collection[str], place: Place) -> TableRow | list[Problem]:
    """The record of a row, or its problems; ``bad`` names cells that were already found unreadable."""
    model = TABLES[table]
    try:
        found = model.model_validate(values, by_alias=True, by_name=False)
    except ValidationError as error:
        faults = messages(model, error)
        return [place.problem(loc, text) for loc, text in faults if not bad or (loc and loc[0] not in bad)]
    return [] if bad else found


def required_columns(table: str) -> tuple[str, ...]:
    """Columns without a default."""
    fields = TABLES[table].model_fields
    return tuple(field.alias or name for name, field in fields.items() if field.is_required())
