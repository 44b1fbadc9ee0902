"""NetBox's objects, as its API gives them, as neutral records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from capalloc.imports.inventory.records import (
    CoolingFeed,
    CoolingSource,
    Device,
    Feed,
    Inventory,
    Panel,
    Place,
    RackModel,
    RackPlace,
    Reservation,
)
from capalloc.imports.netbox.agreements import agreements_of
from capalloc.imports.netbox.tables import SIDES
from capalloc.imports.rest.objects import Answers, Object, address, fields, key, number, numbers

Objects = Mapping[str, Sequence[Object]]
"""By endpoint."""


def inventory_of(answers: Objects) -> Inventory:
    """Everything that a NetBox knows of its sites; endpoints that were not asked have nothing."""
    ports = answers.get("power-ports", ())
    maximum, allocated = _draws(ports, "maximum_draw"), _draws(ports, "allocated_draw")
    return Inventory(
        system="netbox",
        places=(*map(_site, answers["sites"]), *map(_location, answers.get("locations", ()))),
        rack_models=tuple(map(_model, answers.get("rack-types", ()))),
        racks=tuple(map(_rack, answers.get("racks", ()))),
        devices=tuple(_device(one, maximum, allocated) for one in answers.get("devices", ())),
        panels=tuple(map(_panel, answers.get("power-panels", ()))),
        feeds=tuple(map(_feed, answers.get("power-feeds", ()))),
        cooling_sources=tuple(map(_source, answers.get("cooling-sources", ()))),
        cooling_feeds=tuple(map(_cooling_feed, answers.get("cooling-feeds", ()))),
        reservations=tuple(map(_reservation, answers.get("rack-reservations", ()))),
        agreements=agreements_of(Answers(answers)),
    )


def _text(related: object) -> str | None:
    """The name of a related object, the value of a choice, or the text itself."""
    if isinstance(related, Mapping):
        related = related.get("value") or related.get("name") or related.get("slug") or related.get("display")
    return str(related) if related else None


def _thing(one: Object, name: str = "name") -> dict[str, Any]:
    return {
        "key": str(one["id"]),
        "name": _text(one.get(name)) or "",
        "where": address(one),
        "status": _text(one.get("status")) or "active",
        "tenant": _text(one.get("tenant")),
        "fields": fields(one),
    }


def _place(one: Object) -> str | None:
    """Key of the place that an object is in: sites and locations are numbered apart."""
    location, site = key(one.get("location")), key(one.get("site"))
    return location if location is not None else site and f"site {site}"


def _site(one: Object) -> Place:
    return Place(**_thing(one) | {"key": f"site {one['id']}"}, kind="site", slug=_text(one.get("slug")))


def _location(one: Object) -> Place:
    above = key(one.get("parent")) or _place({"site": one.get("site")})
    return Place(**_thing(one), kind="location", parent=above, slug=_text(one.get("slug")))


def _model(one: Object) -> RackModel:
    return RackModel(
        **_thing(one, "model"),
        manufacturer=_text(one.get("manufacturer")),
        u_height=number(one.get("u_height")),
        cooling_capability=_text(one.get("cooling_capability")),
        cooling_kw=number(one.get("cooling_capacity")),
    )


def _rack(one: Object) -> RackPlace:
    count = number(one.get("device_count"))
    return RackPlace(
        **_thing(one),
        place=_place(one),
        group=_text(one.get("group")),
        role=_text(one.get("role")),
        model=key(one.get("rack_type")),
        devices=None if count is None else int(count),
        u_height=number(one.get("u_height")),
        starting_unit=number(one.get("starting_unit")),
        max_weight=_weight(one),
        cooling_capability=_text(one.get("cooling_capability")),
        cooling_kw=number(one.get("cooling_capacity")),
    )


def _weight(rack: Object) -> str | None:
    most, unit = number(rack.get("max_weight")), _text(rack.get("weight_unit"))
    return None if most is None else f"{most:g} {unit or ''}".strip()


def _panel(one: Object) -> Panel:
    return Panel(**_thing(one), place=_place(one))


def _feed(one: Object) -> Feed:
    share = number(one.get("max_utilization"))
    return Feed(
        **_thing(one),
        panel=key(one.get("power_panel")),
        rack=key(one.get("rack")),
        side=SIDES.get(_text(one.get("type")) or "primary"),
        supply=_text(one.get("supply")) or "ac",
        phase=_text(one.get("phase")) or "single-phase",
        voltage_v=number(one.get("voltage")),
        amperage_a=number(one.get("amperage")),
        max_utilization=0.8 if share is None else share / 100,
    )


def _draws(ports: Iterable[Object], field: str) -> dict[str, float]:
    """Watts by device: the sum over its ports that say any."""
    watts: defaultdict[str, float] = defaultdict(float)
    for port in ports:
        device, draw = key(port.get("device")), number(port.get(field))
        if device is not None and draw is not None:
            watts[device] += draw
    return dict(watts)


def _device(one: Object, maximum: Mapping[str, float], allocated: Mapping[str, float]) -> Device:
    kind = one.get("device_type")
    kind = kind if isinstance(kind, Mapping) else {}
    return Device(
        **_thing(one),
        rack=key(one.get("rack")),
        model=str(kind.get("slug") or kind.get("model") or ""),
        role=_text(one.get("role")),
        maximum_w=maximum.get(str(one["id"])),
        allocated_w=allocated.get(str(one["id"])),
    )


def _source(one: Object) -> CoolingSource:
    return CoolingSource(
        **_thing(one),
        place=_place(one),
        kind=_text(one.get("type")),
        fluid=_text(one.get("fluid_type")),
        cooling_kw=number(one.get("cooling_capacity")),
    )


def _cooling_feed(one: Object) -> CoolingFeed:
    return CoolingFeed(
        **_thing(one),
        source=key(one.get("cooling_source")),
        rack=key(one.get("rack")),
        cooling_kw=number(one.get("cooling_capacity")),
    )


def _reservation(one: Object) -> Reservation:
    return Reservation(**_thing(one, "description"), rack=key(one.get("rack")), units=numbers(one.get("units")))
