"""``capalloc whatif``: cases in short notation, each planned again from today's plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from capalloc.cli.asking import Asked, base_for, load_for
from capalloc.cli.clean_stdout import clean_stdout
from capalloc.cli.engines import EngineChoice, EngineName, Scheduler, engine_of
from capalloc.cli.exits import NOT_ACCEPTABLE, faults, say
from capalloc.cli.interrupt import cancelled_by_interrupt
from capalloc.cli.options import AsJson, BasePlan, ForceFile, Prospects, Quiet, ScenarioFile, Seed, TimeLimit
from capalloc.cli.output import REPORT, OutputFile, require_folder_name
from capalloc.cli.report import save_page
from capalloc.cli.stages import stages

if TYPE_CHECKING:
    from capalloc.analysis.base import Base
    from capalloc.analysis.whatif.change import Case
    from capalloc.cancel import CancelToken
    from capalloc.progress import OnProgress
    from capalloc.schema.scenario import Scenario
    from capalloc.schema.whatif import WhatIf


def whatif(
    scenario: ScenarioFile,
    cases: Annotated[
        list[str], typer.Argument(metavar="CASE...", help="notice:lease:2026-08, or several joined by + and *.")
    ],
    plan: BasePlan = None,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="DIR", help="Keep each plan and answer; what is there is not redone."),
    ] = None,
    jobs: Annotated[
        int | None, typer.Option("--jobs", min=1, metavar="N", help="Cases at a time; as many as cores unless given.")
    ] = None,
    most: Annotated[
        int, typer.Option("--most", min=1, max=10_000, metavar="N", help="Refuse more cases than so many.")
    ] = 500,
    engine: EngineChoice = EngineName.LOCAL,
    scheduler: Scheduler = None,
    report: Annotated[
        Path | None, typer.Option("--report", metavar="FILE", help="Write the cases as a page for a browser (HTML).")
    ] = None,
    prospect: Prospects = None,
    seed: Seed = 0,
    time_limit: TimeLimit = None,
    force: ForceFile = False,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Plan again after events, one case or a grid of them.

    A case is events joined by +: notice:CONTRACT:DATE[:provider|tenant], delay:NAME:90d (or a date),
    outage:PLACE:FROM:UNTIL, supply:NODE:MW:FROM[:UNTIL], sign:FILE|PROSPECT[:DATE] (without a date on
    the first of its ramp), demand:WORKLOAD:x0.8 (its min too), fee:CONTRACT:x0.9, or a YAML file of
    events. Values a,b,c make a case each, and ranges DATE..DATE one by period and one for the last
    day; * between events makes every combination: put a case with * in quotes.

    Every case takes the base plan as today's plan, so that leaving it costs moves. With -o a run that
    was stopped goes on where it was; DIR has a plan (NAME.plan.json) and an answer (NAME.json) of each.

    Exit code 0 when at least one case has a plan, 1 when none has.

    \b
    Example:
      capalloc whatif examples/tiny.yaml demand:inference:x0.5,x2 notice:lease:2026-07..2026-08
    """
    with faults():
        page = OutputFile(report, REPORT, force)
        page.require_page()
        chosen = engine_of(engine, scheduler, jobs)
        if output is not None:
            require_folder_name(output)
        asked = Asked(scenario, plan, frozenset(prospect or ()), seed, time_limit)
        keeps = "the cases that are done" + (f", in {output}" if output else "")
        with stages(quiet) as progress, clean_stdout(), cancelled_by_interrupt(keeps) as cancel:
            with page.spared():
                loaded = load_for(asked, progress)
            from capalloc.analysis.whatif import cases_of, require_own, whatif_from

            if output is not None:
                require_own(output)
            found = cases_of(loaded, cases, most)
            if plan is None:
                _say_doubts(loaded, found, asked.prospects)
            base = _base(asked, loaded, output, progress, cancel)
            if plan is not None:
                _say_doubts(loaded, found, base.prospects)
            answer = whatif_from(
                base,
                cases,
                params=asked.params,
                jobs=jobs,
                engine=chosen,
                folder=output,
                most=most,
                cancel=cancel,
                progress=progress,
            )
        _save_report(base, answer, report, quiet)
        code = _shown(answer, as_json)
        _say_stopped(answer, output)
    if code:
        raise typer.Exit(code)


def _say_doubts(loaded: Scenario, cases: Sequence[Case], prospects: frozenset[str]) -> None:
    """What is odd about cases, each thing once, with the first case that it is true of."""
    from capalloc.analysis.whatif import doubts_of

    found: dict[str, list[str]] = {}
    for case in cases:
        for doubt in doubts_of(loaded, case, prospects):
            found.setdefault(doubt, []).append(case.name)
    for doubt, names in found.items():
        more = f" and {len(names) - 1:,} more" if len(names) > 1 else ""
        say(f"warning: case {names[0]!r}{more}: {doubt}")


def _base(asked: Asked, loaded: Scenario, output: Path | None, progress: OnProgress, cancel: CancelToken) -> Base:
    """The base plan; one that is made for the cases is kept beside them, for the next run."""
    if output is None:
        return base_for(asked, progress, cancel, loaded)
    output.mkdir(parents=True, exist_ok=True)
    from capalloc.analysis.whatif import base_file
    from capalloc.formats import save_plan

    path = asked.plan or base_file(output, loaded, asked.prospects, asked.params)
    if path.exists():
        return base_for(replace(asked, plan=path), progress, cancel, loaded)
    base = base_for(asked, progress, cancel, loaded)
    if not cancel.cancelled:
        save_plan(base.plan, path)
    return base


def _save_report(base: Base, answer: WhatIf, path: Path | None, quiet: bool) -> None:
    if path is None:
        return
    from capalloc.report.html import cases_html

    save_page(cases_html(base, answer), path, quiet)


def _shown(answer: WhatIf, as_json: bool) -> int:
    if as_json:
        typer.echo(answer.model_dump_json(indent=1, by_alias=True))
    else:
        from capalloc.report.terminal import show
        from capalloc.report.whatif import whatif_page

        show(whatif_page(answer))
    return 0 if any(case.objective_usd is not None for case in answer.cases) else NOT_ACCEPTABLE


def _say_stopped(answer: WhatIf, output: Path | None) -> None:
    if answer.undone:
        again = "the same command goes on from there" if output else "with -o DIR a run can go on where it stopped"
        say(f"stopped with {len(answer.cases):,} cases planned, {len(answer.undone):,} left; {again}")
