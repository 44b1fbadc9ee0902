"""``capalloc bench``: the benchmarks that lie beside the package in a checkout, and in it where it is installed."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Annotated

import typer

from capalloc.cli.exits import BAD_INPUT, NOT_ACCEPTABLE, faults, say
from capalloc.cli.options import AsJson, share_asked

_INSTALLED = "capalloc._benchmarks"


def bench(
    subject: Annotated[
        str, typer.Argument(metavar="SUBJECT", help="What to measure: plan, seeds, hedge, examples or placement.")
    ] = "plan",
    racks: Annotated[str, typer.Option(metavar="N,N", help="Sizes to run; unless given, all of the subject.")] = "",
    periods: Annotated[int | None, typer.Option(min=1, metavar="N", help="Months of each scenario.")] = None,
    demands: Annotated[int | None, typer.Option(min=1, metavar="N", help="Demands of each scenario.")] = None,
    family: Annotated[
        str,
        typer.Option(
            metavar="NAME,NAME",
            help="Families of placements: room, tree, leafy, leaves, colossus, and online for requests one at a time; "
            "unless given, all.",
        ),
    ] = "",
    objective: Annotated[
        str, typer.Option(metavar="NAME,NAME", help="What placements maximise: racks, kw, requests, value.")
    ] = "",
    shape: Annotated[
        str,
        typer.Option(
            metavar="NAME,NAME",
            help="Sites of seeds: months, as generated; money, which peers know alone; weeks, with hand-over and a "
            "budget of moves; breakers of every row's own; mixed rack types in a row; priorities.",
        ),
    ] = "months",
    halls: Annotated[int, typer.Option(min=1, metavar="N", help="Halls of each site of seeds.")] = 4,
    seeds: Annotated[
        int, typer.Option(min=1, metavar="N", help="So many seeds of each site, from --seed on, for seeds and hedge.")
    ] = 10,
    own_limit: Annotated[
        float | None,
        typer.Option(
            min=0, metavar="SECONDS", help="Time limit of each run of ours in seeds; unless given, as in plan."
        ),
    ] = None,
    previous: Annotated[
        str,
        typer.Option(
            metavar="DIR", help="Folder of another capalloc, a checkout or site-packages, as a peer in seeds."
        ),
    ] = "",
    against: Annotated[
        str,
        typer.Option(
            metavar="PEER,PEER",
            help="Peers to run too. Of plan and seeds: highs-ipm, highs-mip, cp-sat, pop. Of placement: first-fit, "
            "best-fit, round-robin, random, highs, highs-cold, highs-plain, cp-sat, rebalancer, rebalancer-mip.",
        ),
    ] = "",
    rebalancer: Annotated[
        str, typer.Option(metavar="PYTHON", help="A Python >= 3.12 that has the package rebalancer, for that peer.")
    ] = "",
    time_limit: Annotated[
        float, typer.Option(min=1, metavar="SECONDS", help="Time limit of each run of a peer.")
    ] = 300.0,
    gap: Annotated[
        float,
        typer.Option(parser=share_asked, metavar="SHARE", help="Gap that planners are asked for: 0.005, or 0.5%."),
    ] = 0.005,
    seed: Annotated[
        int | None,
        typer.Option(min=0, metavar="N", help="Seed of scenarios and planners; unless given, 0, of placement 113."),
    ] = None,
    save: Annotated[
        bool, typer.Option("--save", help="Write the tables into benchmarks/README.md of a checkout.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Run the benchmarks of this program.

    Every run is a process of its own. Ctrl-C shows what was measured so far. Exit code 1 when a
    plan of ours is not accepted.

    \b
    Example:
      capalloc bench plan --racks 500 --against highs-ipm,highs-mip
      capalloc bench seeds --racks 500 --seeds 20 --shape weeks,mixed
      capalloc bench hedge --racks 30 --seeds 5
      capalloc bench placement --family tree --racks 5000 --against best-fit,highs
      capalloc bench placement --family online --racks 10000
    """
    with faults():
        code = _run(
            subject,
            racks=racks,
            families=_listed(family),
            objectives=_listed(objective),
            against=_listed(against),
            shapes=_listed(shape),
            halls=halls,
            seeds=seeds,
            own_limit=own_limit,
            previous=previous,
            rebalancer=rebalancer,
            periods=periods,
            demands=demands,
            time_limit=time_limit,
            gap=gap,
            seed=seed,
            save=save,
            as_json=as_json,
        )
    if code:
        raise typer.Exit(code)


def _run(subject: str, racks: str, seed: int | None, **options: object) -> int:
    """The exit code of a subject with these options."""
    try:
        registry = import_module(f"{_package()}.registry")
        sizes = tuple(_size(text) for text in _listed(racks))
        return NOT_ACCEPTABLE if registry.run(subject, registry.Options(racks=sizes, **options), seed) else 0
    except ValueError as error:
        say(str(error))
        return BAD_INPUT


def _package() -> str:
    """The package of the benchmarks: an installed capalloc holds its own, in a checkout it lies beside capalloc."""
    return _INSTALLED if find_spec(_INSTALLED) else "benchmarks"


def _size(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise ValueError(f"--racks: found {text!r}, expected whole numbers above 0 with commas between them")
    return int(text)


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())
