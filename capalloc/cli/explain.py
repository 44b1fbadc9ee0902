"""``capalloc explain``: what conflicts when every commitment must be met, and the cheapest repairs."""

from __future__ import annotations

from typing import Annotated

import typer

from capalloc.cli.clean_stdout import clean_stdout
from capalloc.cli.exits import NOT_ACCEPTABLE, faults
from capalloc.cli.interrupt import cancelled_by_interrupt
from capalloc.cli.options import AsJson, ScenarioFile
from capalloc.cli.plan import load_with_prospects, say_idle_displacing
from capalloc.cli.stages import stages
from capalloc.progress import Progress


def explain(
    scenario: ScenarioFile,
    seed: Annotated[int, typer.Option(min=0, metavar="N", help="Seed; the same seed gives the same answer.")] = 0,
    time_limit: Annotated[
        float | None,
        typer.Option(min=0, metavar="SECONDS", help="Answer with what is known after this long; 120 unless given."),
    ] = None,
    prospect: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Plan this prospect too (repeat for more).")
    ] = None,
    allow_displacing: Annotated[
        bool, typer.Option("--allow-displacing", help="Prospects may displace signed contracts.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress on stderr.")] = False,
    as_json: AsJson = False,
) -> None:
    """Explain why commitments cannot be met.

    Names a smallest set of requirements that conflict when shortfall is forbidden, its months, and
    the cheapest repairs, each planned and verified.

    Exit code 0 when a plan meets every commitment or the conflicts are explained, 1 when no
    explanation was found in time.

    \b
    Example:
      capalloc explain examples/grid-slip.yaml
    """
    with faults():
        say_idle_displacing(allow_displacing, prospect)
        with stages(quiet) as progress:
            progress(Progress("load"))
            prospects = frozenset(prospect or ())
            loaded = load_with_prospects(scenario, prospects)
            from capalloc.analysis.explain import explain as ask

            with clean_stdout(), cancelled_by_interrupt() as cancel:
                answer = ask(
                    loaded,
                    prospects=prospects,
                    allow_displacing=allow_displacing,
                    seed=seed,
                    time_limit=time_limit,
                    cancel=cancel,
                    progress=progress,
                )
        if as_json:
            typer.echo(answer.model_dump_json(indent=1))
        else:
            from capalloc.report.explanation import explanation_page
            from capalloc.report.terminal import show

            show(explanation_page(answer))
    if answer.status == "not_explained":
        raise typer.Exit(NOT_ACCEPTABLE)
