"""Feeds that name no rack and are cabled into a device: they go to the rack that the device is in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from capalloc.imports.rest.objects import Object, key
from capalloc.imports.rest.server import Client

_AT_ONCE = 100
"""Feeds that are asked for by their numbers in one address."""


def without_rack(feeds: Iterable[Object]) -> list[str]:
    """Numbers of the feeds that name no rack."""
    return [str(feed["id"]) for feed in feeds if not feed.get("rack")]


def devices_behind(client: Client, feeds: Sequence[str]) -> dict[str, str]:
    """By the number of a feed, that of the device that its cables lead to; those without one are left out."""
    found: dict[str, str] = {}
    for first in range(0, len(feeds), _AT_ONCE):
        asked = {"id": feeds[first : first + _AT_ONCE], "fields": "id,name,connected_endpoints"}
        for feed in client.objects("power-feeds", asked):
            device = _device(feed.get("connected_endpoints"))
            if device is not None:
                found[str(feed["id"])] = device
    return found


def _device(endpoints: object) -> str | None:
    parts = endpoints if isinstance(endpoints, Sequence) and not isinstance(endpoints, str) else ()
    return next((found for part in parts if isinstance(part, Mapping) and (found := key(part.get("device")))), None)


def in_racks_of_devices(feeds: Iterable[Object], behind: Mapping[str, str], devices: Iterable[Object]) -> list[Object]:
    """The feeds, those with a device behind them in its rack."""
    rack_of = {str(device["id"]): device.get("rack") for device in devices}
    return [
        {**feed, "rack": rack_of.get(behind[str(feed["id"])])} if str(feed["id"]) in behind else feed for feed in feeds
    ]
