"""``capalloc import netbox``: a site from NetBox."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from capalloc.cli.exits import faults
from capalloc.cli.importing.inventory import import_inventory
from capalloc.cli.options import AsJson, ForceFolder, OutputFolder

Source = Annotated[str, typer.Argument(metavar="SOURCE", help="A folder with CSV files of NetBox.")]
MappingOption = Annotated[
    Path | None,
    typer.Option("--mapping", metavar="FILE", help="What NetBox cannot hold (YAML); DIR/netbox.yaml unless given."),
]


def netbox(
    source: Source,
    output: OutputFolder,
    mapping: MappingOption = None,
    force: ForceFolder = False,
    as_json: AsJson = False,
) -> None:
    """Make a scenario from the racks, panels and feeds of NetBox.

    What NetBox cannot hold is read from DIR/netbox.yaml, which is written where it is missing. What did
    not come across is counted on stderr and listed in DIR/import.md.

    \b
    Example:
      capalloc import netbox exports -o site
    """
    with faults():
        from capalloc.imports.netbox.tables import read_tables

        import_inventory(lambda tally: read_tables(Path(source), tally), "netbox", output, mapping, force, as_json)
