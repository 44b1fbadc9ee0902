"""A sheet as rows of texts, each cell as a table in CSV has it; what is no value is told or refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from capalloc.errors import Problem
from capalloc.formats.dialect import NumberedRow, trimmed
from capalloc.formats.node import in_sheet
from capalloc.formats.warned import warn
from capalloc.imports.book.marks import Cell, Marks, Parts

_THREE_DECIMALS = 3
_WHOLE = 1e15
"""Numbers below it are whole when their decimals are zero."""
_MOST = 3
"""Most cells of one fault that are named; the rest is counted."""
_UNCALCULATED = "holds a formula that no spreadsheet program has calculated; open the workbook in one and save it"
_WIDE = "is merged with cells of other columns; unmerge them and give each its value"


@dataclass(frozen=True, slots=True)
class Rows:
    """A sheet: its rows from the header on, each with its number."""

    name: str
    """As the workbook has it."""
    rows: tuple[NumberedRow, ...] = ()
    dates: Mapping[str, int] = field(default_factory=dict)
    """By the header of each column in which a cell is a date, the first such row."""


class Grid:
    """The values of a sheet by row and column."""

    def __init__(self, file: str, sheet: Any, parts: Parts, columns: int | None, problems: list[Problem]) -> None:
        self._name, self._place, self._problems = sheet.name, in_sheet(file, sheet.name), problems
        self._cells: list[list[Any]] = sheet.to_python(skip_empty_area=False)
        self._merged: list[tuple[Cell, Cell]] = list(sheet.merged_cell_ranges or ())
        self._marks, self._calculated = parts.marks.get(sheet.name, Marks()), parts.calculated
        self._top = next((row for row, cells in enumerate(self._cells) if any(map(_filled, cells))), 0)
        self._header = [_text(cell) for cell in self._cells[self._top]] if self._cells else []
        width = max((column for column, name in enumerate(self._header, 1) if name.strip()), default=0)
        self._width = width if columns is None else columns

    def rows(self) -> Rows:
        """The rows that hold anything, the header first."""
        self._unmerge()
        self._look_at_formulas()
        errors = {cell: found for cell, found in self._marks.errors.items() if self._counts(cell)}
        self._fault(errors, lambda cell: f"holds the error {errors[cell]}, expected a value")
        return Rows(self._name, tuple(trimmed(list(self._numbered()))), self._dates())

    def _numbered(self) -> Iterator[NumberedRow]:
        for row, cells in enumerate(self._cells[self._top :], self._top + 1):
            yield row, [_text(cell) for cell in cells]

    def _dates(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for row, cells in enumerate(self._cells[self._top :], self._top + 1):
            for name, cell in zip(self._header, cells, strict=False):
                if isinstance(cell, date):
                    found.setdefault(name, row)
        return found

    def _unmerge(self) -> None:
        """Give each cell that is merged with one above it that one's value."""
        merged = [one for one in self._merged if self._counts(one[0]) and _filled(self._cells[one[0][0]][one[0][1]])]
        down = [one for one in merged if one[0][1] == one[1][1]]
        for (top, column), (bottom, _) in down:
            for cells in self._cells[top + 1 : bottom + 1]:
                cells[column] = self._cells[top][column]
        self._fault([first for first, last in merged if first[1] != last[1]], lambda _: _WIDE)
        self._warn([first for first, _ in down], "merged cells: each is read with the value that they show")

    def _look_at_formulas(self) -> None:
        formulas = {cell for cell in self._marks.formulas if self._counts(cell)}
        faulty = formulas & self._marks.unvalued if self._calculated else formulas
        self._fault(faulty, lambda _: _UNCALCULATED)
        self._warn(formulas - faulty, "formulas: their values are those that a spreadsheet program calculated last")

    def _counts(self, cell: Cell) -> bool:
        row, column = cell
        return row < len(self._cells) and column < min(self._width, len(self._cells[row]))

    def _problem(self, cell: Cell, message: str) -> Problem:
        row, column = cell
        return Problem(self._place, row + 1, self._header[column], message)

    def _warn(self, cells: Iterable[Cell], message: str) -> None:
        found = sorted(cells)
        if found:
            many = f"{len(found):,} cells hold" if len(found) > 1 else "a cell holds"
            warn([self._problem(found[0], f"{many} {message}")])

    def _fault(self, cells: Iterable[Cell], sentence: Callable[[Cell], str]) -> None:
        """Report the first few of the cells that are at fault, and how many there are besides."""
        found = sorted(cells)
        shown = found if len(found) == _MOST + 1 else found[:_MOST]
        self._problems += [self._problem(cell, sentence(cell)) for cell in shown]
        if more := len(found) - len(shown):
            self._problems.append(self._problem(found[_MOST], f"and {more:,} cells like these from here on"))


def _filled(cell: Any) -> bool:
    return cell != "" and not (isinstance(cell, str) and cell.isspace())


def _text(cell: Any) -> str:
    """A cell as a table has it; a number never looks like one whose point parts thousands."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float | int):
        return _number(float(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _number(value: float) -> str:
    if value.is_integer() and abs(value) < _WHOLE:
        return str(int(value))
    text = repr(value)
    return f"{text}0" if len(text.partition(".")[2]) == _THREE_DECIMALS else text
