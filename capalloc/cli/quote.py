"""``capalloc quote``: what a request for capacity costs, and what else could be offered."""

from __future__ import annotations

from typing import Annotated

import typer

from capalloc.cli.asking import Asked, base_for, load_for
from capalloc.cli.clean_stdout import clean_stdout
from capalloc.cli.exits import faults
from capalloc.cli.interrupt import cancelled_by_interrupt
from capalloc.cli.options import AsJson, BasePlan, Gap, Prospects, Quiet, ScenarioFile, Seed, TimeLimit
from capalloc.cli.requests import From, Gpus, Halls, Mw, RequestFile, Types, Until, request_of, require_one
from capalloc.cli.stages import stages


def quote(
    scenario: ScenarioFile,
    request: RequestFile = None,
    mw: Mw = None,
    gpus: Gpus = None,
    start: From = None,
    until: Until = None,
    rack_type: Types = None,
    hall: Halls = None,
    fee: Annotated[
        float | None, typer.Option("--fee", min=0, metavar="USD", help="What is offered per kW and month.")
    ] = None,
    alternatives: Annotated[
        int, typer.Option("--alternatives", min=0, metavar="N", help="Most alternatives that are planned.")
    ] = 5,
    plan: BasePlan = None,
    prospect: Prospects = None,
    seed: Seed = 0,
    time_limit: TimeLimit = None,
    gap: Gap = None,
    all_periods: Annotated[bool, typer.Option("--all-periods", help="One line for every period.")] = False,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Price a request for MW or GPUs from a date.

    Does it fit, from when at the earliest, how much at the asked date, at what price floor, who gives
    way, what that does to headroom and N-1, and what else could be offered. The floor is what the best
    plan is worth without the request less what the best plan is worth that serves it at no fee: below
    it a signature loses money. Everybody keeps what the plan delivers of commitments and minima.

    Exit code 0 when there is an answer, also when the answer is no; 1 when the scenario has no plan to
    compare with.

    \b
    Example:
      capalloc quote examples/tiny.yaml --mw 0.1 --from 2026-09 --fee 4000
    """
    with faults():
        given = {
            "--mw": mw,
            "--gpus": gpus,
            "--from": start,
            "--until": until,
            "--type": rack_type,
            "--hall": hall,
            "--fee": fee,
        }
        require_one(request, given)
        asked = Asked(scenario, plan, frozenset(prospect or ()), seed, time_limit, gap=gap)
        with stages(quiet) as progress, clean_stdout(), cancelled_by_interrupt() as cancel:
            loaded = load_for(asked, progress)
            contract = request_of(request, given, loaded)
            base = base_for(asked, progress, cancel, loaded)
            from capalloc.analysis.quote import quote_from

            answer = quote_from(
                base,
                contract,
                most_alternatives=alternatives,
                params=asked.params,
                cancel=cancel,
                progress=progress,
            )
        if as_json:
            typer.echo(answer.model_dump_json(indent=1, by_alias=True))
        else:
            from capalloc.report.quote import quote_page
            from capalloc.report.show_parts import Calendar
            from capalloc.report.terminal import show

            show(quote_page(answer, Calendar(base.plan.periods, base.scenario.horizon.period, all_periods)))
