"""``capalloc expand``: a scenario as a folder of plain tables, or as a workbook."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from capalloc.cli.book import book_output, write_book
from capalloc.cli.exits import faults
from capalloc.cli.folder import write_folder
from capalloc.cli.loading import load
from capalloc.cli.options import AsJson, ForceFolder, ScenarioFile
from capalloc.cli.output import inputs_spared


def expand(
    scenario: ScenarioFile,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="DIR", help="Folder to write; made when missing.")
    ] = None,
    book: Annotated[
        Path | None, typer.Option("--xlsx", metavar="BOOK", help="Write one workbook, a sheet for each table.")
    ] = None,
    force: ForceFolder = False,
    as_json: AsJson = False,
) -> None:
    """Write a scenario as a folder of tables, or as a workbook.

    Every preset and template is resolved.

    The folder, or the workbook, plans like the scenario it came from. Lists the files it wrote.

    \b
    Example:
      capalloc expand examples/tiny.yaml -o tables
      capalloc expand examples/tiny.yaml --xlsx tiny.xlsx
    """
    with faults():
        _require_one(output, book)
        if output is not None:
            write_expanded(scenario, output, as_json, force)
        if book is not None:
            with book_output(book, force).spared():
                loaded = load(scenario)
            write_book(loaded, book, as_json, force)


def write_expanded(scenario: Path, output: Path, as_json: bool, force: bool) -> None:
    """Expand a scenario's file into a folder, and list what is in it. Raises ScenarioError or OSError."""
    from capalloc.formats.expand import expanded_names

    with inputs_spared(*(output / name for name in expanded_names())):
        loaded = load(scenario)
    write_folder(loaded, output, as_json, force)


def _require_one(output: Path | None, book: Path | None) -> None:
    """Raise ScenarioError unless one of the two is given."""
    from capalloc.errors import Problem, ScenarioError

    if (output is None) == (book is None):
        found = "neither" if output is None else "both"
        message = f"found {found}, expected a folder to write (-o DIR) or a workbook (--xlsx BOOK)"
        raise ScenarioError([Problem("", 0, "--output, --xlsx", message)])
