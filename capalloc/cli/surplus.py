"""``capalloc surplus``: what can be sold beside a plan without moving anybody."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from capalloc.cli.asking import Asked, base_for
from capalloc.cli.clean_stdout import clean_stdout
from capalloc.cli.exits import faults, say
from capalloc.cli.interrupt import cancelled_by_interrupt
from capalloc.cli.options import AsJson, BasePlan, Prospects, Quiet, ScenarioFile, Seed, TimeLimit
from capalloc.cli.stages import SENTENCES, stages

_STAGES = {**SENTENCES, "surplus": "counting what can be sold"}


def surplus(
    scenario: ScenarioFile,
    plan: BasePlan = None,
    period: Annotated[
        str | None,
        typer.Option(metavar="PERIOD", help="This period alone; a day or month in it will do."),
    ] = None,
    lot: Annotated[
        list[int] | None,
        typer.Option(
            min=1, max=10_000_000, metavar="GPUS", help="Size of a lot (repeat for more); 64, 512, 4096 unless given."
        ),
    ] = None,
    basis: Annotated[
        Literal["it_nameplate", "it_expected", "facility"], typer.Option(help="Which kW are sold.")
    ] = "it_nameplate",
    draw: Annotated[Literal["nameplate", "expected"], typer.Option(help="Which kW a sold rack draws.")] = "nameplate",
    seed: Seed = 0,
    time_limit: TimeLimit = None,
    prospect: Prospects = None,
    all_periods: Annotated[bool, typer.Option("--all-periods", help="One line for every period.")] = False,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Count what can be sold beside a plan without moving anybody.

    After all commitments, minima, buffers and the reserve, on racks that are idle: kW, GPUs and racks
    by period, hall and rack type, and how many lots can be sold together, each whole in one fabric
    block (row where there are none) and of one rack type. In each period alone, and lastingly: from
    each period to the horizon's end, the same racks all the way. What keeps the other idle racks, and
    where the rest of what the roots could carry is stranded.

    \b
    Example:
      capalloc surplus examples/tiny.yaml --plan plan.json --lot 64
    """
    with faults():
        from capalloc.analysis.surplus import LOTS, Terms, surplus_of

        terms = Terms(basis=basis, draw=draw, lots=tuple(dict.fromkeys(lot or LOTS)))
        with stages(quiet, _STAGES) as progress, clean_stdout():
            asked = Asked(scenario, plan, frozenset(prospect or ()), seed, time_limit)
            with cancelled_by_interrupt() as cancel:
                base = base_for(asked, progress, cancel)
            with cancelled_by_interrupt() as cancel:
                answer = surplus_of(base, period=period, terms=terms, cancel=cancel, progress=progress)
        if not answer.complete:
            say("interrupted; periods that are missing were not looked at")
        if as_json:
            typer.echo(answer.model_dump_json(indent=1))
            return
        from capalloc.report.surplus import surplus_page
        from capalloc.report.terminal import show

        show(surplus_page(answer, base.scenario.horizon, all_periods))
