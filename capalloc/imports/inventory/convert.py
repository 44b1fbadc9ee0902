"""An inventory as a scenario of ours: tables of the site, and the racks that tenants have."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from capalloc.imports.inventory.contracts import Landlord, Signed, contracts_of, pins_of
from capalloc.imports.inventory.cooling import cooling_of
from capalloc.imports.inventory.mapping import MappingFile
from capalloc.imports.inventory.naming import in_order
from capalloc.imports.inventory.positions import Placed, placed_racks, positions_of, racks_of
from capalloc.imports.inventory.power import Power, power_of
from capalloc.imports.inventory.records import Inventory
from capalloc.imports.inventory.standing import Standing, Unknown
from capalloc.imports.inventory.tenants import Grant, dated_pins, grants_of
from capalloc.imports.missing import Tally
from capalloc.schema.facility import Facility, Rack
from capalloc.schema.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Converted:
    """A scenario, and what had to be presumed of its site."""

    scenario: Scenario
    lacking: Mapping[str, tuple[str, ...]]
    """By name of a panel's node, the columns of power.csv that nobody says."""
    unknown: Unknown
    """What stands in racks of no known type."""


def scenario_of(inventory: Inventory, mapping: MappingFile, tally: Tally) -> Scenario:
    """The scenario alone of :func:`converted`."""
    return converted(inventory, mapping, tally).scenario


def converted(inventory: Inventory, mapping: MappingFile, tally: Tally) -> Converted:
    """The site with the contracts that the inventory has; what does not come across is counted."""
    inventory = in_order(inventory)
    power, standing = power_of(inventory, mapping, tally), Standing(inventory, mapping, tally)
    grants = grants_of(inventory, mapping, tally) if mapping.tenants == "label" else {}
    facility, racks = _site(inventory, power, standing, grants, mapping, tally)
    agreements = inventory.agreements if mapping.contracts == "import" else ()
    landlord = Landlord(facility, racks, mapping.horizon, mapping.usd_per)
    signed = contracts_of(agreements, landlord, tally)
    kept = pins_of(signed, landlord, tally)
    dated = dated_pins(grants, racks, _one_each(signed), mapping.horizon, tally)
    pinned = {pin.rack for pin in kept}
    pins = (*kept, *(pin for pin in dated if pin.rack not in pinned))
    scenario = Scenario(
        name=facility.name,
        facility=facility.replace(racks=tuple(_free_again(facility.racks, racks, grants, _one_each(signed)))),
        horizon=mapping.horizon,
        contracts=tuple(one.contract for one in signed),
        pins=pins,
    )
    return Converted(scenario, power.lacking, standing.unknown)


def _one_each(signed: Iterable[Signed]) -> dict[str, str]:
    """Of each tenant with one contract, its name."""
    names: dict[str, list[str]] = defaultdict(list)
    for one in signed:
        names[one.contract.tenant].append(one.contract.name)
    return {tenant: found[0] for tenant, found in names.items() if len(found) == 1}


def _free_again(
    all_racks: Iterable[Rack], racks: Mapping[str, Rack], grants: Mapping[str, Grant], contracts: Mapping[str, str]
) -> Iterator[Rack]:
    """The racks, those that are a tenant's on some days alone without a tenant: pins keep them."""
    dated = {racks[key].name for key, one in grants.items() if one.days and one.tenant in contracts and key in racks}
    return (rack.replace(tenant=None) if rack.name in dated else rack for rack in all_racks)


def _site(
    inventory: Inventory,
    power: Power,
    standing: Standing,
    grants: Mapping[str, Grant],
    mapping: MappingFile,
    tally: Tally,
) -> tuple[Facility, dict[str, Rack]]:
    """The tables, and racks by key of the inventory."""
    cooled = cooling_of(inventory, mapping, tally)
    placed = placed_racks(inventory, power, cooled, mapping, tally)
    tenants = {key: grant.tenant for key, grant in grants.items()}
    racks = racks_of(placed, standing, tenants, tally)
    standing.count_unmatched(inventory.racks)
    planned = {one.rack.key for one in placed}
    for rack in inventory.racks:
        if rack.key not in planned and rack.status != "deprecated":
            standing.note(rack)
    facility = Facility(
        name=mapping.facility or _name(placed, inventory.system),
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


def _name(placed: Iterable[Placed], system: str) -> str:
    """Name of the site that the racks are in, or of the system where they are in several."""
    sites = {one.room.site for one in placed}
    return sites.pop() or system if len(sites) == 1 else system
