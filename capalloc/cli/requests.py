"""What commands about a request share: how it is asked for, in a file or in a few words."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from capalloc.cli.exits import say
from capalloc.cli.names import shipped_rack_types

if TYPE_CHECKING:
    from capalloc.schema.demand import Contract
    from capalloc.schema.scenario import Scenario

RequestFile = Annotated[
    Path | None,
    typer.Argument(
        metavar="REQUEST", help="A contract (YAML) that is asked for, without a fee if you like; or a prospect."
    ),
]
Mw = Annotated[float | None, typer.Option("--mw", min=0, metavar="MW", help="MW that are asked for.")]
Gpus = Annotated[int | None, typer.Option("--gpus", min=1, metavar="N", help="GPUs, in place of MW.")]
From = Annotated[str | None, typer.Option("--from", metavar="DATE", help="First day, or a month.")]
Until = Annotated[
    str | None, typer.Option("--until", metavar="DATE", help="End, excluded; the horizon's unless given.")
]
Types = Annotated[
    list[str] | None,
    typer.Option(
        "--type",
        metavar="NAME",
        help="A rack type that will do (repeat for more); any unless given.",
        autocompletion=shipped_rack_types,
    ),
]
Halls = Annotated[
    list[str] | None, typer.Option("--hall", metavar="NAME", help="A hall that will do (repeat for more).")
]


def require_one(request: Path | None, given: Mapping[str, Any]) -> None:
    """Raise a ScenarioError unless a request is asked for in exactly one way; ``given`` is by option."""
    from capalloc.errors import Problem, ScenarioError

    named = [key for key, value in given.items() if value is not None]

    def refuse(key: str, message: str) -> None:
        raise ScenarioError([Problem("", 0, key, message)])

    if request is not None and named:
        refuse("REQUEST", f"found {request} and {', '.join(named)}; expected a file, or options in its place")
    if request is None and ("--mw" in named) == ("--gpus" in named):
        found = "both" if "--mw" in named else "neither"
        refuse("REQUEST", f"expected a file with a contract, or one of --mw and --gpus; found {found}")
    if request is None and "--from" not in named:
        refuse("--from", "is missing; give the first day of the request, or a month")


def request_of(request: Path | None, given: Mapping[str, Any], scenario: Scenario) -> Contract:
    """The request that was asked for; what is odd about it is said. Raises ScenarioError."""
    contract = _read(request, scenario) if request else _made(scenario, given)
    _warn(scenario, contract, request)
    return contract


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
        usd_per_kw_month=given.get("--fee"),
    )
