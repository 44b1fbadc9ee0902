"""``capalloc export netbox``: who has which rack, and when, for NetBox."""

from __future__ import annotations

from typing import Annotated

import typer

from capalloc.cli.asking import Asked
from capalloc.cli.exits import faults
from capalloc.cli.exporting.shared import PlanFile, exported_base, write_export
from capalloc.cli.options import AsJson, OutputFolder, Quiet, ScenarioFile, Seed, TimeLimit


def netbox(
    scenario: ScenarioFile,
    plan: PlanFile = None,
    *,
    output: OutputFolder,
    period: Annotated[
        str | None,
        typer.Option("--period", metavar="P", help="Whose first day statuses are seen from: a label, month or day."),
    ] = None,
    seed: Seed = 0,
    time_limit: TimeLimit = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Write who has which rack, and when, as CSV for NetBox's imports.

    \b
    Example:
      capalloc export netbox examples/tiny.yaml plan.json -o netbox
    """
    with faults():
        from capalloc.analysis.base import period_asked
        from capalloc.exports.netbox import NAMES, netbox_files

        base = exported_base(Asked(scenario, plan, seed=seed, time_limit=time_limit), output, list(NAMES), quiet)
        number = 0 if period is None else period_asked(base.instance.periods, period)
        write_export(output, netbox_files(base, number), quiet, as_json)
