"""``capalloc import xlsx``: a workbook as a folder of plain tables."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from capalloc.cli.exits import faults
from capalloc.cli.expand import write_expanded
from capalloc.cli.loading import require_book
from capalloc.cli.options import AsJson, ForceFolder, OutputFolder


def xlsx(
    book: Annotated[Path, typer.Argument(metavar="BOOK", help="A workbook as `capalloc expand --xlsx` writes it.")],
    output: OutputFolder,
    force: ForceFolder = False,
    as_json: AsJson = False,
) -> None:
    """Write a workbook as a folder of tables.

    A workbook is also a scenario as it stands: `capalloc plan book.xlsx`. `capalloc expand SCENARIO --xlsx BOOK`
    writes one.

    \b
    Example:
      capalloc import xlsx book.xlsx -o tables
    """
    with faults():
        require_book(book)
        write_expanded(book, output, as_json, force)
