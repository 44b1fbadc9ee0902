"""Tables as the bytes of one workbook in Office Open XML (ECMA-376).

Texts are written as texts: a name that begins as a formula does is none. The same tables give the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date, datetime
from math import fsum
from typing import TYPE_CHECKING, Any

from capalloc.analysis.base import Base
from capalloc.errors import NoAnswerError
from capalloc.exports.book.sheets import sheets_of
from capalloc.exports.book.table import As, Cell, Chart, Formula, Kind, Table

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_CREATED = datetime(2000, 1, 1)
"""The day that every workbook says it was made on."""
_CATEGORY = "capalloc plan"
"""By which such a workbook is known from others before it is written over."""
_LOOKS: Mapping[Kind, str] = {
    "text": "@",
    "day": "yyyy-mm-dd",
    "count": "#,##0",
    "kw": "#,##0.0",
    "mw": "#,##0.000",
    "usd": "#,##0.00;-#,##0.00;\u2013",  # a dash where there is none
    "price": "#,##0.0000",
    "share": "0.0%",
}
_MOST_ROWS, _MOST_COLUMNS = 1_048_576, 16_384
"""Of a sheet."""
_MOST_LETTERS = 32_767
"""That a cell holds."""
_SIDES: Mapping[bool, Mapping[str, Any]] = {True: {"align": "left", "indent": 1}, False: {"align": "right"}}
_HEAD_POINTS = 45
"""Height of the head: three lines of words."""
_NARROWEST, _WIDEST = 8, 72
"""Widths of columns, in letters."""
_CHART = {"x_scale": 2.0, "y_scale": 1.3}
_ROWS_OF_A_CHART = 20
_MEASURED = 200
"""Rows that the width of a column is taken from."""


def book_bytes(base: Base) -> bytes:
    """The workbook of a plan. Raises NoAnswerError where a sheet would have more rows than a sheet can have."""
    import xlsxwriter

    tables = sheets_of(base)
    for table in tables:
        _require_fitting(table)
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    book.set_properties({"title": base.scenario.name, "category": _CATEGORY, "created": _CREATED})
    writer = _Writer(book)
    for table in tables:
        writer.write(table)
    book.close()
    return stream.getvalue()


def _require_fitting(table: Table) -> None:
    rows, columns = len(table.rows) + 2, len(table.columns)
    if rows > _MOST_ROWS or columns > _MOST_COLUMNS:
        raise NoAnswerError(
            f"the sheet '{table.name}' would have {rows:,} rows and {columns:,} columns, and a sheet holds at most "
            f"{_MOST_ROWS:,} and {_MOST_COLUMNS:,}; `capalloc export parquet` writes tables of any length"
        )


class _Writer:
    """Writes tables as sheets of a workbook."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._looks = self._formats({})
        self._totals = self._formats({"bold": True, "top": 1})
        self._heads = self._formats({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})

    def _formats(self, more: Mapping[str, Any]) -> dict[Kind, Format]:
        """A format for each kind: texts begin, and numbers end, at one line."""
        return {
            kind: self._book.add_format({"num_format": look, **_SIDES[kind == "text"], **more})
            for kind, look in _LOOKS.items()
        }

    def write(self, table: Table) -> None:
        """Add a sheet: its head stays in sight and filters its rows."""
        sheet = self._book.add_worksheet(table.name)
        self._columns(sheet, table)
        for row, cells in enumerate(table.rows, start=1):
            for number, (column, cell) in enumerate(zip(table.columns, cells, strict=True)):
                self._put(sheet, row, number, cell, column.kind)
        self._total(sheet, table)
        sheet.freeze_panes(1, 1)
        sheet.repeat_rows(0)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        if table.filtered:
            sheet.autofilter(0, 0, table.last_row - 1, len(table.columns) - 1)
        for number, chart in enumerate(table.charts):
            beside = len(table.columns)
            sheet.insert_chart(1 + number * _ROWS_OF_A_CHART, beside, self._chart(chart), _CHART)

    def _columns(self, sheet: Worksheet, table: Table) -> None:
        sheet.set_row(0, _HEAD_POINTS)
        for number, column in enumerate(table.columns):
            sheet.write_string(0, number, column.head, self._heads[column.kind])
            if column.note:
                sheet.write_comment(0, number, column.note)
            sheet.set_column(number, number, _width(table, number))

    def _total(self, sheet: Worksheet, table: Table) -> None:
        """Totals of the rows that the filter shows."""
        if not any(column.total for column in table.columns):
            return
        for number, column in enumerate(table.columns):
            look = self._totals[column.kind]
            if column.total:
                letters = table.letters(column.head)
                text = f"=SUBTOTAL(109,{letters}2:{letters}{table.last_row})"
                sheet.write_formula(table.last_row, number, text, look, fsum(table.values(column.head)))
            else:
                sheet.write_string(table.last_row, number, "" if number else "Total", look)

    def _put(self, sheet: Worksheet, row: int, column: int, cell: Cell, kind: Kind) -> None:
        look = self._looks[kind]
        match cell:
            case None:
                pass
            case As():
                self._put(sheet, row, column, cell.value, cell.kind)
            case str():
                sheet.write_string(row, column, cell[:_MOST_LETTERS], look)
            case Formula():
                value = "" if cell.value is None else cell.value
                sheet.write_formula(row, column, cell.text.format(row=row + 1), look, value)
            case date():
                sheet.write_datetime(row, column, datetime(cell.year, cell.month, cell.day), look)
            case _:
                sheet.write_number(row, column, cell, look)

    def _chart(self, chart: Chart) -> Any:
        stacked = self._book.add_chart({"type": "column", "subtype": "stacked"})
        lines = self._book.add_chart({"type": "line"})
        for series in chart.series:
            drawn = {"name": f"={series.name}", "categories": f"={series.along}", "values": f"={series.values}"}
            (lines if series.line else stacked).add_series(drawn | ({} if series.line else {"gap": 20}))
        if any(series.line for series in chart.series):
            stacked.combine(lines)
        stacked.set_title({"name": chart.title})
        stacked.set_y_axis({"name": chart.unit, "num_format": "#,##0.###"})
        stacked.set_legend({"position": "bottom"})
        return stacked


def _width(table: Table, number: int) -> int:
    column = table.columns[number]
    shown = (len(_shown(row[number])) for row in table.rows[:_MEASURED])
    total = len(_shown(fsum(table.values(column.head)))) if column.total else 0
    return min(max(*map(len, column.head.split()), *shown, total, _NARROWEST) + 2, _WIDEST)


def _shown(cell: Cell) -> str:
    if isinstance(cell, As | Formula):
        return _shown(cell.value)
    return f"{cell:,.2f}" if isinstance(cell, float) else str(cell or "")
