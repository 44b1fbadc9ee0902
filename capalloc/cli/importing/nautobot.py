"""``capalloc import nautobot``: a site from Nautobot."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from capalloc.cli.exits import faults
from capalloc.cli.importing.inventory import (
    Importing,
    Locations,
    MappingOption,
    Sites,
    import_inventory,
    reading_shown,
)
from capalloc.cli.options import AsJson, ForceFolder, OutputFolder, Quiet

if TYPE_CHECKING:
    from capalloc.imports.inventory.records import Inventory
    from capalloc.imports.missing import Tally
    from capalloc.imports.rest.objects import Answers

Source = Annotated[
    str,
    typer.Argument(
        metavar="SOURCE", help="Address of a Nautobot, or a folder with answers of its API (JSON) or its exports (CSV)."
    ),
]
ContractsOption = Annotated[
    Path | None,
    typer.Option(
        "--contracts",
        metavar="DIR",
        help="A folder with contracts.csv, and what belongs to it, as NetBox's netbox-contract plugin exports them.",
    ),
]


def nautobot(
    source: Source,
    output: OutputFolder,
    site: Sites = None,
    location: Locations = None,
    contracts: ContractsOption = None,
    mapping: MappingOption = None,
    force: ForceFolder = False,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Make a scenario from the racks, panels and feeds of Nautobot.

    Feeds from panel to panel (destination_panel) are the power tree, those to racks its leaves. The token for a
    running Nautobot (2.4.15 or later) is taken from NAUTOBOT_TOKEN; nothing is written there. What Nautobot cannot hold
    is read from DIR/nautobot.yaml, which is written where it is missing. What did not come across is counted on
    stderr and listed in DIR/import.md.

    \b
    Example:
      capalloc import nautobot exports --contracts leases -o site
      NAUTOBOT_TOKEN=… capalloc import nautobot https://nautobot.example.org --location "Hall 1" -o site
    """
    with faults():
        asked = Importing("nautobot", source, tuple(site or ()), tuple(location or ()), output, mapping, force)
        import_inventory(asked, lambda _words, tally: _inventory(source, contracts, quiet, tally), as_json)


def _inventory(source: str, contracts: Path | None, quiet: bool, tally: Tally) -> Inventory:
    from capalloc.imports.nautobot.contracts import with_contracts
    from capalloc.imports.nautobot.reading import inventory_of

    inventory = inventory_of(_answers(source, quiet))
    return inventory if contracts is None else with_contracts(inventory, contracts, tally)


def _answers(source: str, quiet: bool) -> Answers:
    from capalloc.imports.nautobot.folder import read_folder
    from capalloc.imports.nautobot.live import NAUTOBOT
    from capalloc.imports.rest.server import Server, read_server

    if "://" not in source:
        return read_folder(Path(source))
    server = Server(NAUTOBOT, source, os.environ.get(NAUTOBOT.token_variable, ""))
    with reading_shown(quiet) as progress:
        return read_server(server, progress)
