"""``capalloc figure``: one figure of a plan as a file for slides."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from capalloc.cli.exits import NOT_ACCEPTABLE, faults, say
from capalloc.cli.options import ForceFile, Quiet, ScenarioFile
from capalloc.cli.output import FIGURE, OutputFile, write_file
from capalloc.cli.report import pictured
from capalloc.cli.stages import stages
from capalloc.progress import Progress


class FigureName(StrEnum):
    """What can be drawn."""

    RAMP = "ramp"
    FLOOR = "floor"
    POWER = "power"
    MONEY = "money"
    CALENDAR = "calendar"


def figure(
    name: Annotated[FigureName, typer.Argument(metavar="FIGURE", help="ramp, floor, power, money or calendar.")],
    scenario: ScenarioFile,
    plan: Annotated[Path, typer.Argument(metavar="PLAN", help="A plan file (JSON) for that scenario.")],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="The file: x.svg, x.png or x.pdf.")],
    period: Annotated[
        str | None, typer.Option(metavar="P", help="Of floor and power: the period, or a day in it; else the first.")
    ] = None,
    measure: Annotated[
        str | None,
        typer.Option(
            metavar="WHAT",
            help="Of ramp: MW, 'MW as sold', GPUs, racks; of money: earned, firm, prices; "
            "of floor: demand, type, headroom, block. The first unless given.",
        ),
    ] = None,
    force: ForceFile = False,
    quiet: Quiet = False,
) -> None:
    """Draw one figure of a plan into a file, without a browser.

    SVG, PNG or PDF, as the file's name ends, on white, with a title and legend, text as text. PNG and PDF, and the
    charts (ramp, money, calendar), need what `pip install 'capalloc[figures]'` adds.
    Exit code 1 where the independent check rejects the plan; the figure is written all the same.

    \b
    Example:
      capalloc figure ramp examples/tiny.yaml plan.json -o ramp.svg
    """
    with faults():
        file = OutputFile(output, FIGURE, force)
        ending = _ending(output)
        file.require_writable()
        with stages(quiet) as progress:
            with file.spared():
                shown = pictured(scenario, plan, progress)
            progress(Progress("report"))

            from capalloc.report.charts.catalogue import figure_svg
            from capalloc.report.charts.files import encoded

            write_file(output, encoded(figure_svg(shown, name.value, measure, period), ending))
        if not quiet:
            say(f"figure written to {output}")
        rejected = shown.verdict.verdict != "ok"
        if rejected:
            say("the independent check rejects the plan that is drawn; `capalloc check` says why")
    if rejected:
        raise typer.Exit(NOT_ACCEPTABLE)


def _ending(path: Path) -> str:
    """How the name of a file ends. Raises ScenarioError where no figure can be written into such a file."""
    from capalloc.errors import Problem, ScenarioError
    from capalloc.report.charts.files import FORMATS

    ending = path.suffix.lower().removeprefix(".")
    if ending not in FORMATS:
        known = ", ".join(f".{one}" for one in FORMATS)
        raise ScenarioError([Problem("", 0, "--output", f"found {path.name!r}, expected a name that ends in {known}")])
    return ending
