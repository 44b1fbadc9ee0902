"""What a running NetBox is asked for, and its answers as an inventory.

Source: netbox/dcim/api/serializers_, versions 4.2 to 4.7. Only the fields that are used are asked for: what
NetBox counts for each object costs it more time than all the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Any

from capalloc.errors import Problem, ScenarioError
from capalloc.imports.inventory.records import Inventory
from capalloc.imports.netbox import agreements
from capalloc.imports.netbox.cabled import devices_behind, in_racks_of_devices, without_rack
from capalloc.imports.netbox.reading import inventory_of
from capalloc.imports.rest.objects import Object
from capalloc.imports.rest.server import Client, Progress, Server, System, without_user

_ALWAYS = "id url display_url name status tenant custom_fields"
_FIELDS: Mapping[str, str] = {
    "sites": "slug",
    "locations": "slug site parent",
    "rack-types": "manufacturer model slug u_height cooling_capability cooling_capacity",
    "racks": "site location group role rack_type u_height starting_unit max_weight weight_unit cooling_capability "
    "cooling_capacity device_count",
    "power-panels": "site location",
    "power-feeds": "power_panel rack type supply phase voltage amperage max_utilization",
    "cooling-sources": "site location type fluid_type cooling_capacity",
    "cooling-feeds": "cooling_source rack cooling_capacity",
    "rack-reservations": "rack units description",
    "devices": "device_type role rack",
    "power-ports": "device maximum_draw allocated_draw",
}
"""By endpoint, the fields that are read beside those that always are; NetBox passes over what it does not have."""
_OF_SITES = (
    "locations",
    "racks",
    "power-panels",
    "power-feeds",
    "cooling-sources",
    "cooling-feeds",
    "rack-reservations",
)
"""Endpoints that can be asked for the objects of some sites alone, and are read at first."""
_DEVICES = ("devices", "power-ports")
"""Those that are many, and read only where racks do not say themselves what they are."""
NETBOX = System(
    "NetBox",
    "NetBox 4.2",
    "NETBOX_TOKEN",
    dict.fromkeys(_FIELDS, "dcim") | agreements.ENDPOINTS,
    {"ordering": "id"},
    frozenset({"rack-types", "cooling-sources", "cooling-feeds", *agreements.ENDPOINTS}),
)
WITHOUT_CONTRACTS = replace(NETBOX, endpoints=dict.fromkeys(_FIELDS, "dcim"))
"""A NetBox that is not asked for contracts: not every token may view them."""


def read_netbox(
    server: Server,
    sites: Collection[str],
    needs_devices: Callable[[Inventory], bool],
    progress: Progress | None = None,
) -> Inventory:
    """The inventory of the sites of these names or slugs, or of all.

    ``needs_devices`` is asked, of an inventory without devices, whether they are needed. Raises what Client raises, and
    ScenarioError where a site is not there.
    """
    with Client(server, progress) as client:
        answers = {"sites": _chosen(_read(client, "sites"), sites, server)}
        of_sites = {"site_id": [str(one["id"]) for one in answers["sites"]]} if sites else {}
        answers |= {endpoint: _read(client, endpoint, of_sites) for endpoint in _OF_SITES}
        answers["rack-types"] = _read(client, "rack-types")
        contracts = [endpoint for endpoint in agreements.ENDPOINTS if endpoint in server.system.endpoints]
        answers |= {endpoint: client.objects(endpoint) for endpoint in contracts}
        inventory = inventory_of(answers)
        behind = devices_behind(client, without_rack(answers["power-feeds"]))
        if not behind and not needs_devices(inventory):
            return inventory
        answers |= {endpoint: _read(client, endpoint, of_sites) for endpoint in _DEVICES}
        answers["power-feeds"] = in_racks_of_devices(answers["power-feeds"], behind, answers["devices"])
        return inventory_of(answers)


def _read(client: Client, endpoint: str, more: Mapping[str, Any] | None = None) -> list[Object]:
    return client.objects(endpoint, {**(more or {}), "fields": ",".join(f"{_ALWAYS} {_FIELDS[endpoint]}".split())})


def _chosen(found: list[Object], wanted: Collection[str], server: Server) -> list[Object]:
    names = {word for one in found for word in (one["name"], one.get("slug"))}
    unknown = sorted(set(wanted) - names)
    if unknown:
        known = ", ".join(sorted(str(one["name"]) for one in found)) or "none"
        raise ScenarioError(
            [Problem(without_user(server.address), 0, "", f"has no site {unknown[0]!r}; it has {known}")]
        )
    return [one for one in found if not wanted or {one["name"], one.get("slug")} & set(wanted)]
