"""``capalloc export xlsx``: a plan as a workbook for finance."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from capalloc.cli.asking import Asked
from capalloc.cli.exits import faults
from capalloc.cli.exporting.shared import PlanFile, exported_to, save_export
from capalloc.cli.options import AsJson, ForceFile, Prospects, Quiet, ScenarioFile, Seed, TimeLimit
from capalloc.cli.output import PLAN_BOOK, OutputFile


def xlsx(
    scenario: ScenarioFile,
    plan: PlanFile = None,
    *,
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="The workbook to write (.xlsx).")],
    force: ForceFile = False,
    prospect: Prospects = None,
    seed: Seed = 0,
    time_limit: TimeLimit = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Write a plan as a workbook for finance and the floor team.

    Summary with charts, MW by demand and period, money by period, month and contract, shortfalls, moves with dates and
    places, headroom of every power node, prices. Totals are formulas; texts are never formulas.

    \b
    Example:
      capalloc export xlsx examples/tiny.yaml plan.json -o plan.xlsx
    """
    with faults():
        from capalloc.exports.book import book_bytes

        file = OutputFile(output, PLAN_BOOK, force)
        file.require_name(".xlsx")
        base = exported_to(file, Asked(scenario, plan, frozenset(prospect or ()), seed, time_limit), quiet)
        save_export(output, book_bytes(base), quiet, as_json)
