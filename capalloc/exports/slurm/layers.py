"""Power as a resource of Slurm in layers, after the power forest as each rack's first feed sees it.

A tree with one side cannot say what two feeds carry after a loss. So each leaf (the racks on one pair of feeds) may
draw what the plan draws there in a period and a share of what is left, such that every limit of the forest, in normal
operation and after each loss, holds though all leaves draw their count at once. Layers above sum up what is below.
Where no rack has a second feed the tree says all: each layer may draw what its node may carry.

Source: resources.yaml(5) of Slurm, mode 3.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from capalloc.analysis.base import Base
from capalloc.exports.slurm.names import slurm_names
from capalloc.exports.slurm.nodes import SlurmRack, SlurmSite, listed
from capalloc.exports.slurm.shares import Cord, cord_of, limits_w, one_sided, shares_of
from capalloc.exports.slurm.tenants import Tenants
from capalloc.schema.facility import Facility

RESOURCE = "power"
_SITE = "site"


@dataclass(slots=True)
class Layer:
    """A layer: a leaf with racks, or one with layers below it."""

    name: str
    children: dict[str, Layer] = field(default_factory=dict)
    racks: list[SlurmRack] = field(default_factory=list)
    count_w: int = 0
    """W that may be drawn below it."""
    idle_w: int = 0
    """W of a leaf that are drawn though no job runs."""

    def all(self) -> Iterator[Layer]:
        """Itself, then the layers below it."""
        yield self
        for child in self.children.values():
            yield from child.all()


def power_layers(base: Base, site: SlurmSite, t: int) -> Layer:
    """The tree of layers for a period, with what each may carry."""
    shares = shares_of(base, site, t)
    members: dict[Cord, list[SlurmRack]] = {}
    for one in site.racks:
        members.setdefault(cord_of(one.position), []).append(one)
    root = Layer(_SITE)
    for (cord, share), path in zip(shares.items(), _paths(base.scenario.facility, tuple(shares)), strict=True):
        layer = root
        for name in path:
            layer.count_w += share.count_w
            layer = layer.children.setdefault(name, Layer(name))
        layer.racks, layer.count_w, layer.idle_w = members[cord], share.count_w, share.idle_w
    if one_sided(shares):
        _bound(root, limits_w(base.instance, t))
    return root


def _bound(layer: Layer, limits: Mapping[str, int]) -> int:
    """Let no layer count more than its node may carry; what it then counts, in W."""
    below = sum(_bound(child, limits) for child in layer.children.values()) if layer.children else layer.count_w
    layer.count_w = min(below, limits.get(layer.name, below))
    return layer.count_w


def _paths(facility: Facility, cords: Sequence[Cord]) -> list[tuple[str, ...]]:
    """Names of the layers from a root of the forest down to the leaf of each cord, all as many."""
    parent = {node.name: node.parent for node in facility.power}
    chains = [_chain(parent, feed_a) for feed_a, _, _ in cords]
    leaves = dict.fromkeys(chains)
    inner = {chain[:depth] for chain in leaves for depth in range(1, len(chain))}
    if len(leaves) < len(chains) or not inner.isdisjoint(leaves):
        labels = _labels(cords, parent)
        chains = [(*chain, label) for chain, label in zip(chains, labels, strict=True)]
    deepest = max(map(len, chains), default=0)
    return [chain + tuple(f"{chain[-1]}/{k}" for k in range(1, deepest - len(chain) + 1)) for chain in chains]


def _chain(parent: Mapping[str, str | None], node: str | None) -> tuple[str, ...]:
    chain: list[str] = []
    while node is not None:
        chain.append(node)
        node = parent[node]
    return tuple(reversed(chain))


def _labels(cords: Sequence[Cord], taken: Iterable[str]) -> list[str]:
    """A name for each cord that no node has: that of its feeds, with a plus for each that has it already."""
    used, labels = set(taken), []
    for feed_a, feed_b, _ in cords:
        label = f"{feed_a}+{feed_b}"
        while label in used:
            label += "+"
        used.add(label)
        labels.append(label)
    return labels


_INFINITE, _MOST_COUNT = -1, 2**32 - 2
"""How Slurm counts more than it can; what is below such a layer still has its counts."""


def resources_yaml(base: Base, site: SlurmSite, tenants: Tenants, t: int) -> list[dict[str, Any]]:
    """The resource ``power`` as resources.yaml has it, in W."""
    root = power_layers(base, site, t)
    names = slurm_names(layer.name for layer in root.all())
    layers = [_entry(layer, parent, names) for layer, parent in _with_parents(root)]
    head = {"resource": RESOURCE, "mode": "MODE_3"}
    return [head | {"variables": _variables(base, site, tenants)} | {"layers": layers}]


def _with_parents(layer: Layer, parent: str | None = None) -> Iterator[tuple[Layer, str | None]]:
    yield layer, parent
    for child in layer.children.values():
        yield from _with_parents(child, layer.name)


def _entry(layer: Layer, parent: str | None, names: Mapping[str, str]) -> dict[str, Any]:
    entry: dict[str, Any] = {"layer_name": names[layer.name]}
    if parent is not None:
        entry["parent_name"] = names[parent]
    if layer.racks:
        entry["nodes"] = [listed(layer.racks)]
    entry["count"] = layer.count_w if layer.count_w <= _MOST_COUNT else _INFINITE
    if layer.idle_w:
        entry["base"] = [{"name": "idle", "value": layer.idle_w}]
    return entry


def _variables(base: Base, site: SlurmSite, tenants: Tenants) -> list[dict[str, Any]]:
    """W of a node by demand and rack type, as the plan counts them, above what it draws idle."""
    instance, fewest = base.instance, _fewest_nodes(site)
    pairs = [(d, k) for d in range(len(instance.demands)) for k in np.flatnonzero(instance.draw_w[d]).tolist()]
    kinds = instance.type_names
    texts = {
        (d, k): f"{tenants.partition[instance.demand_names[d]]}_{kinds[k]}" for d, k in pairs if kinds[k] in fewest
    }
    names = slurm_names(texts.values())
    idle = instance.idle_w if instance.policy.idle_powered else np.zeros_like(instance.idle_w)
    return [
        {"name": names[text], "value": int(instance.draw_w[d, k] - idle[k]) // fewest[kinds[k]]}
        for (d, k), text in texts.items()
    ]


def _fewest_nodes(site: SlurmSite) -> dict[str, int]:
    """By rack type, the fewest nodes that one of its racks is."""
    found: dict[str, int] = {}
    for one in site.racks:
        found[one.type.name] = min(len(one.nodes), found.get(one.type.name, len(one.nodes)))
    return found
