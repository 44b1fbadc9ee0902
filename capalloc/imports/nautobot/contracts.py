"""Contracts beside a Nautobot, which has none: CSV files as the netbox-contract plugin exports them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from capalloc.imports.inventory.records import Inventory
from capalloc.imports.missing import Tally
from capalloc.imports.netbox.contract_rows import agreements_in
from capalloc.imports.netbox.folder import read_contracts
from capalloc.imports.netbox.tables import finder


def with_contracts(inventory: Inventory, folder: Path, tally: Tally) -> Inventory:
    """The inventory with the contracts of a folder, whose racks are found by name. Raises ScenarioError."""
    rows = read_contracts(folder)
    return replace(inventory, agreements=agreements_in(rows, finder("rack", inventory.racks, tally), tally))
