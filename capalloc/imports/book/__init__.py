"""A scenario as one workbook, a sheet for each table: read from a spreadsheet, and written for one."""

from __future__ import annotations

from capalloc.imports.book.read import load_book
from capalloc.imports.book.write import book_files

__all__ = ["book_files", "load_book"]
