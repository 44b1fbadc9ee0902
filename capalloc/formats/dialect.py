"""Rows of a CSV file in the dialects that spreadsheets write: commas, semicolons or tabs, cells that pad a row."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from capalloc.errors import Problem
from capalloc.formats.node import Rejected

NumberedRow = tuple[int, list[str]]
"""The line that a row starts on, and its cells."""
_SEPARATORS = (",", ";", "\t")
_SAID = "sep="
"""How Excel begins a file whose separator it names."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a file, the header first."""

    rows: list[NumberedRow]
    separator: str = ","

    @property
    def local(self) -> bool:
        """Whether decimals may follow a comma: where it parts no cells."""
        return self.separator != ","


def rows_of(text: str, file: str, known: Collection[str]) -> Rows:
    """The rows of a file whose header has ``known`` columns; Rejected where it is not CSV.

    Rows of blank cells, columns of them at the end, and cells of them beyond the header are left out.
    """
    separator = _separator(text, known)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    return Rows(trimmed(list(_numbered(reader, file, separator))), separator)


def trimmed(rows: list[NumberedRow]) -> list[NumberedRow]:
    """Rows without the blank cells that pad them to the right of the header, and without blank rows below it."""
    if not rows:
        return rows
    (line, header), *below = rows
    names = _without_blanks(header)
    if any(_beyond(cells, len(names)) for _, cells in below):
        names = header  # a column without a name holds something
    return [(line, names), *((number, _fitting(cells, len(names))) for number, cells in below if _filled(cells))]


def _separator(text: str, known: Collection[str]) -> str:
    """What parts the cells: the first that finds names that are known in the header."""
    line = next(iter(text.splitlines()), "")
    if line.startswith(_SAID) and line[len(_SAID) :] in _SEPARATORS:
        return line[len(_SAID) :]
    for separator in _SEPARATORS[1:]:
        parts = [part.strip().strip('"') for part in line.split(separator)]
        if "," not in line and len(parts) > 1 and any(part in known for part in parts):
            return separator
    return ","


def _numbered(reader: Any, file: str, separator: str) -> Iterator[NumberedRow]:
    """Rows with the line that each starts on; blank lines are left out."""
    line = 1
    try:
        for cells in reader:
            if cells and not (line == 1 and "".join(cells) == _SAID):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise Rejected(Problem(file, reader.line_num, "", f"is not CSV: {error}")) from error


def _filled(cells: list[str]) -> bool:
    return any(cell and not cell.isspace() for cell in cells)


def _beyond(cells: list[str], width: int) -> bool:
    return len(cells) > width and _filled(cells[width:])


def _without_blanks(header: list[str]) -> list[str]:
    width = max((place for place, name in enumerate(header, 1) if name.strip()), default=0)
    return header[:width]


def _fitting(cells: list[str], width: int) -> list[str]:
    return cells if len(cells) <= width or _beyond(cells, width) else cells[:width]
