"""``capalloc export focus``: what tenants owe, as FOCUS has it."""

from __future__ import annotations

from typing import Annotated

import typer

from capalloc.cli.asking import Asked
from capalloc.cli.exits import faults, say
from capalloc.cli.exporting.shared import PlanFile, exported_base, write_export
from capalloc.cli.options import AsJson, OutputFolder, Quiet, ScenarioFile, Seed, TimeLimit

Provider = Annotated[
    str | None, typer.Option("--provider", metavar="NAME", help="Who bills; the facility's name unless given.")
]


def focus(
    scenario: ScenarioFile,
    plan: PlanFile = None,
    *,
    output: OutputFolder,
    provider: Provider = None,
    seed: Seed = 0,
    time_limit: TimeLimit = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Write what tenants owe as FOCUS: charges by contract and month, and contract commitments.

    \b
    Example:
      capalloc export focus examples/tiny.yaml plan.json -o billing
    """
    with faults():
        from capalloc.exports.focus import NAMES, focus_files

        base = exported_base(Asked(scenario, plan, seed=seed, time_limit=time_limit), output, list(NAMES), quiet)
        for name in sorted(base.prospects):
            say(f"{name} has not signed: it is charged nothing")
        write_export(output, focus_files(base, provider), quiet, as_json)
