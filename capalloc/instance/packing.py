"""Lowers the power forest and the cooling zones to packing rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from capalloc.calendar import Period
from capalloc.instance.forest import Forest, reserve_w
from capalloc.instance.model import NO_LIMIT_W, Bools, Floats, Ints, PackingRow
from capalloc.schema.facility import CoolingZone, Position
from capalloc.schema.rules import Rule
from capalloc.schema.scenario import Scenario
from capalloc.units import capacity_w

Weights = dict[int, float]
"""Position -> W on a node per W drawn at the position."""


class Loads:
    """What a W drawn at each position puts on each node, normally and after the loss of a contingency."""

    def __init__(self, forest: Forest, positions: Sequence[Position], pue: float) -> None:
        self.forest = forest
        self.factor = [pue if node.load == "facility" else 1.0 for node in forest.nodes]
        self.feeds = [[(forest.index[feed], share) for feed, share in place.shares] for place in positions]
        self.at: list[list[int]] = [[] for _ in forest.nodes]
        for p, feeds in enumerate(self.feeds):
            for feed, _ in feeds:
                self.at[feed].append(p)

    def normal(self) -> list[Weights]:
        """For each node, the weights in normal operation."""
        weights = self.before(range(len(self.feeds)))
        return [weights.get(v, {}) for v in range(len(self.forest.nodes))]

    def after(self, lost: int) -> tuple[list[int], dict[int, Weights]]:
        """Positions that change when ``lost`` is out, and their weights then on every node that they load."""
        gone = self.forest.below[lost]
        moved = sorted({p for feed in gone for p in self.at[feed]})
        weights: dict[int, Weights] = {}
        for p in moved:
            left = [feed for feed, _ in self.feeds[p] if feed not in gone]
            self._add(weights, p, [(feed, 1.0) for feed in left])
        return moved, weights

    def before(self, moved: Iterable[int]) -> dict[int, Weights]:
        """Weights of some positions in normal operation, on every node that they load."""
        weights: dict[int, Weights] = {}
        for p in moved:
            self._add(weights, p, self.feeds[p])
        return weights

    def site(self) -> Weights:
        """W at the roots per W drawn at each position."""
        total: Weights = {}
        for p, feeds in enumerate(self.feeds):
            total[p] = sum(share * self.factor[self.forest.root_of(feed)] for feed, share in feeds)
        return total

    def _add(self, weights: dict[int, Weights], p: int, feeds: Sequence[tuple[int, float]]) -> None:
        for feed, share in feeds:
            for node in self.forest.paths[feed] if share > 0 else ():
                of_node = weights.setdefault(node, {})
                of_node[p] = of_node.get(p, 0.0) + share * self.factor[node]


def power_rows(scenario: Scenario, forest: Forest, types: int) -> Iterator[PackingRow]:
    """Rows of the rules power, supply and failover."""
    loads = Loads(forest, scenario.facility.positions, scenario.facility.pue)
    normal = loads.normal()
    everything = np.ones(types)
    for v, weights in enumerate(normal):
        yield from _normal_rows(forest, v, weights, everything)
    if scenario.policy.reserve_mw > 0:
        yield _row(Rule.SUPPLY, "site", None, loads.site(), everything, _reserve_limit(scenario, forest))
    yield from _failover_rows(forest, loads, normal, everything)


def _row(rule: Rule, where: str, lost: str | None, weights: Weights, share: Floats, limit_w: Ints) -> PackingRow:
    items = sorted(weights.items())
    positions = np.array([p for p, _ in items], dtype=np.int64)
    return PackingRow(rule, where, lost, positions, np.array([w for _, w in items]), share, limit_w)


def _normal_rows(forest: Forest, v: int, weights: Weights, share: Floats) -> Iterator[PackingRow]:
    left = forest.normal_w[v] - static_below(forest, v)
    for rule, cause in ((Rule.POWER, ~forest.supply_binds[v]), (Rule.SUPPLY, forest.supply_binds[v])):
        active = cause & forest.energised[v]
        if (active & _binds(left, weights)).any():
            yield _row(rule, forest.nodes[v].name, None, weights, share, np.where(active, left, NO_LIMIT_W))


def _binds(left: Ints, weights: Weights) -> Bools:
    """(T,) where a row matters: racks load it, or its static load alone is too much for it."""
    return (left < 0) | bool(weights)


def static_below(forest: Forest, v: int, lost: int | None = None) -> Ints:
    """(T,) static load at or below a node, less what stands below a lost one."""
    if lost is None or lost not in forest.below[v]:
        return np.asarray(forest.static_below_w[v])
    left: Ints = forest.static_below_w[v] - forest.static_below_w[lost]
    return left


def _reserve_limit(scenario: Scenario, forest: Forest) -> Ints:
    roots = list(forest.roots)
    static = sum(static_below(forest, root) for root in roots)
    left: Ints = forest.normal_w[roots].sum(axis=0) - static - reserve_w(scenario)
    return left


def _failover_rows(forest: Forest, loads: Loads, normal: list[Weights], share: Floats) -> Iterator[PackingRow]:
    """A row for each (contingency, node) that the row of normal operation does not cover."""
    contingencies = [c for c, node in enumerate(forest.nodes) if node.contingency]
    changed: list[set[int]] = [set() for _ in forest.nodes]
    for c in contingencies:
        moved, after = loads.after(c)
        before = loads.before(moved)
        empty = [v for v in range(len(normal)) if not normal[v]] if forest.static_w.any() else []
        for v in sorted({*before, *after, *empty} - forest.below[c]):
            changed[v].add(c)
            yield from _after_loss(forest, c, v, Change(before.get(v, {}), after.get(v, {})), normal[v], share)
    lower = (forest.energised & (forest.failover_w < forest.normal_w)).any(axis=1)
    for v in np.flatnonzero(lower).tolist():
        unchanged = [c for c in contingencies if c not in changed[v] and v not in forest.below[c]]
        yield from _while_another_is_out(forest, v, unchanged, normal[v], share)


@dataclass(frozen=True, slots=True)
class Change:
    """What a loss does to the load of one node."""

    before: Weights
    after: Weights
    """Their weights on the node, in normal operation and after the loss."""

    @property
    def lowers(self) -> bool:
        """Whether no position loads the node more than before."""
        return all(w <= self.before.get(p, 0.0) for p, w in self.after.items())


def _after_loss(forest: Forest, c: int, v: int, change: Change, normal: Weights, share: Floats) -> Iterator[PackingRow]:
    active = forest.energised[c]  # a node that is not energised takes nothing over: its limit is 0
    if change.lowers:
        active = active & (forest.failover_w[v] < forest.normal_w[v])
    if not active.any():
        return
    left = forest.failover_w[v] - static_below(forest, v, c)
    merged = {p: w for p, w in normal.items() if p not in change.before} | change.after
    if (active & _binds(left, merged)).any():
        limit = np.where(active, left, NO_LIMIT_W)
        yield _row(Rule.FAILOVER, forest.nodes[v].name, forest.nodes[c].name, merged, share, limit)


def _while_another_is_out(
    forest: Forest, v: int, contingencies: list[int], weights: Weights, share: Floats
) -> Iterator[PackingRow]:
    """A loss that moves nothing onto ``v`` still lowers its limit where failover_kw is below the normal one."""
    lower = forest.energised[v] & (forest.failover_w[v] < forest.normal_w[v])
    if not contingencies or not lower.any():
        return
    active = lower & forest.energised[contingencies].any(axis=0)
    if active.any():
        limit = np.where(active, forest.failover_w[v] - static_below(forest, v), NO_LIMIT_W)
        lost = forest.nodes[contingencies[0]].name
        yield _row(Rule.FAILOVER, forest.nodes[v].name, lost, weights, share, limit)


def cooling_rows(scenario: Scenario, periods: Sequence[Period]) -> Iterator[PackingRow]:
    """Rows of the rule cooling: liquid and air heat of a zone, or their total."""
    by_zone: dict[str, Weights] = {}
    for p, position in enumerate(scenario.facility.positions):
        if position.cooling_zone is not None:
            by_zone.setdefault(position.cooling_zone, {})[p] = 1.0
    liquid = np.array([rack_type.liquid_fraction for rack_type in scenario.facility.rack_types])
    for zone in scenario.facility.cooling:
        weights = by_zone.get(zone.name)
        if not weights:
            continue
        heats = ((zone.liquid_kw, liquid), (zone.air_kw, 1.0 - liquid), (zone.total_kw, np.ones_like(liquid)))
        for limit_kw, share in heats:
            if limit_kw is not None:
                yield _row(Rule.COOLING, zone.name, None, weights, share, _zone_limit(zone, limit_kw, periods))


def _zone_limit(zone: CoolingZone, limit_kw: float, periods: Sequence[Period]) -> Ints:
    watts = capacity_w(limit_kw)
    return np.array([watts * p.inside(zone.available_from, zone.available_until) for p in periods], dtype=np.int64)
