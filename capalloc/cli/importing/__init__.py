"""``capalloc import SOURCE``: what others keep, as a scenario's tables; a module for each source."""

from __future__ import annotations

import typer

from capalloc.cli.importing.ics import ics
from capalloc.cli.importing.nautobot import nautobot
from capalloc.cli.importing.netbox import netbox
from capalloc.cli.importing.xlsx import xlsx

importing = typer.Typer(no_args_is_help=True, help="Read what another system keeps into a scenario's tables.")

for _command in (ics, nautobot, netbox, xlsx):
    importing.command()(_command)
