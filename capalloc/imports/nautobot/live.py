"""What a Nautobot is asked for, running or saved."""

from __future__ import annotations

from collections.abc import Mapping

from capalloc.imports.rest.server import System

ENDPOINTS: Mapping[str, str] = {
    "location-types": "dcim",
    "locations": "dcim",
    "rack-groups": "dcim",
    "racks": "dcim",
    "rack-reservations": "dcim",
    "power-panels": "dcim",
    "power-feeds": "dcim",
    "devices": "dcim",
    "device-types": "dcim",
    "power-ports": "dcim",
    "tenants": "tenancy",
    "roles": "extras",
    "statuses": "extras",
}
"""The endpoints that are read, each with its application: ``/api/dcim/racks/``."""
NAUTOBOT = System("Nautobot", "Nautobot 2.4.15", "NAUTOBOT_TOKEN", ENDPOINTS, {"depth": "0"})
