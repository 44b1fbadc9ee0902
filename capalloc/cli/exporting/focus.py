"""``capalloc export focus``: what tenants owe, as FOCUS has it."""

from __future__ import annotations

from typing import Annotated

import typer

from capalloc.cli.asking import Asked
from capalloc.cli.exits import faults, say
from capalloc.cli.exporting.shared import ForceExport, OnePeriod, PlanFile, days_asked, exported_base, write_export
from capalloc.cli.options import AsJson, OutputFolder, Prospects, Quiet, ScenarioFile, Seed, TimeLimit

Provider = Annotated[
    str | None, typer.Option("--provider", metavar="NAME", help="Who bills; the facility's name unless given.")
]


def focus(
    scenario: ScenarioFile,
    plan: PlanFile = None,
    *,
    output: OutputFolder,
    provider: Provider = None,
    period: OnePeriod = None,
    prospect: Prospects = None,
    seed: Seed = 0,
    time_limit: TimeLimit = None,
    force: ForceExport = False,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Write what tenants owe as FOCUS (FinOps Open Cost and Usage Specification).

    Charges by contract and month in the columns of Cost and Usage 1.2, penalties as credits, and the steps of ramps as
    Contract Commitment 1.3. Contracts that have not signed are charged nothing; what workloads are worth is no charge.

    \b
    Example:
      capalloc export focus examples/tiny.yaml plan.json -o billing
    """
    with faults():
        from capalloc.exports.focus import NAMES, focus_files

        asked = Asked(scenario, plan, frozenset(prospect or ()), seed, time_limit)
        base = exported_base(asked, output, list(NAMES), quiet)
        for name in sorted(base.prospects):
            say(f"{name} has not signed: it is charged nothing")
        write_export(output, focus_files(base, provider, days_asked(base, period)), quiet, as_json, force)
