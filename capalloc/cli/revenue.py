"""``capalloc revenue``: what a plan earns, of whom, and how much of it is firm."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from capalloc.cli.asking import Asked, base_for, day_asked
from capalloc.cli.exits import faults, say
from capalloc.cli.options import AsJson, BasePlan, ForceFile, Prospects, Quiet, ScenarioFile, Seed, TimeLimit
from capalloc.cli.output import EARNINGS, OutputFile
from capalloc.cli.stages import stages
from capalloc.progress import OnProgress, Progress

if TYPE_CHECKING:
    from capalloc.analysis.base import Base
    from capalloc.schema.revenue import RevenueAnswer


class Span(StrEnum):
    """Values of ``--by``."""

    PERIOD = "period"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


def revenue(
    scenario: ScenarioFile,
    plan: Annotated[
        Path | None, typer.Argument(metavar="PLAN", help="A plan of it (JSON); without it one is made first.")
    ] = None,
    as_of: Annotated[
        str | None, typer.Option(metavar="DATE", help="Day of notice at the earliest; the plan's first unless given.")
    ] = None,
    by: Annotated[Span | None, typer.Option(help="What sums run over; what is short unless given.")] = None,
    csv: Annotated[
        Path | None, typer.Option("--csv", metavar="FILE", help="Write a line for each demand and period.")
    ] = None,
    all_periods: Annotated[bool, typer.Option("--all-periods", help="One line for every period.")] = False,
    same_plan: BasePlan = None,
    prospect: Prospects = None,
    seed: Seed = 0,
    time_limit: TimeLimit = None,
    force: ForceFile = False,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Say what a plan earns, of whom, and how much is firm.

    Fees, values and penalties by period, contract and tenant; fees that are firm, and those at risk,
    where notice is given on a day (--as-of) or later; what remains to be earned for sure; how much
    hangs on one tenant; dollars per kW-month and GPU-hour. Prospects are never firm.

    \b
    Example:
      capalloc revenue examples/colossus1-anthropic.yaml plan.json --as-of 2026-11
    """
    with faults():
        from capalloc.analysis.revenue import revenue_of_base

        asked = Asked(scenario, _one_of(plan, same_plan), frozenset(prospect or ()), seed, time_limit)
        day, file = day_asked(as_of, "--as-of"), OutputFile(csv, EARNINGS, force)
        file.require_writable()
        with stages(quiet) as progress:
            with file.spared():
                base = _base(asked, progress)
            progress(Progress("report"))
            answer = revenue_of_base(base, as_of=day, by=None if by is None else by.value)
        _save(answer, base, csv, quiet)
        if as_json:
            typer.echo(answer.model_dump_json(indent=1, by_alias=True))
        else:
            _show(answer, base.scenario.horizon.period, all_periods)


def _one_of(plan: Path | None, same: Path | None) -> Path | None:
    """The plan, however it was given. Raises ScenarioError where it was given twice."""
    if plan is not None and same is not None:
        from capalloc.errors import Problem, ScenarioError

        raise ScenarioError([Problem("", 0, "--plan", f"found {same} beside {plan}, expected one plan")])
    return plan or same


def _base(asked: Asked, progress: OnProgress) -> Base:
    from capalloc.cli.interrupt import cancelled_by_interrupt

    if asked.plan is not None:
        return base_for(asked, progress)
    with cancelled_by_interrupt("the best plan so far, which the answer is then about") as cancel:
        return base_for(asked, progress, cancel)


def _save(answer: RevenueAnswer, base: Base, path: Path | None, quiet: bool) -> None:
    if path is None:
        return
    from capalloc.formats.sheets import save_sheet
    from capalloc.report.revenue import SHEET, sheet_rows

    save_sheet(path, SHEET, sheet_rows(answer, base.plan))
    if not quiet:
        say(f"money by demand and period written to {path}")


def _show(answer: RevenueAnswer, unit: str, all_periods: bool) -> None:
    from capalloc.report.revenue import revenue_page
    from capalloc.report.terminal import show

    show(revenue_page(answer, unit, all_periods))
