"""The sheets of a workbook as rows of texts, each cell as a table in CSV has it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from capalloc.errors import Problem
from capalloc.formats.node import Rejected
from capalloc.formats.reading import MEGABYTE, read_bytes

BOOK_BYTES = 64 * MEGABYTE
"""Largest workbook that is read."""
_THREE_DECIMALS = 3
_WHOLE = 1e15
"""Numbers below it are whole when their decimals are zero."""


@dataclass(frozen=True, slots=True)
class Rows:
    """A sheet: its rows from the header on, each with its number."""

    name: str
    """As the workbook has it."""
    rows: tuple[tuple[int, list[str]], ...]


def read_cells(path: Path) -> list[Rows]:
    """The sheets of a workbook in their order. Rejected where the file is none."""
    from python_calamine import CalamineError, CalamineWorkbook

    data = read_bytes(path, str(path), BOOK_BYTES)
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            return [Rows(name, tuple(_rows(book.get_sheet_by_name(name)))) for name in book.sheet_names]
    except CalamineError as error:
        raise Rejected(Problem(str(path), 0, "", f"is not a workbook: {error}")) from error


def _rows(sheet: Any) -> Iterator[tuple[int, list[str]]]:
    """The rows that hold anything, without the columns to the right of the last header."""
    width = 0
    for number, cells in enumerate(sheet.to_python(skip_empty_area=False), 1):
        texts = [_text(cell) for cell in cells]
        if not any(texts):
            continue
        width = width or max(column for column, text in enumerate(texts, 1) if text)
        yield number, texts[:width] if not any(texts[width:]) else texts


def _text(cell: Any) -> str:
    """A cell as a table has it; a number never looks like one whose point parts thousands."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float | int):
        return _number(float(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell == datetime.combine(cell.date(), datetime.min.time()) else str(cell)
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _number(value: float) -> str:
    if value.is_integer() and abs(value) < _WHOLE:
        return str(int(value))
    text = repr(value)
    return f"{text}0" if len(text.partition(".")[2]) == _THREE_DECIMALS else text
