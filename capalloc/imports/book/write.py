"""A workbook out, with all that a scenario says: loading it gives an equal scenario."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from capalloc.errors import Problem, ScenarioError
from capalloc.formats.node import in_sheet
from capalloc.formats.plans import dump_plan
from capalloc.formats.scalar import day_cell
from capalloc.imports.book.contents import Contents, Header, contents
from capalloc.imports.book.layout import Column
from capalloc.imports.book.listed import as_list
from capalloc.imports.book.wording import meaning
from capalloc.schema.scenario import Scenario

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_MADE = datetime(2000, 1, 1)
"""Stands in the file for when it was made: the same scenario gives the same bytes."""
_DAY = "yyyy-mm-dd"
_TEXT = "@"
"""Format of cells whose digits are text: 007 stays 007."""
_LAST_ROW = 1_048_575
_WIDEST = 44
_LOOKED_AT = 200
"""Rows whose width counts."""
_NAMED = {
    "parent": "power",
    "node": "power",
    "feed_a": "power",
    "feed_b": "power",
    "rack_type": "rack_types",
    "position": "positions",
    "cooling_zone": "cooling",
    "rack": "racks",
    "contract": "contracts",
    "workload": "workloads",
    "supply": "supplies",
}
"""By the key of a column, the sheet whose names it takes."""


def book_files(scenario: Scenario, name: str) -> dict[str, str | bytes]:
    """The workbook (xlsx) of a scenario under its name and, with an incumbent, the plan that it names beside it.

    Raises ScenarioError where a text or a table is larger than a sheet holds, and where something is not sure.
    """
    if scenario.uncertainty is not None:
        message = "has no sheet in a workbook; expand the scenario to a folder (-o DIR), or a sample of it (--sample N)"
        raise ScenarioError([Problem("", 0, "uncertainty", message)])
    if scenario.incumbent is None:
        return {name: _dumped(scenario, None)}
    beside = f"{PurePath(name).stem}-incumbent.json"
    return {name: _dumped(scenario, beside), beside: dump_plan(scenario.incumbent)}


def _dumped(scenario: Scenario, incumbent: str | None) -> bytes:
    import xlsxwriter

    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        book.set_properties({"created": _MADE})
        looks = _Looks.of(book)
        for one in contents(scenario, incumbent):
            _Writing(book.add_worksheet(one.sheet.name), one, looks).write()
    return stream.getvalue()


@dataclass(frozen=True, slots=True)
class _Looks:
    """How cells look."""

    header: Format
    day: Format
    text: Format
    plain: Format
    note: Format

    @classmethod
    def of(cls, book: Workbook) -> _Looks:
        return cls(
            header=book.add_format({"bold": True, "bottom": 1, "bg_color": "#EDEFF2"}),
            day=book.add_format({"num_format": _DAY, "align": "left"}),
            text=book.add_format({"num_format": _TEXT}),
            plain=book.add_format({"align": "left"}),
            note=book.add_format({"italic": True, "font_color": "#555555"}),
        )

    def column(self, column: Column | None) -> Format | None:
        """The look of a column's cells."""
        if column is not None and column.dated:
            return self.day
        return None if column is not None and (column.counted or column.choices) else self.text


@dataclass(frozen=True, slots=True)
class _Writing:
    """A sheet on its way out."""

    into: Worksheet
    contents: Contents
    looks: _Looks

    def write(self) -> None:
        """The header, the rows below it, what cells may hold and what they mean."""
        if self.contents.sheet.upright:
            self._upright()
        else:
            self._across()

    def _across(self) -> None:
        headers, records = self.contents.headers, self.contents.records
        for place, header in enumerate(headers):
            column = [record.get(header.keys) for record in records]
            self.into.set_column(place, place, _width(header, column), self.looks.column(header.column))
            self._header(place, header)
            self._validated(header, 1, place, _LAST_ROW)
            for row, value in enumerate(column, 1):
                self._cell(row, place, header, value)
        self.into.freeze_panes(1, 1)
        self.into.autofilter(0, 0, max(len(records), 1), len(headers) - 1)

    def _upright(self) -> None:
        (record,), headers = self.contents.records, self.contents.headers
        for place, (name, width) in enumerate((("key", 28), ("value", 30), ("meaning", 110))):
            self.into.set_column(place, place, width)
            self.into.write_string(0, place, name, self.looks.header)
        for row, header in enumerate(headers, 1):
            self.into.write_string(row, 0, header.name)
            look = self.looks.column(header.column) or self.looks.plain
            self.into.write_blank(row, 1, None, look)
            self._cell(row, 1, header, record.get(header.keys), look)
            self._validated(header, row, 1, row)
            self.into.write_string(row, 2, meaning(header, self.contents.sheet), self.looks.note)
        self.into.freeze_panes(1, 0)

    def _header(self, place: int, header: Header) -> None:
        self.into.write_string(0, place, header.name, self.looks.header)
        self.into.write_comment(0, place, meaning(header, self.contents.sheet), {"x_scale": 2, "author": ""})

    def _validated(self, header: Header, row: int, place: int, last: int) -> None:
        """Offer what the cells of a column may hold; of names that others have, anything may be typed all the same."""
        column = header.column
        if column is not None and column.choices:
            self.into.data_validation(row, place, last, place, {"validate": "list", "source": list(column.choices)})
        elif column is not None and column.keys[-1] in _NAMED and not column.listed:
            source = f"={_NAMED[column.keys[-1]]}!$A$2:$A${_LAST_ROW + 1}"
            offered = {"validate": "list", "source": source, "error_type": "information"}
            self.into.data_validation(row, place, last, place, offered)

    def _cell(self, row: int, place: int, header: Header, value: Any, look: Format | None = None) -> None:
        if value is None or value == []:
            return
        if isinstance(value, int | float) and not isinstance(value, bool) and _exact(value):
            self.into.write_number(row, place, value, look)
        elif header.column is not None and header.column.dated:
            self.into.write_datetime(row, place, day_cell(value), look or self.looks.day)
        elif self.into.write_string(row, place, _text(value), look):
            message = "does not fit into a sheet: a cell holds at most 32,767 letters, a sheet 1,048,576 rows"
            raise ScenarioError(
                [Problem(in_sheet("the workbook", self.contents.sheet.name), row + 1, header.name, message)]
            )


def _exact(value: float) -> bool:
    """Whether the digits that a cell of a number keeps are all that it has."""
    return float(f"{value:.16G}") == value


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return as_list(value) if isinstance(value, list | tuple) else str(value)


def _width(header: Header, column: list[Any]) -> int:
    longest = max((len(_text(value)) for value in column[:_LOOKED_AT] if value is not None), default=0)
    return min(max(longest + 2, len(header.name) + 4, 11), _WIDEST)
