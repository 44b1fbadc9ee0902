"""``capalloc expand``: a scenario as a folder of plain tables, or as a workbook."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from capalloc.cli.book import book_output, write_book
from capalloc.cli.exits import faults
from capalloc.cli.folder import write_folder
from capalloc.cli.loading import load
from capalloc.cli.options import AsJson, ForceFolder, ScenarioFile
from capalloc.cli.output import inputs_spared

if TYPE_CHECKING:
    from capalloc.schema.scenario import Scenario


def expand(
    scenario: ScenarioFile,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="DIR", help="Folder to write; made when missing.")
    ] = None,
    book: Annotated[
        Path | None, typer.Option("--xlsx", metavar="BOOK", help="Write one workbook, a sheet for each table.")
    ] = None,
    number: Annotated[
        int | None,
        typer.Option("--sample", metavar="N", help="Sample N of what is not sure, from 1 to uncertainty.samples."),
    ] = None,
    seed: Annotated[
        int | None, typer.Option("--seed", metavar="S", help="Seed of the samples; uncertainty.seed unless given.")
    ] = None,
    force: ForceFolder = False,
    as_json: AsJson = False,
) -> None:
    """Write a scenario as a folder of tables, or as a workbook.

    Every preset and template is resolved.

    The folder, or the workbook, plans like the scenario it came from. Lists the files it wrote. With --sample, what the
    scenario's uncertainty leaves open has come out somehow: an ordinary scenario, the same for the same seed.

    \b
    Example:
      capalloc expand examples/tiny.yaml -o tables
      capalloc expand examples/tiny.yaml --xlsx tiny.xlsx
      capalloc expand examples/colossus1-unsure.yaml --sample 7 -o seventh
    """
    with faults():
        _require_one(output, book)
        _require_sample(number, seed)
        if output is not None:
            write_expanded(scenario, output, as_json, force, number, seed)
        if book is not None:
            with book_output(book, force).spared():
                loaded = _loaded(scenario, number, seed)
            write_book(loaded, book, as_json, force)


def write_expanded(
    scenario: Path, output: Path, as_json: bool, force: bool, number: int | None = None, seed: int | None = None
) -> None:
    """Expand a scenario's file, or a sample of it, into a folder, and list what is in it.

    Raises ScenarioError or OSError.
    """
    from capalloc.formats.expand import expanded_names

    with inputs_spared(*(output / name for name in expanded_names())):
        loaded = _loaded(scenario, number, seed)
    write_folder(loaded, output, as_json, force)


def _loaded(path: Path, number: int | None, seed: int | None) -> Scenario:
    """The scenario in a file, or a sample of it."""
    loaded = load(path)
    if number is None:
        return loaded
    from capalloc.analysis.sampling import sample

    return sample(loaded, number, seed=seed)


def _require_sample(number: int | None, seed: int | None) -> None:
    """Raise ScenarioError where a seed is given for no sample."""
    from capalloc.errors import Problem, ScenarioError

    if number is None and seed is not None:
        message = f"found {seed} without --sample, expected the sample that it is the seed of (--sample N)"
        raise ScenarioError([Problem("", 0, "--seed", message)])


def _require_one(output: Path | None, book: Path | None) -> None:
    """Raise ScenarioError unless one of the two is given."""
    from capalloc.errors import Problem, ScenarioError

    if (output is None) == (book is None):
        found = "neither" if output is None else "both"
        message = f"found {found}, expected a folder to write (-o DIR) or a workbook (--xlsx BOOK)"
        raise ScenarioError([Problem("", 0, "--output, --xlsx", message)])
