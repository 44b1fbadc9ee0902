"""A part of an inventory: some of its sites, or some of their locations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import replace

from capalloc.errors import Problem, ScenarioError
from capalloc.imports.inventory.records import Inventory, Place
from capalloc.imports.missing import Tally

_LISTED = 20
"""Names that a message lists."""


def part_of(
    inventory: Inventory, sites: Collection[str], locations: Collection[str], source: str, tally: Tally
) -> Inventory:
    """The racks of the sites and locations of these names or slugs, with the power and cooling of their sites.

    Feeds of the same panels to racks that are not chosen are counted. Raises ScenarioError where a name is unknown.
    """
    if not sites and not locations:
        return inventory
    tops = _named(inventory, sites, True, source) if sites else {place.key for place in inventory.places}
    inside = _named(inventory, locations, False, source) if locations else tops
    racks = tuple(
        rack for rack in inventory.racks if _in(inventory, rack.place, tops) and _in(inventory, rack.place, inside)
    )
    if not racks:
        raise ScenarioError([Problem(source, 0, "", _empty(inventory, sites, locations))])
    keys = {rack.key for rack in racks}
    around = {inventory.path(rack.place)[0].key for rack in racks}
    panels = tuple(panel for panel in inventory.panels if _in(inventory, panel.place, around))
    sources = tuple(one for one in inventory.cooling_sources if _in(inventory, one.place, around))
    kept = {panel.key for panel in panels}
    feeding = {feed.panel for feed in inventory.feeds if feed.rack in keys}
    for feed in inventory.feeds:
        if feed.rack is not None and feed.rack not in keys and feed.panel in feeding:
            tally.add("feeds of these panels to racks elsewhere", feed.where, "what those racks draw is not counted")
    return replace(
        inventory,
        racks=racks,
        devices=tuple(device for device in inventory.devices if device.rack in keys),
        panels=panels,
        feeds=tuple(f for f in inventory.feeds if f.rack in keys or (f.rack is None and f.panel in kept)),
        cooling_sources=sources,
        cooling_feeds=tuple(feed for feed in inventory.cooling_feeds if feed.rack in keys),
        reservations=tuple(one for one in inventory.reservations if one.rack in keys),
        agreements=tuple(one for one in inventory.agreements if not one.racks or keys.intersection(one.racks)),
    )


def _named(inventory: Inventory, names: Iterable[str], top: bool, source: str) -> set[str]:
    """Keys of the places of these names or slugs: sites (those at the top), or others."""
    places = [place for place in inventory.places if (place.parent is None) == top]
    found: set[str] = set()
    for name in names:
        keys = {place.key for place in places if name in (place.name, place.slug)}
        if not keys:
            raise ScenarioError([Problem(source, 0, "", _unknown(name, places, "site" if top else "location"))])
        found |= keys
    return found


def _unknown(name: str, places: Iterable[Place], what: str) -> str:
    known = ", ".join(sorted(place.name for place in places)[:_LISTED]) or "none"
    return f"has no {what} {name!r}; it has {known}"


def _empty(inventory: Inventory, sites: Collection[str], locations: Collection[str]) -> str:
    """That nothing stands in what is asked for, and where something does."""
    asked = [*(f"the site {name!r}" for name in sites), *(f"the location {name!r}" for name in locations)]
    tops, last = Counter[str](), Counter[str]()
    for rack in inventory.racks:
        path = inventory.path(rack.place)
        tops.update(place.name for place in path[:1])
        last.update(place.name for place in path[1:])
    found = last if locations else tops
    some = ", ".join(f"{name} ({count:,})" for name, count in sorted(found.items())[:_LISTED])
    with_racks = f"; {'locations' if locations else 'sites'} with racks: {some}" if some else ""
    return f"has no racks in {' and '.join(asked)}{with_racks}"


def _in(inventory: Inventory, place: str | None, around: Collection[str]) -> bool:
    return any(one.key in around for one in inventory.path(place))
