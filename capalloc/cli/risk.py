"""``capalloc risk``: what plans come to over the samples of what is not sure."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from capalloc.cli.asking import Asked, base_for, load_for
from capalloc.cli.clean_stdout import clean_stdout
from capalloc.cli.engines import EngineChoice, EngineName, Scheduler, engine_of
from capalloc.cli.exits import NOT_ACCEPTABLE, faults, say
from capalloc.cli.interrupt import cancelled_by_interrupt
from capalloc.cli.options import (
    AsJson,
    ForceFile,
    Gap,
    Prospects,
    Quiet,
    SampleJobs,
    Samples,
    SampleSeed,
    ScenarioFile,
    TimeLimit,
)
from capalloc.cli.output import REPORT, RISK, OutputFile, write_file
from capalloc.cli.report import save_page
from capalloc.cli.stages import stages

if TYPE_CHECKING:
    from capalloc.progress import OnProgress
    from capalloc.schema.risk import Risk
    from capalloc.schema.scenario import Scenario


def risk(
    scenario: ScenarioFile,
    plan: Annotated[
        list[Path] | None,
        typer.Option("--plan", metavar="PLAN", help="A plan of the scenario (repeat to compare); else one is made."),
    ] = None,
    samples: Samples = None,
    seed: SampleSeed = None,
    perfect: Annotated[
        bool | None,
        typer.Option("--perfect/--no-perfect", help="Plan each sample with perfect information too; several plans do."),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write the answer to this file (JSON).")
    ] = None,
    report: Annotated[
        Path | None, typer.Option("--report", metavar="FILE", help="Write the answer as a page for a browser (HTML).")
    ] = None,
    jobs: SampleJobs = None,
    engine: EngineChoice = EngineName.LOCAL,
    scheduler: Scheduler = None,
    prospect: Prospects = None,
    time_limit: TimeLimit = None,
    gap: Gap = None,
    force: ForceFile = False,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Follow plans through samples of what is not sure.

    The scenario's `uncertainty` says what may come late, who may leave, how demand may differ. Each sample
    is what may happen; the plan stands until `decide_until` (else for the first period), and is planned
    again from each period on in which something has become known, with that knowledge alone. Out come
    what may be promised (the MW that half, 90 % and 95 % of the samples deliver, by demand and month), how
    likely and how large shortfalls are and what makes them, the spread of the objective, and what matters most.

    With several plans: what each earns less than perfect information and than the others, in the same samples.
    The same seed gives the same answer, whatever --jobs.

    Exit code 0 when a plan could be followed in at least one sample, 1 when in none.

    \b
    Example:
      capalloc risk examples/tiny-unsure.yaml --samples 20
    """
    with faults():
        file, page = OutputFile(output, RISK, force), OutputFile(report, REPORT, force)
        file.require_writable()
        page.require_page()
        page.require_apart(file)
        chosen = engine_of(engine, scheduler, jobs)
        given: Sequence[Path | None] = plan or (None,)
        asked = [Asked(scenario, one, frozenset(prospect or ()), 0, time_limit, gap=gap) for one in given]
        with stages(quiet) as progress, clean_stdout(), cancelled_by_interrupt("the samples that are done") as cancel:
            with file.spared(), page.spared():
                loaded = _loaded(asked, samples, seed, progress)
                bases = [base_for(one, progress, cancel, loaded) for one in asked if one.plan]
            bases = bases or [base_for(asked[0], progress, cancel, loaded)]
            from capalloc.analysis.risk import Running, risk_of

            running = Running(jobs, chosen, cancel, progress)
            answer = risk_of(bases, _names(plan), perfect=perfect, params=asked[0].params, running=running)
        _save(answer, output, quiet)
        _save_report(loaded, answer, report, quiet)
        code = _shown(answer, as_json)
        _say_stopped(answer)
    if code:
        raise typer.Exit(code)


def _loaded(asked: Sequence[Asked], samples: int | None, seed: int | None, progress: OnProgress) -> Scenario:
    from capalloc.analysis.risk import resampled

    return resampled(load_for(asked[0], progress), samples, seed)


def _names(plans: list[Path] | None) -> list[str]:
    """What plans are called: by their files, numbered where one name would mean two."""
    if not plans:
        return ["planned now"]
    names = [str(path) for path in plans]
    return [f"{name} ({number})" if names.count(name) > 1 else name for number, name in enumerate(names, start=1)]


def _save(answer: Risk, output: Path | None, quiet: bool) -> None:
    if output is None:
        return
    write_file(output, answer.model_dump_json(indent=1, by_alias=True) + "\n")
    if not quiet:
        say(f"answer written to {output}")


def _save_report(scenario: Scenario, answer: Risk, path: Path | None, quiet: bool) -> None:
    if path is None:
        return
    from capalloc.report.html import risk_html

    save_page(risk_html(scenario, answer), path, quiet)


def _shown(answer: Risk, as_json: bool) -> int:
    if as_json:
        typer.echo(answer.model_dump_json(indent=1, by_alias=True))
    else:
        from capalloc.report.risk import risk_page
        from capalloc.report.terminal import show

        show(risk_page(answer))
    return 0 if any(plan.planned for plan in answer.plans) else NOT_ACCEPTABLE


def _say_stopped(answer: Risk) -> None:
    if answer.undone:
        done = answer.samples - answer.undone
        say(f"stopped with {done:,} of {answer.samples:,} samples followed; the figures are of these alone")
