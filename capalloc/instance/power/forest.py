"""The power forest as arrays: who is above whom, what is energised when, what each node may carry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from capalloc.calendar import Period
from capalloc.instance.model import Bools, Ints
from capalloc.instance.read_only import ReadOnly
from capalloc.instance.timeline import node_starts, outages, supplies_in_force
from capalloc.schema.checks.cached_check import cached_check
from capalloc.schema.event import NewSupply
from capalloc.schema.facility import Facility, PowerNode, Supply
from capalloc.schema.scenario import Scenario
from capalloc.units import capacity_w, load_w


@dataclass(frozen=True, slots=True)
class Forest:
    """V power nodes over T periods."""

    nodes: tuple[PowerNode, ...]
    index: dict[str, int]
    paths: tuple[tuple[int, ...], ...]
    """For each node: itself, its parent, and so on up to its root."""
    below: tuple[frozenset[int], ...]
    """For each node: the nodes at or below it."""
    energised: Bools
    """(V, T)"""
    dark_by: Ints
    """(V, T) the topmost node on its path that is down; -1 while it is energised."""
    normal_w: Ints
    """(V, T) limit in normal operation; 0 where not energised."""
    failover_w: Ints
    """(V, T) limit while another node is out; 0 where not energised."""
    supply_binds: Bools
    """(V, T) at a root: the supplies, not the rating, set the normal limit."""
    static_w: Ints
    """(V, T) static load of the node alone, where energised."""
    static_below_w: Ints
    """(V, T) static load at or below the node."""

    def root_of(self, node: int) -> int:
        """The root above a node."""
        return self.paths[node][-1]

    @property
    def roots(self) -> tuple[int, ...]:
        """Nodes without a parent."""
        return tuple(v for v, node in enumerate(self.nodes) if node.parent is None)


@dataclass(frozen=True, slots=True)
class _Trees(ReadOnly):
    """What is the same for every scenario of a site, on any day."""

    index: dict[str, int]
    paths: tuple[tuple[int, ...], ...]
    below: tuple[frozenset[int], ...]
    normal_w: Ints
    failover_w: Ints
    static_w: Ints
    """(V, 1) each, while energised and as far as supplies allow."""


@cached_check
def _trees(site: Facility) -> _Trees:
    nodes = site.power
    index = {node.name: v for v, node in enumerate(nodes)}
    paths = tuple(_path(nodes, index, v) for v in range(len(nodes)))
    return _Trees(
        index,
        paths,
        _below(paths),
        np.array([[capacity_w(node.rated_kw * node.max_utilization)] for node in nodes]),
        np.array([[capacity_w(node.failover_limit_kw)] for node in nodes]),
        np.array([[load_w(node.static_load_kw)] for node in nodes]),
    )


def build_forest(scenario: Scenario, periods: Sequence[Period]) -> Forest:
    """Build the forest of a scenario whose references have been checked."""
    nodes, trees = scenario.facility.power, _trees(scenario.facility)
    supply = _root_supply_w(scenario, trees.index, periods)
    alive = _alive(scenario, nodes, periods)
    for root, watts in supply.items():
        alive[root] &= watts > 0
    return _limits(nodes, trees, _dark_by(alive, trees.paths), supply)


def _path(nodes: Sequence[PowerNode], index: dict[str, int], v: int) -> tuple[int, ...]:
    path = [v]
    while (parent := nodes[path[-1]].parent) is not None:
        path.append(index[parent])
    return tuple(path)


def _below(paths: Sequence[tuple[int, ...]]) -> tuple[frozenset[int], ...]:
    below: list[list[int]] = [[] for _ in paths]
    for v, path in enumerate(paths):
        for above in path:
            below[above].append(v)
    return tuple(map(frozenset, below))


def _dark_by(alive: Bools, paths: Sequence[tuple[int, ...]]) -> Ints:
    """(V, T) the node nearest the root of each node's path that is not alive; -1 where all are."""
    found = np.full(alive.shape, -1, dtype=np.int64)
    down = set(np.flatnonzero(~alive.all(axis=1)).tolist())
    for v, path in enumerate(paths):
        for above in path:
            if above in down:
                found[v, ~alive[above]] = above
    return found


def _alive(scenario: Scenario, nodes: Sequence[PowerNode], periods: Sequence[Period]) -> Bools:
    """(V, T) between the node's dates and not in an outage."""
    known: dict[tuple[date | None, date | None], Bools] = {}
    alive = np.zeros((len(nodes), len(periods)), dtype=bool)
    starts = node_starts(scenario)
    for v, node in enumerate(nodes):
        dates = starts.get(node.name, node.available_from), node.available_until
        if dates not in known:
            known[dates] = np.array([period.inside(*dates) for period in periods], dtype=bool)
        alive[v] = known[dates]
    index = {node.name: v for v, node in enumerate(nodes)}
    for outage in outages(scenario):
        if outage.node is not None:
            alive[index[outage.node]] &= [not period.touches(outage.start, outage.until) for period in periods]
    return alive


def _root_supply_w(scenario: Scenario, index: dict[str, int], periods: Sequence[Period]) -> dict[int, Ints]:
    """(T,) smallest daily sum of the supplies in force, for each root that has supplies."""
    by_root: dict[int, list[Supply | NewSupply]] = {}
    for supply in supplies_in_force(scenario):
        by_root.setdefault(index[supply.node], []).append(supply)
    return {root: np.array([_least_w(list_, period) for period in periods]) for root, list_ in by_root.items()}


def _least_w(supplies: Sequence[Supply | NewSupply], period: Period) -> int:
    borders = {period.start}
    for supply in supplies:
        borders.update(day for day in (supply.start, supply.until) if day and period.start < day < period.end)
    return min(sum(_w_on(supply, day) for supply in supplies) for day in borders)


def _w_on(supply: Supply | NewSupply, day: date) -> int:
    begun = supply.start is None or supply.start <= day
    return capacity_w(supply.kw) if begun and (supply.until is None or day < supply.until) else 0


def _limits(nodes: Sequence[PowerNode], trees: _Trees, dark_by: Ints, supply: dict[int, Ints]) -> Forest:
    energised = dark_by < 0
    on = energised.astype(np.int64)
    normal, failover, static = on * trees.normal_w, on * trees.failover_w, on * trees.static_w
    binds = np.zeros_like(energised)
    for root, watts in supply.items():
        binds[root] = watts < trees.normal_w[root]
        normal[root] = np.minimum(normal[root], watts)
        failover[root] = np.minimum(failover[root], watts)
    total = np.zeros_like(static)
    for v in np.flatnonzero(static.any(axis=1)).tolist():
        total[list(trees.paths[v])] += static[v]
    shape = trees.index, trees.paths, trees.below
    return Forest(tuple(nodes), *shape, energised, dark_by, normal, failover, binds, static, total)
