"""``capalloc import nautobot``: a site from Nautobot."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from capalloc.cli.exits import faults, say
from capalloc.cli.importing.inventory import import_inventory
from capalloc.cli.options import AsJson, ForceFolder, OutputFolder, Quiet

if TYPE_CHECKING:
    from capalloc.imports.rest.objects import Answers

Source = Annotated[
    str, typer.Argument(metavar="SOURCE", help="Address of a Nautobot, or a folder with answers of its API (JSON).")
]
MappingOption = Annotated[
    Path | None,
    typer.Option("--mapping", metavar="FILE", help="What Nautobot cannot hold (YAML); DIR/nautobot.yaml unless given."),
]


def nautobot(
    source: Source,
    output: OutputFolder,
    mapping: MappingOption = None,
    force: ForceFolder = False,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Make a scenario from the racks, panels and feeds of Nautobot.

    Feeds from panel to panel (destination_panel) are the power tree, those to racks its leaves. The token for a running
    Nautobot (2.4 or later) is taken from NAUTOBOT_TOKEN; nothing is written there. What did not come across is counted
    on stderr and listed in DIR/import.md.

    \b
    Example:
      capalloc import nautobot https://nautobot.example.org -o site
    """
    with faults():
        from capalloc.imports.nautobot.reading import inventory_of

        import_inventory(lambda _: inventory_of(_answers(source, quiet)), "nautobot", output, mapping, force, as_json)


def _answers(source: str, quiet: bool) -> Answers:
    from capalloc.imports.nautobot.folder import read_folder
    from capalloc.imports.nautobot.live import NAUTOBOT
    from capalloc.imports.rest.server import Server, read_server

    if "://" not in source:
        return read_folder(Path(source))
    token = os.environ.get(NAUTOBOT.token_variable, "")
    return read_server(Server(NAUTOBOT, source, token), None if quiet else _tell)


def _tell(endpoint: str, read: int, count: int | None) -> None:
    say(f"{endpoint}: {read:,} of {count:,}" if count is not None else f"{endpoint}: {read:,}")
