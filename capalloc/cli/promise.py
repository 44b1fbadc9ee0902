"""``capalloc promise``: how much of a request may be signed where dates and tenants are not sure."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from capalloc.cli.asking import Asked, base_for, load_for
from capalloc.cli.clean_stdout import clean_stdout
from capalloc.cli.engines import EngineChoice, EngineName, Scheduler, engine_of
from capalloc.cli.exits import faults, say
from capalloc.cli.interrupt import cancelled_by_interrupt
from capalloc.cli.options import (
    AsJson,
    BasePlan,
    ForceFile,
    Gap,
    Prospects,
    Quiet,
    SampleJobs,
    Samples,
    SampleSeed,
    ScenarioFile,
    TimeLimit,
    share_asked,
)
from capalloc.cli.output import PROMISED, OutputFile, write_file
from capalloc.cli.requests import From, Gpus, Halls, Mw, RequestFile, Types, Until, request_of, require_one
from capalloc.cli.stages import stages

if TYPE_CHECKING:
    from capalloc.schema.promised import Promised


def promise(
    scenario: ScenarioFile,
    request: RequestFile = None,
    mw: Mw = None,
    gpus: Gpus = None,
    start: From = None,
    until: Until = None,
    rack_type: Types = None,
    hall: Halls = None,
    confidence: Annotated[
        float,
        typer.Option(
            "--confidence",
            parser=share_asked,
            metavar="SHARE",
            help="Chance with which the promise has to hold, such as 0.95 or 95%.",
        ),
    ] = 0.95,
    plan: BasePlan = None,
    samples: Samples = None,
    seed: SampleSeed = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write the answer to this file (JSON).")
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
    """Say how much of a request may be signed.

    What the scenario's `uncertainty` says is drawn as for `capalloc risk`. In every sample a plan with the
    request is followed beside one without it, as time reveals the sample; others keep what they get of their
    commitments and minima. Out come the most MW that hold in all months with the chance asked for, the first
    day from which all of it may be signed, and the floor: the fee at which the mean over the samples is what
    it is without the request. That a promise holds is 95 % sure although the samples are few: a promise at 95 %
    takes 59 of them at least, and may fail in 4 of 200.

    Ask for more than you hope for: the answer is how much of it. The same seed gives the same answer,
    whatever --jobs. Exit code 0 when there is an answer, also when nothing may be signed.

    \b
    Example:
      capalloc promise examples/tiny-unsure.yaml --mw 0.4 --from 2026-08
    """
    with faults():
        given = {
            "--mw": mw,
            "--gpus": gpus,
            "--from": start,
            "--until": until,
            "--type": rack_type,
            "--hall": hall,
        }
        require_one(request, given)
        file = OutputFile(output, PROMISED, force)
        file.require_writable()
        chosen = engine_of(engine, scheduler, jobs)
        asked = Asked(scenario, plan, frozenset(prospect or ()), 0, time_limit, gap=gap)
        with stages(quiet) as progress, clean_stdout(), cancelled_by_interrupt("the samples that are done") as cancel:
            from capalloc.analysis.promise import promise_from, require_confidence
            from capalloc.analysis.risk import Running, resampled

            with file.spared():
                require_confidence(confidence)
                loaded = resampled(load_for(asked, progress), samples, seed)
                contract = request_of(request, given, loaded)
                known = base_for(asked, progress, cancel, loaded) if plan else None
            base = known or base_for(asked, progress, cancel, loaded)
            running = Running(jobs, chosen, cancel, progress)
            answer = promise_from(base, contract, confidence=confidence, params=asked.params, running=running)
        if output is not None:
            _save(answer, output, quiet)
        _show(answer, as_json)


def _save(answer: Promised, output: Path, quiet: bool) -> None:
    write_file(output, answer.model_dump_json(indent=1, by_alias=True) + "\n")
    if not quiet:
        say(f"answer written to {output}")


def _show(answer: Promised, as_json: bool) -> None:
    if as_json:
        typer.echo(answer.model_dump_json(indent=1, by_alias=True))
        return
    from capalloc.report.promise import promise_page
    from capalloc.report.terminal import show

    show(promise_page(answer))
