"""Panels and feeds as a forest of power nodes: panels above, the circuits of each rack as its leaves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from capalloc.imports.inventory.circuits import Circuits, circuits_of, usable_feeds
from capalloc.imports.inventory.contingencies import presumed_contingencies
from capalloc.imports.inventory.mapping import MappingFile
from capalloc.imports.inventory.naming import unique_names
from capalloc.imports.inventory.panels import panel_nodes
from capalloc.imports.inventory.records import Inventory, Side
from capalloc.imports.missing import Tally
from capalloc.schema.facility import PowerNode

_SURVIVED = "as racks have a second feed; say contingency: yes or no under panels in the mapping file"


@dataclass(frozen=True, slots=True)
class Power:
    """The power forest of an inventory."""

    nodes: tuple[PowerNode, ...]
    feeds: Mapping[str, Mapping[Side, str]]
    """Of each rack, by its key, the leaves that it hangs on."""
    lacking: Mapping[str, tuple[str, ...]]
    """By name of a panel's node, the columns of power.csv that had to be presumed."""


def power_of(inventory: Inventory, mapping: MappingFile, tally: Tally) -> Power:
    """The forest; what cannot be said of it is counted."""
    feeds = usable_feeds(inventory, tally)
    circuits = circuits_of(feeds, tally)
    own = [node.name for node in mapping.power]
    panels = unique_names(inventory.panels, _places(inventory), own)
    firsts = [one.feeds[0] for sides in circuits.values() for one in sides]
    inside = {feed.key: panels[feed.panel] for feed in firsts if feed.panel is not None}
    leaves = unique_names(firsts, inside, [*panels.values(), *own])
    found = panel_nodes(inventory, feeds, panels, circuits, mapping, tally)
    leaf_nodes = (_leaf(one, leaves[one.feeds[0].key], inside) for sides in circuits.values() for one in sides)
    by_rack = {rack: {one.side: leaves[one.feeds[0].key] for one in sides} for rack, sides in circuits.items()}
    forest = (*_from_the_top((*mapping.power, *found.nodes)), *leaf_nodes)
    where = {panels[panel.key]: panel.where for panel in inventory.panels}
    return Power(_with_contingencies(forest, by_rack, where, tally), by_rack, found.lacking)


def _with_contingencies(
    forest: tuple[PowerNode, ...], feeds: Mapping[str, Mapping[Side, str]], where: Mapping[str, str], tally: Tally
) -> tuple[PowerNode, ...]:
    """The forest, with contingencies where it has two feeds for some rack and nobody says which losses count."""
    if any("contingency" in node.model_fields_set for node in forest):
        return forest
    presumed = presumed_contingencies(forest, (sides.values() for sides in feeds.values()))
    for node in forest:
        if node.name in presumed:
            tally.add("panels whose loss the plan is taken to survive", where.get(node.name, node.name), _SURVIVED)
    return tuple(node.replace(contingency=True) if node.name in presumed else node for node in forest)


def _from_the_top(nodes: Iterable[PowerNode]) -> Iterator[PowerNode]:
    """The nodes of a forest, each before those that it feeds, else in their order; those of a circle last."""
    nodes = list(nodes)
    names = {node.name for node in nodes}
    below: dict[str | None, list[PowerNode]] = defaultdict(list)
    for node in reversed(nodes):
        below[node.parent if node.parent in names else None].append(node)
    passed: set[str] = set()
    waiting = below[None]
    while waiting:
        node = waiting.pop()
        passed.add(node.name)
        yield node
        waiting += below.pop(node.name, [])
    yield from (node for node in nodes if node.name not in passed)


def _places(inventory: Inventory) -> dict[str, str]:
    """Where each panel is, as a path of names."""
    return {panel.key: "/".join(place.name for place in inventory.path(panel.place)) for panel in inventory.panels}


def _leaf(one: Circuits, name: str, inside: Mapping[str, str]) -> PowerNode:
    return PowerNode(name=name, kind="busway", parent=inside[one.feeds[0].key], **one.limits)
