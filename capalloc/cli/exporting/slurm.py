"""``capalloc export slurm``: a plan as partitions, topology, power and dated reservations."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from capalloc.cli.asking import Asked
from capalloc.cli.exits import faults, say
from capalloc.cli.exporting.shared import ForceExport, GpusPerNode, OnePeriod, PlanFile, exported_base, write_export
from capalloc.cli.options import AsJson, OutputFolder, Prospects, Quiet, ScenarioFile, Seed, TimeLimit


class Reserve(StrEnum):
    """What has a reservation of its own."""

    RUN = "run"
    STEP = "step"


def slurm(
    scenario: ScenarioFile,
    plan: PlanFile = None,
    *,
    output: OutputFolder,
    period: OnePeriod = None,
    gpus_per_node: GpusPerNode = None,
    reserve: Annotated[
        Reserve,
        typer.Option(
            help="run: racks that serve a demand on the same days have one reservation, as long as they serve it. "
            "step: all racks of a demand have one, until the next day on which they change."
        ),
    ] = Reserve.RUN,
    prospect: Prospects = None,
    seed: Seed = 0,
    time_limit: TimeLimit = None,
    force: ForceExport = False,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Write a plan for Slurm: nodes, partitions, topology, power and dated reservations.

    Each demand has a partition for the account of its tenant, and reservations of its racks from day
    to day, which reservations.sh creates. A column slurm_nodes of racks.csv names the nodes of a rack,
    such as gpu[001-008]; otherwise they are named after it.

    \b
    Example:
      capalloc export slurm examples/tiny.yaml plan.json -o slurm --gpus-per-node 8
    """
    with faults():
        from capalloc.exports.slurm import NAMES, SlurmParams, slurm_files

        asked = Asked(scenario, plan, frozenset(prospect or ()), seed, time_limit)
        base = exported_base(asked, output, list(NAMES), quiet)
        made = slurm_files(base, SlurmParams(period, tuple(gpus_per_node or ()), reserve.value))
        for note in made.notes:
            say(note)
        write_export(output, made.files, quiet, as_json, force)
