"""What of a rack's draw each power limit takes, in normal operation and after the loss of each contingency."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from capalloc.schema.facility import Position, PowerNode

Key = tuple[str, ...]
"""A limit: (node,) in normal operation, (contingency, node) after a loss, ("heat", zone, "") of a cooling zone."""
Shares = dict[Key, float]
"""Share of a rack's kW, or of its heat, that counts against each limit."""
Paths = dict[str, frozenset[str]]
"""Each node with all above it."""


@dataclass(frozen=True, slots=True)
class Power:
    """Shares of the cells, and the limits that they count against."""

    shares: tuple[Shares, ...]
    limit_kw: dict[Key, float] = field(default_factory=dict)


def power_of(nodes: Sequence[PowerNode], cells: Sequence[Position]) -> Power:
    """Shares of cells, each given by one of its positions.

    A loss has limits of its own only where it changes a load; elsewhere the failover limit joins the normal one.
    """
    paths, failover_kw = paths_of(nodes), {node.name: node.failover_limit_kw for node in nodes}
    power = Power(tuple(_normal(position, paths) for position in cells))
    power.limit_kw.update({(node.name,): node.rated_kw * node.max_utilization for node in nodes})
    on_node = _on_node(power.shares)
    changed: dict[str, set[str]] = {}
    for out in (node.name for node in nodes if node.contingency):
        nodes_of = {c: paths[cells[c].feed_a] | paths[cells[c].feed_b or cells[c].feed_a] for c in on_node[out]}
        changed[out] = {node for path in nodes_of.values() for node in path if out not in paths[node]}
        for c in {c for node in changed[out] for c in on_node[node]}:
            _add(power.shares[c], _after(cells[c], out, paths), paths, changed[out], out)
        power.limit_kw.update({(out, node): failover_kw[node] for node in changed[out]})
    for node, path in paths.items():
        if any(node not in affected and out not in path for out, affected in changed.items()):
            power.limit_kw[node,] = min(power.limit_kw[node,], failover_kw[node])
    return power


def paths_of(nodes: Iterable[PowerNode]) -> Paths:
    """Each node with all above it."""
    parent = {node.name: node.parent for node in nodes}

    def path(name: str | None) -> Iterator[str]:
        while name is not None:
            yield name
            name = parent[name]

    return {name: frozenset(path(name)) for name in parent}


def _normal(position: Position, paths: Paths) -> Shares:
    shares: Shares = {}
    for feed, share in position.shares:
        for node in paths[feed]:
            shares[node,] = shares.get((node,), 0.0) + share
    return shares


def _on_node(shares: Sequence[Shares]) -> dict[str, list[int]]:
    """Cells whose feeds lie at or below each node."""
    cells: dict[str, list[int]] = defaultdict(list)
    for c, of_cell in enumerate(shares):
        for (node,) in of_cell:
            cells[node].append(c)
    return cells


def _after(position: Position, out: str, paths: Paths) -> list[tuple[str, float]]:
    """Shares by feed after a loss: what the lost feed carried moves to the other, or goes dark."""
    left = [(feed, share) for feed, share in position.shares if out not in paths[feed]]
    return left if len(left) == len(position.shares) else [(feed, 1.0) for feed, _ in left]


def _add(shares: Shares, feeds: list[tuple[str, float]], paths: Paths, nodes: set[str], out: str) -> None:
    for feed, share in feeds:
        for node in paths[feed] & nodes:
            shares[out, node] = shares.get((out, node), 0.0) + share
