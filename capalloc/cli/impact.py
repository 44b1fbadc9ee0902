"""``capalloc impact``: what happens while something is out of service."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from capalloc.cli.asking import Asked, base_for
from capalloc.cli.exits import faults, say
from capalloc.cli.options import AsJson, ForceFile, Quiet, ScenarioFile
from capalloc.cli.output import HITS, OutputFile
from capalloc.cli.stages import stages
from capalloc.progress import Progress

if TYPE_CHECKING:
    from capalloc.analysis.base import Base
    from capalloc.schema.impact import Impact

_FIRST = "the plan's first; --period names another"


def impact(
    scenario: ScenarioFile,
    plan: Annotated[Path, typer.Argument(metavar="PLAN", help="A plan file (JSON) for that scenario.")],
    nodes: Annotated[
        list[str], typer.Argument(metavar="NODE", help="Nodes, rows, halls, cooling zones, supplies; all at once.")
    ],
    period: Annotated[
        str | None,
        typer.Option(metavar="PERIOD", help="When; a day or month in it will do. The plan's first unless given."),
    ] = None,
    all_periods: Annotated[bool, typer.Option("--all-periods", help="One line for every period.")] = False,
    csv: Annotated[
        Path | None, typer.Option("--csv", metavar="FILE", help="Write each rack that is hit, and whom it serves.")
    ] = None,
    force: ForceFile = False,
    prospect: Annotated[
        list[str] | None, typer.Option("--prospect", metavar="NAME", help="A prospect that the plan has to serve.")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", min=0, hidden=True)] = 0,
    time_limit: Annotated[float | None, typer.Option("--time-limit", min=0, hidden=True)] = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Say what happens while a panel, UPS, row, hall, cooling zone or supply is out.

    Racks that go dark or are left with one feed, whom they serve, the money at stake, power nodes
    against their failover limits, what one more loss would do, and when in the horizon it could be
    out with nobody dark and no node over its limit.

    A row is named hall/row. Where several things have a name, write node:NAME, row:NAME, hall:NAME,
    zone:NAME or supply:NAME.

    \b
    Example:
      capalloc impact examples/tiny.yaml plan.json ups1 --period 2026-07
    """
    with faults():
        file = OutputFile(csv, HITS, force)
        file.require_writable()
        asked = Asked(scenario, plan, frozenset(prospect or ()), seed, time_limit, plan_required=True)
        with stages(quiet) as progress:
            with file.spared():
                base = base_for(asked, progress)
            progress(Progress("report"))
            from capalloc.analysis.impact import impact_of

            answer = impact_of(base, nodes, period=period)
        if csv is not None:
            _save(answer, csv, quiet)
        if as_json:
            typer.echo(answer.model_dump_json(indent=1, by_alias=True))
        else:
            _show(answer, base, None if period is not None else _FIRST, all_periods)


def _save(answer: Impact, path: Path, quiet: bool) -> None:
    from capalloc.formats.sheets import save_sheet
    from capalloc.report.impact import SHEET, sheet_rows

    save_sheet(path, SHEET, sheet_rows(answer))
    if not quiet:
        say(f"{len(answer.racks)} racks written to {path}")


def _show(answer: Impact, base: Base, note: str | None, all_periods: bool) -> None:
    from capalloc.report.impact import impact_page
    from capalloc.report.terminal import show

    show(impact_page(answer, base.scenario.horizon, note, all_periods))
