"""``capalloc export xlsx``: a plan as a workbook for finance."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from capalloc.cli.asking import Asked
from capalloc.cli.exits import faults
from capalloc.cli.exporting.shared import PlanFile, exported_to, save_export
from capalloc.cli.options import AsJson, ForceFile, Quiet, ScenarioFile, Seed, TimeLimit
from capalloc.cli.output import BOOK, OutputFile


def xlsx(
    scenario: ScenarioFile,
    plan: PlanFile = None,
    *,
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="The workbook to write (.xlsx).")],
    force: ForceFile = False,
    seed: Seed = 0,
    time_limit: TimeLimit = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Write a plan as a workbook: summary, MW by demand and month, money.

    \b
    Example:
      capalloc export xlsx examples/tiny.yaml plan.json -o plan.xlsx
    """
    with faults():
        from capalloc.exports.book import book_bytes

        file = OutputFile(output, BOOK, force)
        base = exported_to(file, Asked(scenario, plan, seed=seed, time_limit=time_limit), quiet)
        save_export(output, book_bytes(base), quiet, as_json)
