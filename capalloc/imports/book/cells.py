"""A workbook's file: which of its sheets are read, and whether it is one."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import ParseError

from capalloc.errors import Problem
from capalloc.formats.node import Rejected
from capalloc.formats.reading import MEGABYTE, read_bytes
from capalloc.imports.book.grid import Grid, Rows
from capalloc.imports.book.marks import Parts, farthest, parts_of, size_of
from capalloc.spelling import folded

BOOK_BYTES = 64 * MEGABYTE
"""Largest workbook that is read."""
UNPACKED_BYTES = 1000 * MEGABYTE
"""Most that its parts may come to."""
MOST_CELLS = 50_000_000
"""Of the rectangle that a sheet takes, most of it empty: a reader of workbooks holds all of it in memory."""
_OLD = b"\xd0\xcf\x11\xe0"
"""How a workbook of before 2007 begins, and one that a password locks."""


@dataclass(frozen=True, slots=True)
class Sheets:
    """What was read of a workbook."""

    found: list[Rows]
    """The sheets that were asked for, in its order."""
    further: list[str]
    """Names of others that hold anything."""


def read_sheets(path: Path, wanted: Mapping[str, int | None], problems: list[Problem]) -> Sheets:
    """The sheets that are wanted, by their names in small letters: for each how many columns count, or None for all.

    What a sheet holds that is no value goes to ``problems``; Rejected where the file is no workbook.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    data = read_bytes(path, str(path), BOOK_BYTES)
    parts = _parts(data, str(path))
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            sheets = [book.get_sheet_by_name(name) for name in book.sheet_names]
    except CalamineError as error:
        raise _no_workbook(str(path), str(error)) from error
    own = [sheet for sheet in sheets if folded(sheet.name) in wanted]
    found = [Grid(str(path), sheet, parts, wanted[folded(sheet.name)], problems).rows() for sheet in own]
    return Sheets(found, [sheet.name for sheet in sheets if sheet not in own and sheet.height])


def _parts(data: bytes, file: str) -> Parts:
    """What the parts of a file say; Rejected where it is no workbook of a size that is read."""
    if data.startswith(_OLD):
        raise _no_workbook(file, "a password locks it, or it is of a format before 2007; save it as .xlsx without one")
    try:
        if size_of(data) > UNPACKED_BYTES:
            message = f"is larger than {UNPACKED_BYTES / MEGABYTE:g} MB unpacked, the most that is read"
            raise Rejected(Problem(file, 0, "", message))
        cells, corner = farthest(data)
        if cells > MOST_CELLS:
            message = f"has a sheet that reaches to cell {corner}; delete what stands far from the tables"
            raise Rejected(Problem(file, 0, "", message))
        return parts_of(data)
    except (zipfile.BadZipFile, KeyError, ParseError, OSError, EOFError, ValueError, NotImplementedError) as error:
        raise _no_workbook(file, str(error)) from error


def _no_workbook(file: str, reason: str) -> Rejected:
    return Rejected(Problem(file, 0, "", f"is not a workbook (xlsx): {reason}"))
