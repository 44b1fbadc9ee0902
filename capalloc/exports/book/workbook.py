"""Tables as the bytes of one workbook in Office Open XML (ECMA-376).

Texts are written as texts: a name that begins as a formula does is none. The same tables give the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date, datetime
from math import fsum
from typing import TYPE_CHECKING

from capalloc.analysis.base import Base
from capalloc.exports.book.sheets import sheets_of
from capalloc.exports.book.table import Cell, Formula, Kind, Table

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_CREATED = datetime(2000, 1, 1)
"""The day that every workbook says it was made on."""
_LOOKS: Mapping[Kind, str] = {
    "text": "@",
    "day": "yyyy-mm-dd",
    "count": "#,##0",
    "kw": "#,##0.0",
    "mw": "#,##0.000",
    "usd": "#,##0.00",
    "price": "#,##0.0000",
    "share": "0.0%",
}
_MOST_LETTERS = 32_767
"""That a cell holds."""
_WIDEST = 48
_MEASURED = 200
"""Rows that the width of a column is taken from."""


def book_bytes(base: Base) -> bytes:
    """The workbook of a plan."""
    import xlsxwriter

    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    book.set_properties({"title": base.scenario.name, "created": _CREATED})
    writer = _Writer(book)
    for table in sheets_of(base):
        writer.write(table)
    book.close()
    return stream.getvalue()


class _Writer:
    """Writes tables as sheets of a workbook."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._looks = {kind: book.add_format({"num_format": look}) for kind, look in _LOOKS.items()}
        self._totals = {
            kind: book.add_format({"num_format": look, "bold": True, "top": 1}) for kind, look in _LOOKS.items()
        }
        self._head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})

    def write(self, table: Table) -> None:
        """Add a sheet: its head stays in sight and filters its rows."""
        sheet = self._book.add_worksheet(table.name)
        for number, column in enumerate(table.columns):
            sheet.write_string(0, number, column.head, self._head)
            if column.note:
                sheet.write_comment(0, number, column.note)
            sheet.set_column(number, number, _width(table, number))
        for row, cells in enumerate(table.rows, start=1):
            for number, (column, cell) in enumerate(zip(table.columns, cells, strict=True)):
                _put(sheet, row, number, cell, self._looks[column.kind])
        self._total(sheet, table)
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, table.last_row - 1, len(table.columns) - 1)

    def _total(self, sheet: Worksheet, table: Table) -> None:
        if not any(column.total for column in table.columns):
            return
        for number, column in enumerate(table.columns):
            look = self._totals[column.kind]
            if column.total:
                letters = table.letters(column.head)
                total = Formula(f"=SUBTOTAL(109,{letters}2:{letters}{table.last_row})", _sum(table, number))
                _put(sheet, table.last_row, number, total, look)
            else:
                sheet.write_string(table.last_row, number, "" if number else "Total", look)


def _put(sheet: Worksheet, row: int, column: int, cell: Cell, look: Format) -> None:
    match cell:
        case None:
            pass
        case str():
            sheet.write_string(row, column, cell[:_MOST_LETTERS], look)
        case Formula():
            sheet.write_formula(row, column, cell.text.format(row=row + 1), look, cell.value)
        case date():
            sheet.write_datetime(row, column, datetime(cell.year, cell.month, cell.day), look)
        case _:
            sheet.write_number(row, column, cell, look)


def _sum(table: Table, number: int) -> float:
    return fsum(_value(row[number]) for row in table.rows)


def _value(cell: Cell) -> float:
    if isinstance(cell, Formula):
        return cell.value
    return cell if isinstance(cell, int | float) else 0.0


def _width(table: Table, number: int) -> int:
    shown = (len(_shown(row[number])) for row in table.rows[:_MEASURED])
    head = max(map(len, table.columns[number].head.split()))
    return min(max(head, *shown, 8) + 2, _WIDEST)


def _shown(cell: Cell) -> str:
    value = cell.value if isinstance(cell, Formula) else cell
    return f"{value:,.2f}" if isinstance(value, float) else str(value or "")
