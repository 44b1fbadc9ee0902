"""An inventory as a scenario of ours: tables of the site, and the racks that tenants have."""

from __future__ import annotations

from capalloc.imports.inventory.contracts import Landlord, contracts_of, pins_of
from capalloc.imports.inventory.cooling import cooling_of
from capalloc.imports.inventory.mapping import MappingFile
from capalloc.imports.inventory.positions import placed_racks, positions_of, racks_of
from capalloc.imports.inventory.power import power_of
from capalloc.imports.inventory.records import Inventory
from capalloc.imports.inventory.standing import Standing
from capalloc.imports.inventory.tenants import tenants_of
from capalloc.imports.missing import Tally
from capalloc.schema.facility import Facility, Rack
from capalloc.schema.scenario import Scenario


def scenario_of(inventory: Inventory, mapping: MappingFile, tally: Tally) -> Scenario:
    """The site with the contracts that the inventory has; what does not come across is counted."""
    facility, racks = _site(inventory, mapping, tally)
    agreements = inventory.agreements if mapping.contracts == "import" else ()
    signed = contracts_of(agreements, Landlord(facility, racks, mapping.horizon, mapping.usd_per), tally)
    return Scenario(
        name=facility.name,
        facility=facility,
        horizon=mapping.horizon,
        contracts=tuple(one.contract for one in signed),
        pins=pins_of(signed, mapping.horizon, tally),
    )


def _site(inventory: Inventory, mapping: MappingFile, tally: Tally) -> tuple[Facility, dict[str, Rack]]:
    """The tables, and racks by key of the inventory."""
    power = power_of(inventory, mapping, tally)
    cooled = cooling_of(inventory, tally)
    placed = placed_racks(inventory, power, mapping, tally)
    standing = Standing(inventory, mapping, tally)
    tenants = tenants_of(inventory, tally) if mapping.tenants == "label" else {}
    racks = racks_of(placed, standing, tenants, tally)
    facility = Facility(
        name=mapping.facility or _name(inventory),
        pue=mapping.pue,
        rack_types=standing.rack_types,
        power=power.nodes,
        supplies=mapping.supplies,
        positions=positions_of(placed, inventory, power, cooled, mapping),
        cooling=cooled.zones,
        racks=racks,
    )
    by_name = {rack.name: rack for rack in racks}
    return facility, {one.rack.key: by_name[one.name] for one in placed if one.name in by_name}


def _name(inventory: Inventory) -> str:
    """Name of the site that the racks are in, or of all of them together."""
    sites = {path[0].name for rack in inventory.racks if (path := inventory.path(rack.place))}
    return sites.pop() if len(sites) == 1 else inventory.system
