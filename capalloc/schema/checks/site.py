"""Checks between the records of a facility."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import chain

from capalloc.calendar import format_day
from capalloc.schema.checks.cached_check import cached_check
from capalloc.schema.checks.fault import Fault, KnownNames, Loc, dates_in_order, duplicates
from capalloc.schema.facility import Facility, Rack
from capalloc.schema.hardware import cooling_fits

SITE = "site"
"""What answers call all roots together; no power node has this name."""
_TABLES = ("power", "supplies", "positions", "cooling", "racks")
_WHAT = {
    "power": "power node",
    "supplies": "supply",
    "positions": "position",
    "cooling": "cooling zone",
    "racks": "rack",
}


@cached_check
def facility_faults(facility: Facility) -> tuple[Fault, ...]:
    """Every fault between the records of a facility; paths start with ``facility``."""
    nodes = KnownNames("power node", (node.name for node in facility.power))
    checks = chain(
        _names(facility),
        _parents(facility, nodes),
        _circles(facility),
        _supplies(facility, nodes),
        _positions(facility, nodes),
        _racks(facility),
        _shared_positions(facility),
        _dates(facility),
    )
    return tuple(Fault(("facility", *fault.loc), fault.message) for fault in checks)


def rack_faults(facility: Facility) -> Iterator[Fault]:
    """A fault when there is no rack to plan; groups of racks can be placed in such a facility."""
    if not facility.racks:
        yield Fault(("facility", "racks"), "the facility has no racks, expected at least one")


def root_fault(facility: Facility, nodes: KnownNames, loc: Loc, name: str) -> Iterator[Fault]:
    """A fault when the name is no node, or a node that has a parent: supplies feed roots."""
    yield from nodes.missing(loc, name)
    parents = [node.parent for node in facility.power if node.name == name]
    if parents and parents[0] is not None:
        yield Fault(loc, f"power node {name!r} hangs below {parents[0]!r}; a supply feeds a root")


def planned_from(facility: Facility, rack_type: str) -> bool:
    """Whether any planned rack of the type has an available_from."""
    return any(
        rack.rack_type == rack_type and rack.status == "planned" and rack.available_from is not None
        for rack in facility.racks
    )


def _names(facility: Facility) -> Iterator[Fault]:
    for table in _TABLES:
        records = getattr(facility, table)
        if len({record.name for record in records}) < len(records):
            yield from duplicates(_WHAT[table], (((table, i, "name"), record.name) for i, record in enumerate(records)))
    for index, node in enumerate(facility.power):
        if node.name == SITE:
            message = f"a power node cannot be named {SITE!r}: answers use that word for all roots together"
            yield Fault(("power", index, "name"), message)
    kinds = enumerate(facility.rack_types)
    yield from duplicates("rack type", ((("rack_types", i, "name"), kind.name) for i, kind in kinds))
    for table, what in (("power", "power nodes"), ("positions", "positions")):
        if not getattr(facility, table):
            yield Fault((table,), f"the facility has no {what}, expected at least one")


def _parents(facility: Facility, nodes: KnownNames) -> Iterator[Fault]:
    for index, node in enumerate(facility.power):
        if node.parent is not None:
            yield from _one_parent(nodes, ("power", index, "parent"), node.parent)


def _one_parent(nodes: KnownNames, loc: Loc, name: str) -> Iterator[Fault]:
    """A fault when nothing has the name, and what to write where it is the names of several nodes."""
    several = [part for part in re.split(r"[\s,;+|/\[\]]+", name) if part]
    if name not in nodes and len(several) > 1 and all(part in nodes for part in several):
        message = f"found {name!r}, {len(several)} parents where a node has one; a node with two sources is one root"
        yield Fault(loc, f"{message}, with a line in supplies.csv for each source and its dates")
    else:
        yield from nodes.missing(loc, name)


def _circles(facility: Facility) -> Iterator[Fault]:
    """Nodes that feed each other: one fault for each circle, at its first node in the table."""
    parent = {node.name: node.parent for node in facility.power if node.parent is not None}
    if _all_lead_out(parent):
        return
    import networkx  # takes longer to load than most sites take to check

    order = {node.name: index for index, node in enumerate(facility.power)}
    graph = networkx.DiGraph((name, above) for name, above in parent.items())
    parts = networkx.strongly_connected_components(graph)
    circles = [part for part in parts if len(part) > 1 or all(parent.get(name) == name for name in part)]
    for start in sorted((min(part, key=order.__getitem__) for part in circles), key=order.__getitem__):
        path = [start, parent[start]]
        while path[-1] != start:
            path.append(parent[path[-1]])
        message = f"the power nodes form a cycle: {_listed(path)}; a parent must lead to a root"
        yield Fault(("power", order[start], "parent"), message)


def _all_lead_out(parent: dict[str, str]) -> bool:
    """Whether every path up ends at a root; each node is passed once."""
    done: set[str] = set()
    for start in parent:
        path: dict[str, None] = {}
        name = start
        while name in parent and name not in done:
            if name in path:
                return False
            path[name] = None
            name = parent[name]
        done.update(path)
    return True


def _listed(path: list[str]) -> str:
    shown = path if len(path) <= 8 else [*path[:4], "...", *path[-3:]]
    return " -> ".join(shown)


def _supplies(facility: Facility, nodes: KnownNames) -> Iterator[Fault]:
    for index, supply in enumerate(facility.supplies):
        yield from root_fault(facility, nodes, ("supplies", index, "node"), supply.node)


def _positions(facility: Facility, nodes: KnownNames) -> Iterator[Fault]:
    zones = KnownNames("cooling zone", (zone.name for zone in facility.cooling))
    above = {node.parent for node in facility.power}
    for index, position in enumerate(facility.positions):
        for key, feed in (("feed_a", position.feed_a), ("feed_b", position.feed_b)):
            if feed is not None and feed not in nodes:
                yield from nodes.missing(("positions", index, key), feed)
            elif feed is not None and feed in above:
                message = f"power node {feed!r} has nodes below it; a position hangs on a leaf"
                yield Fault(("positions", index, key), message)
        if position.feed_a == position.feed_b:
            message = f"both feeds are {position.feed_a!r}; expected two different nodes, or an empty feed_b"
            yield Fault(("positions", index, "feed_b"), message)
        if position.cooling_zone is not None and position.cooling_zone not in zones:
            yield from zones.missing(("positions", index, "cooling_zone"), position.cooling_zone)


def _racks(facility: Facility) -> Iterator[Fault]:
    kinds = {kind.name: kind for kind in facility.rack_types}
    places = {position.name: position for position in facility.positions}
    known_kinds, known_places = KnownNames("rack type", kinds), KnownNames("position", places)
    for index, rack in enumerate(facility.racks):
        place, kind = places.get(rack.position or ""), kinds.get(rack.rack_type)
        if kind is None:
            yield from known_kinds.missing(("racks", index, "rack_type"), rack.rack_type)
        if place is None and rack.position is not None:
            yield from known_places.missing(("racks", index, "position"), rack.position)
        if place is not None and kind is not None and not cooling_fits(place.cooling, kind.cooling):
            message = f"position {place.name!r} has {place.cooling} cooling, but a {kind.name} needs {kind.cooling}"
            yield Fault(("racks", index, "position"), message)


def _shared_positions(facility: Facility) -> Iterator[Fault]:
    """Two racks on one position at the same time; retired racks are gone."""
    standing: dict[str, list[tuple[date, int, Rack]]] = {}
    for index, rack in enumerate(facility.racks):
        if rack.position is not None and rack.status != "retired":
            entry = (rack.available_from or date.min, index, rack)
            standing.setdefault(rack.position, []).append(entry)
    for entries in standing.values():
        if len(entries) > 1:
            yield from _overlaps(sorted(entries, key=lambda entry: entry[:2]))


def _overlaps(entries: list[tuple[date, int, Rack]]) -> Iterator[Fault]:
    holder, end = entries[0][2], entries[0][2].available_until or date.max
    for start, index, rack in entries[1:]:
        if start < end:
            until = "" if end == date.max else f" until {format_day(end)}"
            message = f"rack {holder.name!r} already stands on position {rack.position!r}{until}"
            yield Fault(("racks", index, "position"), message)
        if (rack.available_until or date.max) > end:
            holder, end = rack, rack.available_until or date.max


def _dates(facility: Facility) -> Iterator[Fault]:
    for table in ("power", "cooling", "racks"):
        for index, record in enumerate(getattr(facility, table)):
            if record.available_until is not None:
                span = ("available_from", record.available_from), ("available_until", record.available_until)
                yield from dates_in_order((table, index), *span)
    for index, supply in enumerate(facility.supplies):
        yield from dates_in_order(("supplies", index), ("from", supply.start), ("until", supply.until))
