"""``capalloc figure``: one figure of a plan as a file for slides."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from capalloc.cli.exits import faults, say
from capalloc.cli.options import ForceFile, Quiet, ScenarioFile
from capalloc.cli.output import FIGURE, OutputFile
from capalloc.cli.report import pictured
from capalloc.cli.stages import stages


class FigureName(StrEnum):
    """What can be drawn."""

    RAMP = "ramp"


def figure(
    name: Annotated[FigureName, typer.Argument(metavar="FIGURE", help="What to draw: ramp.")],
    scenario: ScenarioFile,
    plan: Annotated[Path, typer.Argument(metavar="PLAN", help="A plan file (JSON) for that scenario.")],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="The file: x.svg, x.png or x.pdf.")],
    force: ForceFile = False,
    quiet: Quiet = False,
) -> None:
    """Draw one figure of a plan into a file, without a browser.

    \b
    Example:
      capalloc figure ramp examples/tiny.yaml plan.json -o ramp.svg
    """
    with faults():
        from capalloc.formats import write_atomically
        from capalloc.report.charts.files import drawn, encoded
        from capalloc.report.charts.ramp import ramp_figure
        from capalloc.report.charts.shades import shades_of

        file = OutputFile(output, FIGURE, force)
        file.require_writable()
        with stages(quiet) as progress:
            with file.spared():
                shown = pictured(scenario, plan, progress)
            write_atomically(output, encoded(drawn(ramp_figure(shown, shades_of(shown))), output.suffix[1:]))
        if not quiet:
            say(f"figure written to {output}")
