"""Rows of a sheet as records that remember where their values stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from capalloc.errors import Problem
from capalloc.formats.node import Node
from capalloc.formats.wording import unknown_key
from capalloc.imports.book.cells import Rows
from capalloc.imports.book.layout import Column, Keys, Sheet
from capalloc.imports.book.listed import listed
from capalloc.spelling import folded


@dataclass(frozen=True, slots=True)
class Reading:
    """A sheet on its way in; what is wrong with it goes to ``problems``."""

    file: str
    sheet: Sheet
    rows: Rows
    problems: list[Problem]

    def records(self) -> list[Node]:
        """A record for each row below the header."""
        (line, names), *below = self.rows.rows or ((1, []),)
        columns = [self._column(name, line) for name in names]
        return [self._record(number, columns, cells) for number, cells in below]

    def one_record(self) -> Node:
        """The record of a sheet whose keys stand in the first column, each beside its value."""
        record = self.node(1, {})
        for number, cells in self.rows.rows[1:]:
            name, cell = (*cells, "")[:2]
            column = self._column(name, number) if name.strip() else None
            if column is not None and cell:
                self._put(record, number, column, cell)
        return record

    def node(self, line: int, content: Any, base: Keys | None = ()) -> Node:
        """A value of this sheet, the top of a record unless ``base`` says otherwise."""
        return Node(self.file, line, content, base=base, sheet=self.rows.name)

    def _record(self, number: int, columns: Sequence[tuple[Keys, Column] | None], cells: list[str]) -> Node:
        record = self.node(number, {})
        for column, cell in zip(columns, cells, strict=False):
            if column is not None and cell:
                self._put(record, number, column, cell)
        return record

    def _column(self, name: str, line: int) -> tuple[Keys, Column] | None:
        """The column of a header and the path of its values; None where it is none, which is a problem."""
        for column in self.sheet.columns:
            if column.labels and name.startswith(f"{column.name}."):
                return (*column.keys, name.removeprefix(f"{column.name}.")), column
            if not column.labels and folded(column.name) == folded(name):
                return column.keys, column
        known = tuple(column.name + (".KEY" if column.labels else "") for column in self.sheet.columns)
        self.problems.append(self.node(line, None).problem((), unknown_key(name, known)))
        return None

    def _put(self, record: Node, line: int, column: tuple[Keys, Column], cell: str) -> None:
        """Put a cell's value where its column belongs in a record."""
        keys, kind = column
        holder = record
        for key in keys[:-1]:
            holder = holder.content.setdefault(key, self.node(line, {}, None))
        try:
            holder.content[keys[-1]] = self.node(line, self._value(kind, cell, line), None)
        except ValueError as error:
            self.problems.append(record.problem(keys, str(error)))

    def _value(self, column: Column, cell: str, line: int) -> Any:
        if column.listed:
            return [self.node(line, text, None) for text in listed(cell)]
        value = column.read(cell)
        return value.isoformat() if hasattr(value, "isoformat") else value
