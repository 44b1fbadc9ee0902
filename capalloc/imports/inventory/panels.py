"""Panels as power nodes: their kinds, parents and ratings, as fields, the mapping file and feeds say them."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import ValidationError

from capalloc.formats.wording import messages
from capalloc.imports.inventory.circuits import Circuits, watts_down
from capalloc.imports.inventory.mapping import MappingFile
from capalloc.imports.inventory.naming import natural
from capalloc.imports.inventory.records import Feed, Inventory, Panel
from capalloc.imports.inventory.said import said_by_fields
from capalloc.imports.inventory.unmatched import count_unmatched
from capalloc.imports.missing import Tally
from capalloc.schema.facility import NodeKind, PowerNode

_KINDS: tuple[NodeKind, ...] = get_args(NodeKind)
_WORDS: tuple[tuple[str, NodeKind], ...] = (
    ("ups", "ups"),
    ("rpp", "rpp"),
    ("pdu", "pdu"),
    ("busway|busbar|busduct", "busway"),
    ("switchboard|switchgear|swgr|msb|mdp", "switchboard"),
    ("substation|transformer", "substation"),
    ("gen|genset|generator", "generation"),
    ("utility|grid", "utility"),
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
_SOURCES = ("utility", "generation")
_PARENT = (
    "taken as roots; give them a parent under panels in the mapping file (empty: none), or in a custom field parent"
)
_RATED = "give their rated_kw under panels in the mapping file, or in a custom field rated_kw"


@dataclass(frozen=True, slots=True)
class PanelNodes:
    """The nodes of panels, and what nobody says of them."""

    nodes: tuple[PowerNode, ...]
    lacking: Mapping[str, tuple[str, ...]]
    """By name of a node, the columns of power.csv that had to be presumed."""


def panel_nodes(
    inventory: Inventory,
    feeds: Iterable[Feed],
    names: Mapping[str, str],
    circuits: Mapping[str, list[Circuits]],
    mapping: MappingFile,
    tally: Tally,
) -> PanelNodes:
    """A node for each panel, by ``names`` of their keys; what is presumed of them, or cannot be, is counted."""
    count_unmatched("panels", inventory.panels, names, mapping, tally)
    known = _known(inventory, names, mapping)
    said = {panel.key: _said(panel, names[panel.key], mapping, tally) for panel in inventory.panels}
    _add_edges(said, feeds, names, inventory, tally)
    for panel in inventory.panels:
        _resolve_parent(said[panel.key], known, panel, tally)
    _cut_circles(said, names, inventory, tally)
    lacking = {names[key]: tuple(_lacking(values)) for key, values in said.items()}
    for panel in inventory.panels:
        if "parent" in lacking[names[panel.key]]:
            tally.add("panels without a parent", panel.where, _PARENT)
        if "kind" not in said[panel.key]:
            tally.add("panels of no known kind", panel.where, "taken as pdu; give their kind in the mapping file")
            said[panel.key]["kind"] = "pdu"
    _add_ratings(said, names, circuits, inventory, tally)
    nodes = tuple(PowerNode(name=names[panel.key], **said[panel.key]) for panel in inventory.panels)
    return PanelNodes(nodes, {name: keys for name, keys in lacking.items() if keys})


def _lacking(values: Mapping[str, Any]) -> Iterator[str]:
    """Columns that nobody says; a utility or generator has no parent, nor has what is said to have none."""
    yield from (key for key in ("kind", "rated_kw") if key not in values)
    if "parent" not in values and values.get("kind") not in _SOURCES:
        yield "parent"


def _known(inventory: Inventory, names: Mapping[str, str], mapping: MappingFile) -> dict[str, str]:
    """Name of a node by every name that may mean it alone."""
    known: dict[str, str] = {}
    plain = Counter(panel.name for panel in inventory.panels)
    for panel in inventory.panels:
        if plain[panel.name] == 1:
            known[panel.name] = names[panel.key]
        known[names[panel.key]] = names[panel.key]
    return known | {node.name: node.name for node in mapping.power}


def _said(panel: Panel, name: str, mapping: MappingFile, tally: Tally) -> dict[str, Any]:
    kind = _kind(panel)
    said = {"kind": kind} | said_by_fields(panel, "power", mapping, tally) | mapping.panel_words.of(panel.name, name)
    said = {key: value for key, value in said.items() if value is not None or key == "parent"}
    for key, text in _wrong(said).items():
        tally.add("values of panels that cannot be", f"{panel.where} ({key}: {text})", "left out; correct them")
        del said[key]
    return said


def _wrong(said: Mapping[str, Any]) -> dict[str, str]:
    """By column, what is wrong with its value."""
    try:
        PowerNode.model_validate({"name": "any", "kind": "pdu", "rated_kw": 0.0, **said})
    except ValidationError as error:
        return {str(loc[0]): text for loc, text in messages(PowerNode, error)}
    return {}


def _kind(panel: Panel) -> NodeKind | None:
    """Its kind where the system has one, or its name has a word for it."""
    if panel.kind is not None:
        kind = _OF_PANEL_TYPES.get(panel.kind, panel.kind)
        if kind in _KINDS:
            return kind
    name = panel.name.lower()
    return next((kind for words, kind in _WORDS if re.search(rf"(?<![a-z])(?:{words})(?![a-z])", name)), None)


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
        circuits = Circuits("a", tuple(feed for feed in found if feed.panel == sources[0]))
        said[key].setdefault("parent", names[sources[0] or ""])
        if "rated_kw" not in said[key]:
            said[key] |= {**circuits.limits, **said[key]}


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
    circuits: Mapping[str, list[Circuits]],
    inventory: Inventory,
    tally: Tally,
) -> None:
    """Panels without a rating can carry what hangs below them."""
    below: dict[str, float] = defaultdict(float)
    for sides in circuits.values():
        for one in sides:
            below[names[one.feeds[0].panel or ""]] += one.kw
    for key in _lowest_first(said, names):
        values = said[key]
        if "rated_kw" not in values:
            where = inventory.panel_by_key[key].where
            tally.add("panels without a rating", where, f"taken as what hangs below them, so nothing binds; {_RATED}")
            values["rated_kw"] = watts_down(below[names[key]])
        if "parent" in values:
            below[values["parent"]] += values["rated_kw"]


def _lowest_first(said: Mapping[str, Mapping[str, Any]], names: Mapping[str, str]) -> list[str]:
    """Keys of panels in an order in which those below come before those above."""
    key_of = {name: key for key, name in names.items()}
    depth: dict[str, int] = {}
    for start in said:
        path = [start]
        while path[-1] not in depth and (above := key_of.get(said[path[-1]].get("parent", ""))) is not None:
            path.append(above)
        top = depth.get(path[-1], 0)
        depth |= {key: top + step for step, key in enumerate(reversed(path))}
    return sorted(said, key=lambda key: -depth[key])
