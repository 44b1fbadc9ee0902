"""Arguments and options that commands share."""

from __future__ import annotations

from math import isfinite
from pathlib import Path
from typing import Annotated

import typer

ScenarioFile = Annotated[
    Path, typer.Argument(metavar="SCENARIO", help="A scenario: a YAML file, or a workbook (xlsx).")
]
OutputFolder = Annotated[
    Path, typer.Option("-o", "--output", metavar="DIR", help="Folder to write; made when missing.")
]
AsJson = Annotated[bool, typer.Option("--json", help="JSON on stdout in place of tables.")]
BasePlan = Annotated[
    Path | None,
    typer.Option("--plan", metavar="PLAN", help="Today's plan of the scenario (JSON); without it one is made first."),
]
Seed = Annotated[int, typer.Option("--seed", min=0, metavar="N", help="Seed; the same seed gives the same answer.")]
TimeLimit = Annotated[
    float | None,
    typer.Option("--time-limit", min=0, metavar="SECONDS", help="Limit of each plan that is made; 60 unless given."),
]


def share_asked(text: str | float) -> float:
    """A share of 1: ``0.005``, or in percent with the sign, ``0.5%``. Raises BadParameter, a usage error."""
    written = str(text).strip()  # a default is a number
    try:
        share = float(written.removesuffix("%")) / (100 if written.endswith("%") else 1)
    except ValueError:
        share = -1.0
    if written.endswith("%") and share >= 0 and isfinite(share):
        return share
    if not 0 <= share < 1:
        meant = f"; {written}% is {float(written) / 100:g}" if share >= 1 and isfinite(share) else ""
        raise typer.BadParameter(f"found {text!r}, expected a share below 1 such as 0.005, or 0.5%{meant}")
    return share


Gap = Annotated[
    float | None,
    typer.Option(
        "--gap",
        parser=share_asked,
        metavar="SHARE",
        help="How near to the proven bound plans have to be, such as 0.005 or 0.5%; 0.00001 takes time.",
    ),
]
Prospects = Annotated[
    list[str] | None, typer.Option("--prospect", metavar="NAME", help="Plan this prospect too (repeat for more).")
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress on stderr; warnings stay.")]
ForceFolder = Annotated[bool, typer.Option("--force", help="Write over another site in the folder.")]
ForceFile = Annotated[bool, typer.Option("--force", help="Write over a file of another kind, if it is not read.")]
Samples = Annotated[
    int | None,
    typer.Option("--samples", min=1, max=100_000, metavar="N", help="Samples; uncertainty.samples unless given."),
]
SampleSeed = Annotated[
    int | None, typer.Option("--seed", min=0, metavar="S", help="Of the samples; uncertainty.seed unless given.")
]
SampleJobs = Annotated[
    int | None, typer.Option("--jobs", min=1, metavar="N", help="Samples at a time; as many as cores unless given.")
]
