"""Rows of a sheet as records that remember where their values stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from capalloc.errors import Problem
from capalloc.formats.lenient import respelt
from capalloc.formats.node import Node, in_sheet
from capalloc.formats.scalar import text_cell
from capalloc.formats.warned import warn
from capalloc.formats.wording import unknown_key
from capalloc.imports.book.grid import Rows
from capalloc.imports.book.layout import Column, Keys, Sheet
from capalloc.imports.book.listed import listed
from capalloc.spelling import folded

Placed = tuple[Keys, Column]
"""The path of a header's values, and their column."""
_MADE_A_DATE = (
    "is a date where a name or a word stands, as spreadsheets make of 3-4; format the column as text and type it again"
)


def dates_for_names(place: str, sheet: Sheet, rows: Rows) -> Iterator[Problem]:
    """A problem for each column of names or words, labels apart, in which a cell is a date."""
    texts = {folded(one.name) for one in sheet.columns if one.listed or (one.read is text_cell and not one.labels)}
    for name, line in rows.dates.items():
        if folded(name) in texts:
            yield Problem(place, line, name, _MADE_A_DATE)


@dataclass(frozen=True, slots=True)
class Reading:
    """A sheet on its way in; what is wrong with it goes to ``problems``."""

    file: str
    sheet: Sheet
    rows: Rows
    problems: list[Problem]

    def records(self) -> list[Node]:
        """A record for each row below the header."""
        self.problems.extend(dates_for_names(in_sheet(self.file, self.rows.name), self.sheet, self.rows))
        (line, names), *below = self.rows.rows or ((1, []),)
        found = [self.node(number, {}) for number, _ in below]
        for column, placed in self._columns(names, line).items():
            cells = [cells[column] if column < len(cells) else "" for _, cells in below]
            for record, cell in zip(found, self._spelt(placed, cells, below), strict=True):
                self._put(record, record.line, placed, cell)
        return found

    def one_record(self) -> Node:
        """The record of a sheet whose keys stand in the first column, each beside its value."""
        record = self.node(1, {})
        rows = [(line, [*cells, "", ""][:2]) for line, cells in self.rows.rows if cells[0].strip()]
        rows = [(line, cells) for line, cells in rows if (line, folded(cells[0])) != (self.rows.rows[0][0], "key")]
        seen: set[Keys] = set()
        for line, (name, cell) in rows:
            placed = self._placed(name, line)
            if placed is not None and placed[0] in seen:
                self.problems.append(self.node(line, None).problem(placed[0], "the key is given twice"))
            elif placed is not None:
                seen.add(placed[0])
                self._put(record, line, placed, self._spelt(placed, [cell], [(line, [])])[0])
        return record

    def node(self, line: int, content: Any, *, inside: bool = False) -> Node:
        """A value of this sheet: a record, or one ``inside`` a record."""
        return Node(self.file, line, content, base=None if inside else (), sheet=self.rows.name)

    def _columns(self, names: Sequence[str], line: int) -> dict[int, Placed]:
        """The columns that are known, by their place; others are problems."""
        found: dict[int, Placed] = {}
        for place, name in enumerate(names):
            placed = self._placed(name, line)
            if placed is not None and any(placed[0] == keys for keys, _ in found.values()):
                self.problems.append(self.node(line, None).problem(placed[0], "the column is given twice"))
            elif placed is not None:
                found[place] = placed
        return found

    def _placed(self, name: str, line: int) -> Placed | None:
        """The column of a header; None where it is none, which is a problem."""
        for column in self.sheet.columns:
            start = f"{column.name}."
            if column.labels and name.startswith(start) and len(name) > len(start):
                return (*column.keys, name.removeprefix(start)), column
            if not column.labels and folded(column.name) == folded(name):
                return column.keys, column
        known = tuple(column.name + (".KEY" if column.labels else "") for column in self.sheet.columns)
        fault = unknown_key(name, known) if name.strip() else "a column has no name"
        self.problems.append(self.node(line, None).problem((name,), fault))
        return None

    def _spelt(self, placed: Placed, cells: Sequence[str], rows: Sequence[tuple[int, Any]]) -> Sequence[str]:
        """Cells as the format spells them; what is read as something else is told."""
        keys, column = placed
        reading = respelt("", None if column.listed or column.labels else column.field.annotation, False, cells)
        if reading.changed:
            warn([self.node(rows[reading.row][0], None).problem(keys, reading.sentence)])
        return reading.cells

    def _put(self, record: Node, line: int, placed: Placed, cell: str) -> None:
        """Put a cell's value where its column belongs in a record; an empty cell is none, blanks too but for text."""
        if not cell or (cell.isspace() and (placed[1].listed or placed[1].read is not text_cell)):
            return
        keys = placed[0]
        holder = record
        for key in keys[:-1]:
            holder = holder.content.setdefault(key, self.node(line, {}, inside=True))
        holder.content[keys[-1]] = self.node(line, self._value(placed, cell, line), inside=True)

    def _value(self, placed: Placed, cell: str, line: int) -> Any:
        """What a cell says; the text itself where its column holds something else, which the schema's checks tell."""
        keys, column = placed
        try:
            if column.listed:
                return [self.node(line, text, inside=True) for text in listed(cell) if text]
            value = column.read(cell)
        except ValueError as error:
            if column.listed:
                self.problems.append(self.node(line, None).problem((".".join(keys),), str(error)))
            return cell
        return value.isoformat() if isinstance(value, date) else value
