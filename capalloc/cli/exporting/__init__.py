"""``capalloc export KIND``: a plan in the format of a system that acts on it; a module for each kind."""

from __future__ import annotations

import typer

from capalloc.cli.exporting.dps import dps
from capalloc.cli.exporting.focus import focus
from capalloc.cli.exporting.ics import ics
from capalloc.cli.exporting.kueue import kueue
from capalloc.cli.exporting.netbox import netbox
from capalloc.cli.exporting.parquet import parquet
from capalloc.cli.exporting.slurm import slurm
from capalloc.cli.exporting.xlsx import xlsx

exporting = typer.Typer(no_args_is_help=True, help="Write a plan in the format of another system.")

for _command in (
    dps,
    focus,
    ics,
    kueue,
    netbox,
    parquet,
    slurm,
    xlsx,
):
    exporting.command()(_command)
