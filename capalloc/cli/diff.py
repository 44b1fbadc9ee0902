"""``capalloc diff``: what a second plan changes of a first, as a page, as JSON, as a dated work list."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from capalloc.cli.exits import faults, say
from capalloc.cli.loading import load
from capalloc.cli.options import AsJson, ForceFile, Quiet
from capalloc.cli.output import MOVES, OutputFile
from capalloc.cli.stages import stages
from capalloc.progress import OnProgress, Progress

if TYPE_CHECKING:
    from capalloc.schema.diff import Diff


def diff(
    first: Annotated[Path, typer.Argument(metavar="FIRST", help="A plan (JSON): what was to be done so far.")],
    second: Annotated[Path, typer.Argument(metavar="SECOND", help="Another: what is to be done now.")],
    scenario: Annotated[
        list[Path] | None,
        typer.Option(metavar="SCENARIO", help="A scenario that they were made from (repeat where there are two)."),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write the work, rack by rack (CSV).")
    ] = None,
    all_periods: Annotated[bool, typer.Option("--all-periods", help="One line for every period.")] = False,
    force: ForceFile = False,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Compare two plans: MW, dollars, risk, and a dated list of moves.

    They may be of different scenarios and horizons, such as last month's and this month's: the days
    that both cover are compared. With --scenario it is known where racks stand, how long hand-over
    takes, what of the fees is firm and how near to their limits nodes are.

    \b
    Example:
      capalloc diff plan-2026-10.json plan.json --scenario examples/tiny.yaml -o moves.csv
    """
    with faults():
        file = OutputFile(output, MOVES, force)
        file.require_writable()
        with stages(quiet) as progress, file.spared():
            answer = _compared(first, second, scenario or [], progress)
        _save(answer, output, quiet)
        if as_json:
            typer.echo(answer.model_dump_json(indent=1, by_alias=True))
        else:
            _show(answer, all_periods)


def _compared(first: Path, second: Path, scenarios: list[Path], progress: OnProgress) -> Diff:
    from capalloc.analysis.diff import diff as compared
    from capalloc.formats import load_plan

    progress(Progress("load"))
    plans, known = (load_plan(first), load_plan(second)), [load(path) for path in scenarios]
    progress(Progress("verify" if known else "report"))
    return compared(*plans, *known, names=(str(first), str(second)))


def _save(answer: Diff, path: Path | None, quiet: bool) -> None:
    if path is None:
        return
    from capalloc.formats.sheets import save_sheet
    from capalloc.report.moves import SHEET, sheet_rows

    save_sheet(path, SHEET, sheet_rows(answer))
    if not quiet:
        say(f"moves written to {path}")


def _show(answer: Diff, all_periods: bool) -> None:
    from capalloc.report.diff import diff_page
    from capalloc.report.terminal import show

    show(diff_page(answer, all_periods))
