"""A small Nautobot: two utilities, four UPSs, PDUs behind them and racks, as its API answers."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

Objects = dict[str, list[dict[str, Any]]]
HOST = "http://nautobot.example"


def _one(endpoint: str, number: int, name: str, **more: Any) -> dict[str, Any]:
    code = f"{endpoint}-{number:04d}"
    url = f"{HOST}/api/{_APPLICATIONS.get(endpoint, 'dcim')}/{endpoint}/{code}/"
    return {"id": code, "url": url, "display": name, "name": name, "custom_fields": {}, **more}


_APPLICATIONS = {"statuses": "extras", "roles": "extras", "tenants": "tenancy"}


def ref(one: dict[str, Any]) -> dict[str, Any]:
    """A related object at depth 0: its id and address alone."""
    return {"id": one["id"], "object_type": "dcim.thing", "url": one["url"]}


def small_site() -> Objects:
    """Utility 1 and 2, a UPS on each, a PDU on each, four racks on both, one of them of a tenant."""
    active, planned = _one("statuses", 1, "Active"), _one("statuses", 2, "Planned")
    kinds = [_one("location-types", n, name) for n, name in enumerate(("Campus", "Building", "Room"))]
    campus = _one("locations", 1, "North", location_type=ref(kinds[0]), parent=None, status=ref(active))
    hall = _one("locations", 2, "Hall 1", location_type=ref(kinds[2]), parent=ref(campus), status=ref(active))
    tenant = _one("tenants", 1, "Anthropic")
    row = _one("rack-groups", 1, "Row A", location=ref(hall), parent=None)
    panels: list[dict[str, Any]] = []
    feeds: list[dict[str, Any]] = []
    for side, path in enumerate(("a", "b")):
        names = (("Utility", "utility"), ("UPS", "ups"), ("PDU", "pdu"))
        chain = [
            _one(
                "power-panels", 10 * side + level, f"{name} {path.upper()}", location=ref(hall), rack_group=None,
                panel_type={"value": kind, "label": kind.upper()}, power_path={"value": path, "label": path.upper()},
            )
            for level, (name, kind) in enumerate(names)
        ]  # fmt: skip
        panels += chain
        for above, below in pairwise(chain):
            feeds.append(_feed(len(feeds), above, active, destination_panel=ref(below), amperage=400))
    racks = [
        _one(
            "racks", n, f"A{n:02d}", location=ref(hall), rack_group=ref(row), status=ref(planned if n == 4 else active),
            tenant=ref(tenant) if n == 1 else None, role=None, u_height=48,
        )
        for n in range(1, 5)
    ]  # fmt: skip
    for rack in racks:
        for pdu in (panels[2], panels[5]):
            feeds.append(_feed(len(feeds), pdu, active, rack=ref(rack), amperage=63))
    return {
        "statuses": [active, planned], "location-types": kinds, "locations": [campus, hall], "tenants": [tenant],
        "rack-groups": [row], "racks": racks, "power-panels": panels, "power-feeds": feeds,
    }  # fmt: skip


def _feed(number: int, panel: dict[str, Any], status: dict[str, Any], **more: Any) -> dict[str, Any]:
    given = {
        "power_panel": ref(panel), "destination_panel": None, "rack": None, "status": ref(status),
        "type": {"value": "primary", "label": "Primary"}, "power_path": None, "supply": {"value": "ac", "label": "AC"},
        "phase": {"value": "three-phase", "label": "Three-phase"}, "voltage": 415, "amperage": 20,
        "max_utilization": 80,
    }  # fmt: skip
    return _one("power-feeds", number, f"F{number:03d}", **(given | more))
