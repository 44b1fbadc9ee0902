"""``capalloc check``: the independent verdict on a plan file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from capalloc.cli.exits import NOT_ACCEPTABLE, faults, say
from capalloc.cli.loading import load
from capalloc.cli.options import AsJson, ScenarioFile

if TYPE_CHECKING:
    from capalloc.schema.plan import Plan
    from capalloc.schema.scenario import Scenario


def check(
    scenario: ScenarioFile,
    plan: Annotated[Path, typer.Argument(metavar="PLAN", help="A plan file (JSON) for that scenario.")],
    edited: Annotated[
        bool, typer.Option("--edited", help="The scenario was edited since: judge the plan by it as it is now.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Check a plan file against its scenario.

    Rule by rule, without trusting the planner that made it.

    Exit code 1 when the plan breaks a rule, says what its assignments do not
    bear out, or was made for another scenario. What cannot be told from a plan
    is named as not checked.

    \b
    Example:
      capalloc check examples/tiny.yaml plan.json
    """
    with faults():
        from capalloc.analysis.judged import judged
        from capalloc.formats import load_plan, scenario_sha256
        from capalloc.report.terminal import show
        from capalloc.report.verdict import verdict_page

        loaded, given = load(scenario), load_plan(plan)
        other = given.scenario_sha256 != scenario_sha256(loaded)
        if other:
            say(f"warning: {plan} was made for another scenario, or for another version of this one")
        verdict = judged(loaded, given, edited=edited)
        if as_json:
            typer.echo(verdict.model_dump_json(indent=1))
        else:
            show(verdict_page(verdict, _made_for(loaded, given) if other else ""))
    if verdict.verdict != "ok":
        raise typer.Exit(NOT_ACCEPTABLE)


def _made_for(scenario: Scenario, plan: Plan) -> str:
    """Which scenario and periods a plan was made for, beside those that it is checked against."""
    there = f"'{plan.scenario}'" + (f", {plan.periods[0]} to {plan.periods[-1]}" if plan.periods else "")
    periods = scenario.horizon.periods
    here = f"'{scenario.name}', {periods[0].label} to {periods[-1].label}"
    version = " in another version" if there == here else ""
    return f"The plan was made for {there}{version}, and is checked against {here}"
