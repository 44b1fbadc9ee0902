"""Loads of a facility's power nodes and zones with every rack that stands at one draw, added up plainly."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from capalloc.schema.facility import CoolingZone, Facility, Position, PowerNode


def nodes_of(site: Facility) -> dict[str, PowerNode]:
    """The power nodes of a facility by name."""
    return {node.name: node for node in site.power}


def draw_kw(site: Facility, field: str) -> dict[str, float]:
    """Draw of each rack that stands, by position."""
    kinds = {kind.name: getattr(kind, field) for kind in site.rack_types}
    return {rack.position: kinds[rack.rack_type] for rack in site.racks if rack.position is not None}


def path(nodes: Mapping[str, PowerNode], name: str | None) -> list[str]:
    """A node and everything above it."""
    return [] if name is None else [name, *path(nodes, nodes[name].parent)]


def loads_kw(site: Facility, lost: str | None = None, field: str = "expected_kw") -> dict[str, float]:
    """Load of each node with every rack at the draw, perhaps after a loss."""
    nodes, load, drawn = nodes_of(site), defaultdict[str, float](float), draw_kw(site, field)
    above = {name: path(nodes, name) for name in nodes}
    for position in site.positions:
        for feed, share in _shares(position, above, lost).items():
            for node in above[feed]:
                kw = drawn.get(position.name, 0.0) * share
                load[node] += kw * (site.pue if nodes[node].load == "facility" else 1)
    for own in site.power:
        for node in above[own.name] if lost not in above[own.name] else ():
            load[node] += own.static_load_kw
    return load


def heat_kw(site: Facility, field: str) -> dict[tuple[str | None, str], float]:
    """Liquid and air heat of each zone with every rack at the draw."""
    liquid = {kind.name: kind.liquid_fraction for kind in site.rack_types}
    zone_of = {position.name: position.cooling_zone for position in site.positions}
    kw, heat = draw_kw(site, field), defaultdict[tuple[str | None, str], float](float)
    for rack in site.racks:
        if rack.position is not None:
            share = liquid[rack.rack_type]
            heat[zone_of[rack.position], "liquid"] += kw[rack.position] * share
            heat[zone_of[rack.position], "air"] += kw[rack.position] * (1 - share)
    return heat


def zones_over(site: Facility, field: str) -> set[tuple[str, str]]:
    """(zone, liquid or air) where the heat of every rack at the draw is more than the limit."""
    limits = {(zone.name, kind): kw for zone in site.cooling for kind, kw in _limits_kw(zone) if kw is not None}
    heat = heat_kw(site, field)
    return {at for at, kw in limits.items() if heat[at] > kw}


def _limits_kw(zone: CoolingZone) -> tuple[tuple[str, float | None], ...]:
    return ("liquid", zone.liquid_kw), ("air", zone.air_kw)


def _shares(position: Position, above: Mapping[str, list[str]], lost: str | None) -> dict[str, float]:
    """Share of a position's draw on each of its feeds that is left."""
    shares = dict(position.shares)
    alive = {feed: share for feed, share in shares.items() if lost not in above[feed]}
    return alive if len(alive) == len(shares) else dict.fromkeys(alive, 1.0)
