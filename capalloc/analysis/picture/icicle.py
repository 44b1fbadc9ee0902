"""The power forest laid out as an icicle: roots on top, who they feed below them, as wide as what hangs on each."""

from __future__ import annotations

from dataclasses import dataclass

from capalloc.analysis.picture.pictured import Pictured

_BARE = 0.25
"""Width, in positions, of a node on which no position hangs."""


@dataclass(frozen=True, slots=True)
class Icicle:
    """V nodes; x and width are shares of the whole width."""

    depth: tuple[int, ...]
    """(V,) nodes above."""
    x: tuple[float, ...]
    width: tuple[float, ...]

    @property
    def levels(self) -> int:
        """Nodes on the longest path."""
        return max(self.depth, default=-1) + 1


def icicle_of(pictured: Pictured) -> Icicle:
    """Nodes side by side in the order of their table, those that one node feeds within its width."""
    forest = pictured.site.loads.forest
    parent = [path[1] if len(path) > 1 else -1 for path in forest.paths]
    depth = [len(path) - 1 for path in forest.paths]
    weight = _fed(pictured)
    for v in sorted(range(len(parent)), key=lambda v: -depth[v]):
        weight[v] = max(weight[v], _BARE)
        if parent[v] >= 0:
            weight[parent[v]] += weight[v]
    total = sum(weight[v] for v in forest.roots) or 1.0
    width = [one / total for one in weight]
    return Icicle(tuple(depth), _starts(parent, depth, width), tuple(round(one, 8) for one in width))


def _fed(pictured: Pictured) -> list[float]:
    """Positions that each node feeds itself."""
    loads = pictured.site.loads
    weight = [0.0] * len(loads.forest.nodes)
    for feeds, positions in zip(loads.cords.feeds, loads.cords.sizes.tolist(), strict=True):
        for feed, _ in feeds:
            weight[feed] += positions
    return weight


def _starts(parent: list[int], depth: list[int], width: list[float]) -> tuple[float, ...]:
    free: dict[int, float] = {-1: 0.0}
    x = [0.0] * len(parent)
    for v in sorted(range(len(parent)), key=lambda v: depth[v]):
        x[v] = free[v] = free[parent[v]]
        free[parent[v]] += width[v]
    return tuple(round(one, 8) for one in x)
