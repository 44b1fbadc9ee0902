"""An inventory as a scenario of ours: tables of the site, and the racks that tenants have."""

from __future__ import annotations

from capalloc.imports.inventory.cooling import cooling_of
from capalloc.imports.inventory.mapping import MappingFile
from capalloc.imports.inventory.positions import placed_racks, positions_of, racks_of
from capalloc.imports.inventory.power import power_of
from capalloc.imports.inventory.records import Inventory
from capalloc.imports.inventory.standing import Standing
from capalloc.imports.inventory.tenants import tenants_of
from capalloc.imports.missing import Tally
from capalloc.schema.facility import Facility
from capalloc.schema.scenario import Scenario


def scenario_of(inventory: Inventory, mapping: MappingFile, tally: Tally) -> Scenario:
    """The site without demands; what of the inventory does not come across is counted."""
    facility = facility_of(inventory, mapping, tally)
    return Scenario(name=facility.name, facility=facility, horizon=mapping.horizon)


def facility_of(inventory: Inventory, mapping: MappingFile, tally: Tally) -> Facility:
    """The tables of a site; what of the inventory does not come across is counted."""
    power = power_of(inventory, mapping, tally)
    cooled = cooling_of(inventory, tally)
    placed = placed_racks(inventory, power, mapping, tally)
    standing = Standing(inventory, mapping, tally)
    tenants = tenants_of(inventory, tally) if mapping.tenants == "label" else {}
    racks = racks_of(placed, standing, tenants, tally)
    return Facility(
        name=mapping.facility or _name(inventory),
        pue=mapping.pue,
        rack_types=standing.rack_types,
        power=power.nodes,
        supplies=mapping.supplies,
        positions=positions_of(placed, inventory, power, cooled, mapping),
        cooling=cooled.zones,
        racks=racks,
    )


def _name(inventory: Inventory) -> str:
    """Name of the site that the racks are in, or of all of them together."""
    sites = {path[0].name for rack in inventory.racks if (path := inventory.path(rack.place))}
    return sites.pop() if len(sites) == 1 else inventory.system
