"""The site of the folders beside this module, as NetBox's API gives it."""

from __future__ import annotations

from typing import Any

Object = dict[str, Any]
_ROOT = "http://netbox.example"


def small_site() -> dict[str, list[Object]]:
    """Objects by endpoint."""
    site = [_object("dcim/sites", 1, "Dallas", slug="dal", status=_choice("active"))]
    hall, row_1, row_2 = 1, 2, 3
    locations = [
        _object("dcim/locations", hall, "Hall 1", slug="hall-1", site=_brief(1, "Dallas"), parent=None),
        _object("dcim/locations", row_1, "Row 1", slug="row-1", site=_brief(1, "Dallas"), parent=_brief(1, "Hall 1")),
        _object("dcim/locations", row_2, "Row 2", slug="row-2", site=_brief(1, "Dallas"), parent=_brief(1, "Hall 1")),
    ]
    racks = [
        _rack(11, "R1-1", row_1, "active", "liquid-only", "gb200-nvl72", tenant=_brief(1, "Acme")),
        _rack(12, "R1-2", row_1, "active", "liquid-only", "gb200-nvl72"),
        _rack(13, "R1-10", row_1, "available", "liquid-only", None),
        _rack(14, "R2-1", row_2, "active", "hybrid", "hgx-h100"),
    ]
    panels = [
        _panel(21, "Utility", None, kind="utility", rated_kw=5000),
        _panel(22, "UPS-A", hall, parent="Utility", rated_kw=500, contingency=True, kind=None),
        _panel(23, "UPS-B", hall, parent="Utility", rated_kw=500, contingency=True, kind=None),
    ]
    feeds = [
        _feed(31 + number, panel, 11 + number // 2, 250 if number < 6 else 100)
        for number, panel in enumerate([22, 23] * 4)
    ]
    return {"sites": site, "locations": locations, "racks": racks, "power-panels": panels, "power-feeds": feeds}


def _object(endpoint: str, number: int, name: str, **more: Any) -> Object:
    return {
        "id": number,
        "url": f"{_ROOT}/api/{endpoint}/{number}/",
        "display_url": f"{_ROOT}/{endpoint}/{number}/",
        "name": name,
        "tenant": None,
        "custom_fields": {},
        **more,
    }


def _brief(number: int, name: str) -> Object:
    return {"id": number, "url": "…", "display": name, "name": name, "slug": name.lower()}


def _choice(value: str) -> Object:
    return {"value": value, "label": value.replace("-", " ").capitalize()}


def _rack(number: int, name: str, row: int, status: str, cooled: str, kind: str | None, **more: Any) -> Object:
    return _object(
        "dcim/racks",
        number,
        name,
        site=_brief(1, "Dallas"),
        location=_brief(row, f"Row {row - 1}"),
        group=None,
        role=None,
        rack_type=None,
        status=_choice(status),
        u_height=48.0,
        cooling_capability=_choice(cooled),
        device_count=0,
        **more | {"custom_fields": {"rack_type": kind}},
    )


def _panel(number: int, name: str, hall: int | None, **fields: Any) -> Object:
    where = None if hall is None else _brief(hall, "Hall 1")
    return _object("dcim/power-panels", number, name, site=_brief(1, "Dallas"), location=where, custom_fields=fields)


def _feed(number: int, panel: int, rack: int, amperage: int) -> Object:
    return _object(
        "dcim/power-feeds",
        number,
        f"F{number - 30}",
        power_panel=_brief(panel, "…"),
        rack=_brief(rack, "…"),
        status=_choice("active"),
        type=_choice("primary" if panel == 22 else "redundant"),
        supply=_choice("ac"),
        phase=_choice("three-phase"),
        voltage=415,
        amperage=amperage,
        max_utilization=80,
    )
