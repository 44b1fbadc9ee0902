"""``capalloc import netbox``: a site from NetBox."""

from __future__ import annotations

import os
from functools import partial
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
    from capalloc.imports.inventory.mapping import MappingFile
    from capalloc.imports.inventory.records import Inventory
    from capalloc.imports.missing import Tally

Source = Annotated[
    str,
    typer.Argument(
        metavar="SOURCE", help="Address of a NetBox (https://…), or a folder with CSV files that it exports or imports."
    ),
]


def netbox(
    source: Source,
    output: OutputFolder,
    site: Sites = None,
    location: Locations = None,
    mapping: MappingOption = None,
    force: ForceFolder = False,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Make a scenario from the racks, panels and feeds of NetBox, which is only read.

    A running NetBox (4.2 or later) is asked with the token in the variable NETBOX_TOKEN. What NetBox cannot
    hold is read from DIR/netbox.yaml, which is written where it is missing. What did not come across is
    counted on stderr and listed in DIR/import.md.

    \b
    Example:
      capalloc import netbox exports -o site
      NETBOX_TOKEN=… capalloc import netbox https://netbox.example.org --site dallas -o site
    """
    with faults():
        asked = Importing("netbox", source, tuple(site or ()), tuple(location or ()), output, mapping, force)
        import_inventory(asked, partial(_read, asked, quiet), as_json)


def _read(asked: Importing, quiet: bool, words: MappingFile, tally: Tally) -> Inventory:
    if "://" not in asked.source:
        from capalloc.imports.netbox.tables import read_tables

        return read_tables(Path(asked.source), tally)
    from capalloc.imports.inventory.standing import needs_devices
    from capalloc.imports.netbox.live import NETBOX, WITHOUT_CONTRACTS, read_netbox
    from capalloc.imports.rest.server import Server

    system = NETBOX if words.contracts == "import" else WITHOUT_CONTRACTS
    server = Server(system, asked.source, os.environ.get(system.token_variable, ""))
    with reading_shown(quiet) as progress:
        return read_netbox(server, asked.sites, lambda inventory: needs_devices(inventory, words), progress)
