"""``capalloc generate``: a synthetic scenario of a given size."""

from __future__ import annotations

from typing import Annotated

import typer

from capalloc.cli.exits import faults
from capalloc.cli.folder import write_folder
from capalloc.cli.options import AsJson, ForceFolder, OutputFolder


def generate(
    output: OutputFolder,
    racks: Annotated[int, typer.Option(min=1, metavar="N", help="Racks of the facility.")],
    halls: Annotated[int, typer.Option(min=1, metavar="N", help="Halls they stand in.")] = 4,
    periods: Annotated[int, typer.Option(min=1, metavar="N", help="Months to plan.")] = 12,
    demands: Annotated[int, typer.Option(min=1, metavar="N", help="Workloads and contracts.")] = 4,
    seed: Annotated[int, typer.Option(min=0, metavar="N", help="Seed; the same seed gives the same files.")] = 0,
    force: ForceFolder = False,
    as_json: AsJson = False,
) -> None:
    """Write a synthetic scenario of any size.

    For trials and benchmarks. Lists the files it wrote.

    \b
    Example:
      capalloc generate --racks 1000 --halls 4 --periods 12 --demands 6 -o big
    """
    with faults():
        from capalloc.synthetic.generate import generate as scenario_of

        scenario = scenario_of(racks=racks, halls=halls, periods=periods, demands=demands, seed=seed)
        write_folder(scenario, output, as_json, force)
