"""``capalloc export ics``: what happens when, as a calendar."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from capalloc.cli.asking import Asked
from capalloc.cli.exits import faults, say
from capalloc.cli.exporting.shared import PlanFile, exported_to, save_export
from capalloc.cli.options import AsJson, ForceFile, Prospects, Quiet, ScenarioFile, Seed, TimeLimit
from capalloc.cli.output import CALENDAR, OutputFile


def ics(
    scenario: ScenarioFile,
    plan: PlanFile = None,
    *,
    output: Annotated[
        Path,
        typer.Option("-o", "--output", metavar="FILE", help="The calendar (.ics); one that is there is updated."),
    ],
    update: Annotated[
        Path | None, typer.Option("--update", metavar="FILE", help="The earlier calendar, if it is another file.")
    ] = None,
    force: ForceFile = False,
    prospect: Prospects = None,
    seed: Seed = 0,
    time_limit: TimeLimit = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Write moves, deliveries, power, contracts and outages as a calendar (iCalendar).

    A later plan brings an earlier calendar up to date: what is planned for another day keeps its identity and gets a
    higher number of its version, what is planned no more is cancelled, what is over stays.

    \b
    Example:
      capalloc export ics examples/tiny.yaml plan.json -o moves.ics
    """
    with faults():
        from capalloc.exports.ics import calendar_of, happenings_of, read_calendar

        file = OutputFile(output, CALENDAR, force)
        file.require_name(".ics")
        there = update if update is not None else output if output.is_file() and CALENDAR.has(output) else None
        earlier = None if there is None else read_calendar(there)
        base = exported_to(file, Asked(scenario, plan, frozenset(prospect or ()), seed, time_limit), quiet)
        first_day = base.scenario.horizon.start
        content, counted = calendar_of(base.scenario.name, first_day, happenings_of(base), earlier)
        save_export(output, content, quiet, as_json)
        if not quiet:
            say(", ".join(f"{number} {word}" for word, number in counted.items() if number) or "no event")
