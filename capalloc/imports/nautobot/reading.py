"""Nautobot's objects as neutral records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import TypedDict

from capalloc.imports.inventory.records import (
    Device,
    Feed,
    Inventory,
    Panel,
    Place,
    RackPlace,
    Reservation,
    Side,
    Value,
)
from capalloc.imports.rest.objects import Answers, Object, address, fields, key, number, numbers

_SIDES: Mapping[str | None, Side] = {"a": "a", "b": "b", "primary": "a", "redundant": "b"}


def inventory_of(answers: Answers) -> Inventory:
    """Everything that a Nautobot knows of its sites; it has no cooling and no contracts."""
    return Inventory(
        system="nautobot",
        places=tuple(_places(answers)),
        racks=tuple(_racks(answers)),
        devices=tuple(_devices(answers)),
        panels=tuple(_panels(answers)),
        feeds=tuple(_feeds(answers)),
        reservations=tuple(_reservations(answers)),
    )


class _Thing(TypedDict):
    key: str
    name: str
    where: str
    status: str
    tenant: str | None
    fields: Mapping[str, Value]


def _thing(one: Object, answers: Answers, name: str | None = None) -> _Thing:
    return _Thing(
        key=str(one["id"]),
        name=name or str(one["name"]),
        where=address(one),
        status=answers.word(one.get("status")) or "active",
        tenant=answers.name(one.get("tenant")),
        fields=fields(one),
    )


def _places(answers: Answers) -> Iterator[Place]:
    for one in answers["locations"]:
        kind = answers.word(one.get("location_type")) or "location"
        yield Place(**_thing(one, answers), kind=kind, parent=key(one.get("parent")))


def _racks(answers: Answers) -> Iterator[RackPlace]:
    for one in answers["racks"]:
        yield RackPlace(
            **_thing(one, answers),
            place=key(one.get("location")),
            group=answers.name(one.get("rack_group")),
            role=answers.name(one.get("role")),
            u_height=number(one.get("u_height")),
        )


def _panels(answers: Answers) -> Iterator[Panel]:
    for one in answers["power-panels"]:
        yield Panel(
            **_thing(one, answers),
            place=key(one.get("location")),
            kind=answers.word(one.get("panel_type")),
            side=_SIDES.get(answers.word(one.get("power_path"))),
        )


def _feeds(answers: Answers) -> Iterator[Feed]:
    paths = {str(panel["id"]): answers.word(panel.get("power_path")) for panel in answers["power-panels"]}
    racks = _racks_of_ports(answers)
    for one in answers["power-feeds"]:
        yield Feed(
            **_thing(one, answers),
            panel=key(one.get("power_panel")),
            rack=key(one.get("rack")) or racks.get(key(one.get("connected_endpoint"))),
            destination=key(one.get("destination_panel")),
            side=_side(one, paths, answers),
            supply=answers.word(one.get("supply")) or "ac",
            phase=answers.word(one.get("phase")) or "single-phase",
            voltage_v=number(one.get("voltage")),
            amperage_a=number(one.get("amperage")),
            max_utilization=(number(one.get("max_utilization")) or 0.0) / 100,
        )


def _racks_of_ports(answers: Answers) -> dict[str | None, str | None]:
    """By power port, the rack of its device: where a feed that names no rack is cabled to."""
    devices = {key(device): key(device.get("rack")) for device in answers["devices"]}
    return {key(port): devices.get(key(port.get("device"))) for port in answers["power-ports"]}


def _side(feed: Object, paths: Mapping[str, str | None], answers: Answers) -> Side | None:
    """The path that the feed or its panel is on; where neither says, a primary feed is on A and a redundant on B.

    The type comes last because every feed has one: it is primary unless somebody chose.
    """
    panel = paths.get(key(feed.get("power_panel")) or "")
    return _SIDES.get(answers.word(feed.get("power_path")) or panel or answers.word(feed.get("type")))


def _devices(answers: Answers) -> Iterator[Device]:
    maximum, allocated = _draws(answers, "maximum_draw"), _draws(answers, "allocated_draw")
    for one in answers["devices"]:
        name = str(one.get("name") or one.get("display") or one["id"])  # a device may have no name
        yield Device(
            **_thing(one, answers, name),
            rack=key(one.get("rack")),
            model=answers.name(one.get("device_type")) or "",
            role=answers.name(one.get("role")),
            maximum_w=maximum.get(str(one["id"])),
            allocated_w=allocated.get(str(one["id"])),
        )


def _draws(answers: Answers, field: str) -> dict[str, float]:
    """Watts by device: the sum over its ports that say any."""
    watts: defaultdict[str, float] = defaultdict(float)
    for port in answers["power-ports"]:
        device, draw = key(port.get("device")), number(port.get(field))
        if device is not None and draw is not None:
            watts[device] += draw
    return dict(watts)


def _reservations(answers: Answers) -> Iterator[Reservation]:
    for one in answers["rack-reservations"]:
        name = str(one.get("description") or one["id"])
        units = numbers(one.get("units"))
        yield Reservation(**_thing(one, answers, name), rack=key(one.get("rack")), units=units)
