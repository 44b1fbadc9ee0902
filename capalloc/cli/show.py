"""``capalloc show``: one thing of a planned site, or the whole."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from capalloc.cli.exits import faults, say
from capalloc.cli.loading import load
from capalloc.cli.options import AsJson, ScenarioFile
from capalloc.cli.stages import stages
from capalloc.progress import Progress


def show(
    scenario: ScenarioFile,
    plan: Annotated[Path, typer.Argument(metavar="PLAN", help="A plan file (JSON) for that scenario.")],
    names: Annotated[
        list[str] | None, typer.Argument(metavar="NAME", help="Nodes, halls, rows, zones, racks, positions, demands.")
    ] = None,
    period: Annotated[
        str | None, typer.Option(metavar="PERIOD", help="This period alone; a day or month in it will do.")
    ] = None,
    depth: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Levels of the site's tree; as many as fit 40 lines.")
    ] = None,
    all_periods: Annotated[bool, typer.Option("--all-periods", help="One line for every period.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress on stderr; warnings stay.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show one thing of a planned site, or the whole.

    What it is, what hangs on it, its load and limits in normal operation and after the worst loss,
    who holds it, and how many racks of each type would still fit. Without a name, or by the name site:
    the whole site as a tree, each power node where it is tightest.

    A row is named hall/row. Where several things have a name, write node:NAME, hall:NAME, row:NAME,
    zone:NAME, rack:NAME, position:NAME or demand:NAME.

    \b
    Example:
      capalloc show examples/tiny.yaml plan.json ups1 h1/r1 lease
    """
    with faults():
        from capalloc.analysis.show.answer import show as ask
        from capalloc.formats import load_plan, scenario_sha256
        from capalloc.report.show import shown_page
        from capalloc.report.terminal import show as put

        with stages(quiet) as progress:
            progress(Progress("load"))
            loaded, shown = load(scenario), load_plan(plan)
            progress(Progress("report"))
            answer = ask(loaded, shown, names or (), period=period)
        if shown.scenario_sha256 != scenario_sha256(loaded):
            say(f"warning: {plan} was made for another scenario, or for another version of this one")
        if as_json:
            typer.echo(answer.model_dump_json(indent=1, by_alias=True))
        else:
            put(shown_page(answer, loaded.horizon.period, all_periods, depth))
