"""Power as a resource of Slurm in layers, after the power forest as each rack's first feed sees it.

A tree with one side cannot say what two feeds carry after a loss. So each leaf (the racks on one pair of feeds) may
draw what the plan draws there in a period and a share of what is left, such that every limit of the forest, in normal
operation and after each loss, holds though all leaves draw their count at once. Layers above sum up what is below.
Where no rack has a second feed the tree says all: each layer may draw what its node may carry.

Source: resources.yaml(5) of Slurm, mode 3: one tree, as deep everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from capalloc.analysis.base import Base
from capalloc.exports.slurm.nodes import SlurmRack, SlurmSite
from capalloc.exports.slurm.shares import Cord, cord_of, limits_w, one_sided, shares_of
from capalloc.schema.facility import Facility

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

    @property
    def racks_below(self) -> list[SlurmRack]:
        """The racks of all its leaves."""
        return [rack for layer in self.all() for rack in layer.racks]


def power_layers(base: Base, site: SlurmSite, t: int, exact: bool = True) -> Layer:
    """The tree of layers for a period, with what each may carry.

    ``exact``: by the limits of nodes where no rack has a second feed.
    """
    shares = shares_of(base, site, t, exact)
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
    if exact and one_sided(shares):
        _bound(root, limits_w(base.instance, t))
    return root


def _bound(layer: Layer, limits: Mapping[str, int]) -> int:
    """Let no layer count more than its node may carry; what it then counts, in W."""
    below = sum(_bound(child, limits) for child in layer.children.values()) if layer.children else layer.count_w
    layer.count_w = min(below, limits.get(layer.name, below))
    return layer.count_w


def branching(root: Layer) -> Layer | None:
    """The same tree without depths at which a layer has only one below it; None where a limit would go with one.

    What a layer with one below it may carry, that one may.
    """
    depths = [[root]]
    while depths[-1][0].children:
        depths.append([child for layer in depths[-1] for child in layer.children.values()])
    found = {leaf.name: [replace(leaf)] for leaf in depths.pop()}
    for depth in reversed(depths):
        below = {layer.name: [kept for child in layer.children for kept in found[child]] for layer in depth}
        if all(len(kept) > 1 for kept in below.values()):
            found = {one.name: [replace(one, children={kept.name: kept for kept in below[one.name]})] for one in depth}
            continue
        for layer in depth:
            kept = below[layer.name]
            if len(kept) > 1 and layer.count_w < sum(one.count_w for one in kept):
                return None
            for one in kept:
                one.count_w = min(one.count_w, layer.count_w)
        found = below
    return found[root.name][0]


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
