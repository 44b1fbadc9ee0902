"""Panels and feeds as a forest of power nodes: panels above, the circuits of each rack as its leaves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import floor
from typing import Any, get_args

from pydantic import ValidationError

from capalloc.imports.inventory.contingencies import presumed_contingencies
from capalloc.imports.inventory.mapping import MappingFile
from capalloc.imports.inventory.naming import natural, unique_names
from capalloc.imports.inventory.records import Feed, Inventory, Panel, Side
from capalloc.imports.inventory.said import said_by_fields
from capalloc.imports.missing import Tally
from capalloc.schema.facility import NodeKind, PowerNode

_KINDS: tuple[NodeKind, ...] = get_args(NodeKind)
_WORDS: tuple[tuple[str, NodeKind], ...] = (
    ("ups", "ups"),
    ("rpp", "rpp"),
    ("pdu", "pdu"),
    ("busway", "busway"),
    ("switch", "switchboard"),
    ("msb", "switchboard"),
    ("mdp", "switchboard"),
    ("substation", "substation"),
    ("gen", "generation"),
    ("utility", "utility"),
    ("grid", "utility"),
)
"""Words in the name of a panel, and its kind."""
_OF_PANEL_TYPES: Mapping[str, NodeKind] = {
    "generator": "generation",
    "switchgear": "switchboard",
    "mdp": "switchboard",
    "transfer-switch": "switchboard",
    "panelboard": "rpp",
    "mlc": "rpp",
}
"""Kinds of panels that Nautobot has and we call otherwise."""
_SURVIVED = "as racks have a second feed; say contingency: yes or no under panels in the mapping file"
_RATED = "give their rated_kw under panels in the mapping file, or in a custom field rated_kw"


@dataclass(frozen=True, slots=True)
class Power:
    """The power forest of an inventory."""

    nodes: tuple[PowerNode, ...]
    feeds: Mapping[str, Mapping[Side, str]]
    """Of each rack, by its key, the leaves that it hangs on."""


@dataclass(frozen=True, slots=True)
class _Circuits:
    """The feeds of one rack on one side: one leaf."""

    side: Side
    feeds: tuple[Feed, ...]

    @property
    def kw(self) -> float:
        """Rating of all of them, rounded down to watts."""
        return watts_down(sum(feed.kw for feed in self.feeds))

    @property
    def max_utilization(self) -> float:
        """Of the one that may be used least."""
        return min(feed.max_utilization for feed in self.feeds)


def watts_down(kw: float) -> float:
    """A capacity rounded down to whole watts; what binary noise takes off a whole watt stays."""
    return floor(kw * 1000 + 1e-6) / 1000


def power_of(inventory: Inventory, mapping: MappingFile, tally: Tally) -> Power:
    """The forest; what cannot be said of it is counted."""
    feeds = [feed for feed in inventory.feeds if _usable(feed, inventory, tally)]
    circuits = _circuits(feeds, tally)
    own = [node.name for node in mapping.power]
    panels = unique_names(inventory.panels, _places(inventory), own)
    firsts = [one.feeds[0] for sides in circuits.values() for one in sides]
    inside = {feed.key: panels[feed.panel] for feed in firsts if feed.panel is not None}
    leaves = unique_names(firsts, inside, [*panels.values(), *own])
    nodes = _panel_nodes(inventory, feeds, panels, circuits, mapping, tally)
    leaf_nodes = (_leaf(one, leaves[one.feeds[0].key], inside) for sides in circuits.values() for one in sides)
    by_rack = {rack: {one.side: leaves[one.feeds[0].key] for one in sides} for rack, sides in circuits.items()}
    forest = (*mapping.power, *nodes, *leaf_nodes)
    where = {panels[panel.key]: panel.where for panel in inventory.panels}
    return Power(_with_contingencies(forest, by_rack, where, tally), by_rack)


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


def _usable(feed: Feed, inventory: Inventory, tally: Tally) -> bool:
    if feed.status != "active":
        tally.add(
            f"feeds that are {feed.status}", feed.where, "they carry nothing; racks hang on their other feed alone"
        )
    elif feed.panel not in inventory.panel_by_key:
        tally.add("feeds whose panel is not known", feed.where, "they carry nothing")
    elif feed.rack is None and feed.destination is None:
        tally.add("feeds that go nowhere", feed.where, "give them a rack")
    elif not feed.kw:
        tally.add("feeds of 0 V or 0 A", feed.where, "give both; until then racks hang on their other feed alone")
    elif feed.rack is not None and feed.rack not in inventory.rack_by_key:
        tally.add("feeds whose rack is not known", feed.where)
    elif feed.rack is None and feed.destination not in inventory.panel_by_key:
        tally.add("feeds whose destination panel is not known", feed.where, "they carry nothing")
    else:
        return True
    return False


def _places(inventory: Inventory) -> dict[str, str]:
    """Where each panel is, as a path of names."""
    return {panel.key: "/".join(place.name for place in inventory.path(panel.place)) for panel in inventory.panels}


def _circuits(feeds: Iterable[Feed], tally: Tally) -> dict[str, list[_Circuits]]:
    """Of each rack, one leaf on each side."""
    of_rack: dict[str, list[Feed]] = defaultdict(list)
    for feed in feeds:
        if feed.rack is not None:
            of_rack[feed.rack].append(feed)
    return {rack: list(_sides(fed, tally)) for rack, fed in of_rack.items()}


def _sides(feeds: list[Feed], tally: Tally) -> Iterable[_Circuits]:
    by_panel: dict[tuple[Side | None, str | None], list[Feed]] = defaultdict(list)
    for feed in sorted(feeds, key=lambda feed: (feed.side or "a", natural(feed.name))):
        by_panel[feed.side, feed.panel].append(feed)
    groups = list(by_panel.items())
    if len(groups) == 2 and groups[0][0][0] == groups[1][0][0]:
        tally.add(
            "racks whose two feeds are of one type",
            groups[1][1][0].where,
            "taken as A and B by their names; make one of them redundant",
        )
        yield from (_Circuits("a", tuple(groups[0][1])), _Circuits("b", tuple(groups[1][1])))
        return
    taken: set[Side] = set()
    for (given, _), fed in groups:
        side: Side = given or "a"
        if side in taken:
            for feed in fed:
                tally.add("feeds beside two others", feed.where, "a position has two feeds; these carry nothing")
            continue
        taken.add(side)
        yield _Circuits(side, tuple(fed))


def _leaf(one: _Circuits, name: str, inside: Mapping[str, str]) -> PowerNode:
    return PowerNode(name=name, kind="busway", parent=inside[one.feeds[0].key], **_limits(one))


def _limits(one: _Circuits) -> dict[str, float]:
    """What circuits carry, which is no more after a loss: breakers are not rated higher for it."""
    usable = watts_down(one.kw * one.max_utilization)
    return {"rated_kw": one.kw, "max_utilization": one.max_utilization, "failover_kw": usable}


def _panel_nodes(
    inventory: Inventory,
    feeds: Iterable[Feed],
    names: Mapping[str, str],
    circuits: Mapping[str, list[_Circuits]],
    mapping: MappingFile,
    tally: Tally,
) -> list[PowerNode]:
    known = _known(inventory, names, mapping)
    said = {panel.key: _said(panel, names[panel.key], mapping, tally) for panel in inventory.panels}
    _add_edges(said, feeds, names, inventory, tally)
    for panel in inventory.panels:
        _resolve_parent(said[panel.key], known, panel, tally)
    _cut_circles(said, names, inventory, tally)
    _add_ratings(said, names, circuits, inventory, tally)
    nodes = []
    for panel in inventory.panels:
        try:
            nodes.append(PowerNode(name=names[panel.key], **said[panel.key]))
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            tally.add("panels whose values cannot be", f"{panel.where} ({first['loc'][0]}: {first['msg']})")
    return nodes


def _known(inventory: Inventory, names: Mapping[str, str], mapping: MappingFile) -> dict[str, str]:
    """Name of a node by every name that may mean it alone."""
    known: dict[str, str] = {}
    plain = [panel.name for panel in inventory.panels]
    for panel in inventory.panels:
        if plain.count(panel.name) == 1:
            known[panel.name] = names[panel.key]
        known[names[panel.key]] = names[panel.key]
    return known | {node.name: node.name for node in mapping.power}


def _said(panel: Panel, name: str, mapping: MappingFile, tally: Tally) -> dict[str, Any]:
    said = said_by_fields(panel, "power", mapping, tally) | mapping.panel_words.of(panel.name, name)
    said = {key: value for key, value in said.items() if value is not None}
    if "kind" not in said:
        said["kind"] = _kind(panel, tally)
    return said


def _kind(panel: Panel, tally: Tally) -> NodeKind:
    if panel.kind is not None:
        kind = _OF_PANEL_TYPES.get(panel.kind, panel.kind)
        if kind in _KINDS:
            return kind
    found = next((kind for part, kind in _WORDS if part in panel.name.lower()), None)
    if found is None:
        tally.add("panels of no known kind", panel.where, "taken as pdu; give their kind in the mapping file")
    return found or "pdu"


def _add_edges(
    said: Mapping[str, dict[str, Any]],
    feeds: Iterable[Feed],
    names: Mapping[str, str],
    inventory: Inventory,
    tally: Tally,
) -> None:
    """Parents, and ratings, of panels that feeds of other panels lead to."""
    into: dict[str, list[Feed]] = defaultdict(list)
    for feed in feeds:
        if feed.destination is not None and feed.destination in said:
            into[feed.destination].append(feed)
    for key, found in into.items():
        found.sort(key=lambda feed: (_is_generator(feed, inventory), feed.side or "a", natural(feed.name)))
        sources = list(dict.fromkeys(feed.panel for feed in found))
        if len(sources) > 1 and "parent" not in said[key]:
            panel = inventory.panel_by_key[key]
            tally.add("panels with several sources", panel.where, "a node has one parent: the first of them is taken")
        circuits = _Circuits("a", tuple(feed for feed in found if feed.panel == sources[0]))
        said[key].setdefault("parent", names[sources[0] or ""])
        if "rated_kw" not in said[key]:
            said[key] |= {**_limits(circuits), **said[key]}


def _is_generator(feed: Feed, inventory: Inventory) -> bool:
    """Whether the feed comes from a generator, which feeds a panel only where nothing else does."""
    panel = inventory.panel_by_key.get(feed.panel or "")
    return panel is not None and panel.kind == "generator"


def _resolve_parent(said: dict[str, Any], known: Mapping[str, str], panel: Panel, tally: Tally) -> None:
    parent = said.get("parent")
    if parent is not None and parent not in known:
        tally.add("panels whose parent is not known", f"{panel.where} ({parent})", "taken as roots")
        del said["parent"]
    elif parent is not None:
        said["parent"] = known[parent]


def _cut_circles(
    said: Mapping[str, dict[str, Any]], names: Mapping[str, str], inventory: Inventory, tally: Tally
) -> None:
    """Panels that feed each other have no parent."""
    above = {names[key]: values.get("parent") for key, values in said.items()}
    for panel in inventory.panels:
        start, step = names[panel.key], above.get(names[panel.key])
        passed: set[str] = set()
        while step is not None and step != start and step not in passed:
            passed.add(step)
            step = above.get(step)
        if step == start:
            tally.add(
                "panels that feed themselves", panel.where, "taken as roots; give one of the circle another parent"
            )
            said[panel.key].pop("parent")


def _add_ratings(
    said: Mapping[str, dict[str, Any]],
    names: Mapping[str, str],
    circuits: Mapping[str, list[_Circuits]],
    inventory: Inventory,
    tally: Tally,
) -> None:
    """Panels without a rating can carry what hangs below them."""
    below: dict[str, float] = defaultdict(float)
    for sides in circuits.values():
        for one in sides:
            below[one.feeds[0].panel or ""] += one.kw
    children: dict[str, list[str]] = defaultdict(list)
    for key, values in said.items():
        if "parent" in values:
            children[values["parent"]].append(key)

    def rate(key: str) -> float:
        if "rated_kw" not in said[key]:
            panel = inventory.panel_by_key[key]
            tally.add(
                "panels without a rating", panel.where, f"taken as what hangs below them, so nothing binds; {_RATED}"
            )
            said[key]["rated_kw"] = watts_down(below[key] + sum(rate(child) for child in children[names[key]]))
        rated: float = said[key]["rated_kw"]
        return rated

    for key in said:
        rate(key)
