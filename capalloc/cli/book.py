"""Writing a scenario's workbook and saying what was written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from capalloc.cli.output import BOOK, OutputFile, write_file

if TYPE_CHECKING:
    from capalloc.schema.scenario import Scenario


def book_output(path: Path, force: bool) -> OutputFile:
    """The workbook to write. Raises an OSError when the path cannot become one."""
    output = OutputFile(path, BOOK, force)
    output.require_name(".xlsx")
    output.require_writable()
    return output


def write_book(scenario: Scenario, path: Path, as_json: bool, force: bool) -> None:
    """Write a workbook, with today's plan beside it where there is one, and list the files on stdout.

    Raises OSError, also where another workbook is there already, unless ``force`` writes over it.
    """
    from capalloc.imports.book import book_files

    files = {path.with_name(name): content for name, content in book_files(scenario, path.name).items()}
    for file, content in files.items():
        OutputFile(file, BOOK, force).require_same(content)
    for file, content in files.items():
        write_file(file, content)
    names = sorted(map(str, files))
    told = {"scenario": scenario.name, "book": str(path), "files": names}
    typer.echo(json.dumps(told, indent=1) if as_json else "\n".join(names))
