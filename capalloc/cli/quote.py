"""``capalloc quote``: what a request for capacity costs, and what else could be offered."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from capalloc.cli.asking import Asked, base_for, load_for
from capalloc.cli.clean_stdout import clean_stdout
from capalloc.cli.exits import faults, say
from capalloc.cli.interrupt import cancelled_by_interrupt
from capalloc.cli.names import shipped_rack_types
from capalloc.cli.options import AsJson, BasePlan, Gap, Prospects, Quiet, ScenarioFile, Seed, TimeLimit
from capalloc.cli.stages import stages

if TYPE_CHECKING:
    from capalloc.schema.demand import Contract
    from capalloc.schema.scenario import Scenario


def quote(
    scenario: ScenarioFile,
    request: Annotated[
        Path | None,
        typer.Argument(
            metavar="REQUEST", help="A contract (YAML) that is asked for, without a fee if you like; or a prospect."
        ),
    ] = None,
    mw: Annotated[float | None, typer.Option("--mw", min=0, metavar="MW", help="MW that are asked for.")] = None,
    gpus: Annotated[int | None, typer.Option("--gpus", min=1, metavar="N", help="GPUs, in place of MW.")] = None,
    start: Annotated[str | None, typer.Option("--from", metavar="DATE", help="First day, or a month.")] = None,
    until: Annotated[
        str | None, typer.Option("--until", metavar="DATE", help="End, excluded; the horizon's unless given.")
    ] = None,
    rack_type: Annotated[
        list[str] | None,
        typer.Option(
            "--type",
            metavar="NAME",
            help="A rack type that will do (repeat for more); any unless given.",
            autocompletion=shipped_rack_types,
        ),
    ] = None,
    hall: Annotated[
        list[str] | None, typer.Option("--hall", metavar="NAME", help="A hall that will do (repeat for more).")
    ] = None,
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
        _require_one(request, [key for key, value in given.items() if value is not None])
        asked = Asked(scenario, plan, frozenset(prospect or ()), seed, time_limit, gap=gap)
        with stages(quiet) as progress, clean_stdout(), cancelled_by_interrupt() as cancel:
            loaded = load_for(asked, progress)
            contract = _read(request, loaded) if request else _made(loaded, given)
            _warn(loaded, contract, request)
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


def _require_one(request: Path | None, given: Collection[str]) -> None:
    """Raise a ScenarioError unless a request is asked for in exactly one way."""
    from capalloc.errors import Problem, ScenarioError

    def refuse(key: str, message: str) -> None:
        raise ScenarioError([Problem("", 0, key, message)])

    if request is not None and given:
        refuse("REQUEST", f"found {request} and {', '.join(given)}; expected a file, or options in its place")
    if request is None and ("--mw" in given) == ("--gpus" in given):
        found = "both" if "--mw" in given else "neither"
        refuse("REQUEST", f"expected a file with a contract, or one of --mw and --gpus; found {found}")
    if request is None and "--from" not in given:
        refuse("--from", "is missing; give the first day of the request, or a month")


def _read(path: Path, scenario: Scenario) -> Contract:
    from capalloc.analysis.quote import load_request

    return load_request(path, scenario)


def _warn(scenario: Scenario, request: Contract, path: Path | None) -> None:
    from capalloc.analysis.quote import doubts_of

    for doubt in doubts_of(scenario, request, path):
        say(f"warning: {doubt}")


def _made(scenario: Scenario, given: Mapping[str, Any]) -> Contract:
    from capalloc.analysis.quote import asked_for

    return asked_for(
        scenario,
        start=given["--from"],
        until=given["--until"],
        mw=given["--mw"],
        gpus=given["--gpus"],
        rack_types=given["--type"] or (),
        halls=given["--hall"] or (),
        usd_per_kw_month=given["--fee"],
    )
