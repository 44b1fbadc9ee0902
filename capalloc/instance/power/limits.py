"""Lowers the power forest and the cooling zones to packing rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from capalloc.calendar import Period
from capalloc.instance.model import NO_LIMIT_W, Bools, Ints, PackingRow
from capalloc.instance.policy import Policy
from capalloc.instance.power.cords import Cords
from capalloc.instance.power.forest import Forest
from capalloc.schema.checks.cached_check import cached_check
from capalloc.schema.facility import CoolingZone, Facility
from capalloc.schema.rules import Rule
from capalloc.schema.scenario import Scenario
from capalloc.units import capacity_w

Weights = dict[int, float]
"""Way of cording -> W on a node per W drawn at a position that is corded so."""


class Loads:
    """What a W drawn puts on each node, normally and after the loss of a contingency, by the way of cording."""

    def __init__(self, forest: Forest, cords: Cords, pue: float) -> None:
        self.forest = forest
        self.feeds = cords.feeds
        self.factor = [pue if node.load == "facility" else 1.0 for node in forest.nodes]
        self.at: list[list[int]] = [[] for _ in forest.nodes]
        for way, feeds in enumerate(self.feeds):
            for feed, _ in feeds:
                self.at[feed].append(way)

    def normal(self) -> list[Weights]:
        """For each node, the weights in normal operation."""
        weights = self.before(range(len(self.feeds)))
        return [weights.get(v, {}) for v in range(len(self.forest.nodes))]

    def after(self, lost: int) -> tuple[list[int], dict[int, Weights]]:
        """Ways that change when ``lost`` is out, and their weights then on every node that they load."""
        gone = self.forest.below[lost]
        moved = sorted({way for feed in gone for way in self.at[feed]})
        weights: dict[int, Weights] = {}
        for way in moved:
            left = [feed for feed, _ in self.feeds[way] if feed not in gone]
            self._add(weights, way, [(feed, 1.0) for feed in left])
        return moved, weights

    def before(self, moved: Iterable[int]) -> dict[int, Weights]:
        """Weights of some ways in normal operation, on every node that they load."""
        weights: dict[int, Weights] = {}
        for way in moved:
            self._add(weights, way, self.feeds[way])
        return weights

    def site(self) -> Weights:
        """W at the roots per W drawn."""
        total: Weights = {}
        for way, feeds in enumerate(self.feeds):
            total[way] = sum(share * self.factor[self.forest.root_of(feed)] for feed, share in feeds)
        return total

    def _add(self, weights: dict[int, Weights], way: int, feeds: Sequence[tuple[int, float]]) -> None:
        for feed, share in feeds:
            for node in self.forest.paths[feed] if share > 0 else ():
                of_node = weights.setdefault(node, {})
                of_node[way] = of_node.get(way, 0.0) + share * self.factor[node]


class Rows:
    """Makes rows of the power forest: weights by way of cording become weights by position."""

    def __init__(self, cords: Cords, types: int) -> None:
        self._cords = cords
        self._share = np.ones(types)
        self._known: dict[tuple[int, ...], tuple[Ints, Ints]] = {}

    def row(self, rule: Rule, where: str, lost: str | None, weights: Weights, limit_w: Ints) -> PackingRow:
        """One row; all of the draw counts, whatever the type."""
        ways = tuple(sorted(weights))
        positions, way = self._places(ways)
        return PackingRow(rule, where, lost, positions, np.array([weights[w] for w in ways])[way], self._share, limit_w)

    def _places(self, ways: tuple[int, ...]) -> tuple[Ints, Ints]:
        """Positions in order, and the place in ``ways`` of the way that each is corded in."""
        if ways not in self._known:
            parts = [self._cords.places[way] for way in ways] or [np.zeros(0, dtype=np.int64)]
            positions = np.concatenate(parts)
            order = np.argsort(positions, kind="stable")
            way = np.repeat(np.arange(len(ways)), self._cords.sizes[list(ways)])
            self._known[ways] = positions[order], way[order]
        return self._known[ways]


def power_rows(scenario: Scenario, policy: Policy, forest: Forest, cords: Cords, types: int) -> tuple[PackingRow, ...]:
    """Rows of the rules power, supply and failover; scenarios of one site with the same supply share them."""
    known = _known_rows(scenario.facility)
    over_time = forest.energised, forest.normal_w, forest.failover_w, forest.supply_binds, forest.static_w
    key: tuple[int | bytes, ...] = policy.reserve_w, *(part.tobytes() for part in over_time)
    rows = known.get(key)
    if rows is None:
        rows = tuple(_power_rows(scenario, policy, forest, cords, types))
        while len(known) >= _KNOWN:
            known.pop(next(iter(known), key), None)
        known[key] = rows
    return rows


_KNOWN = 12
"""Supplies over time of one site whose rows are kept: what is late by months comes in so many ways in a year."""


@cached_check
def _known_rows(_: Facility) -> dict[tuple[int | bytes, ...], tuple[PackingRow, ...]]:
    """Rows of a site that have been made, the first made first."""
    return {}


def _power_rows(scenario: Scenario, policy: Policy, forest: Forest, cords: Cords, types: int) -> Iterator[PackingRow]:
    loads = Loads(forest, cords, scenario.facility.pue)
    normal = loads.normal()
    rows = Rows(cords, types)
    yield from _normal_rows(forest, normal, rows)
    if policy.reserve_w > 0:
        yield rows.row(Rule.SUPPLY, "site", None, loads.site(), _reserve_limit(policy, forest))
    yield from _failover_rows(forest, loads, normal, rows)


def _normal_rows(forest: Forest, normal: list[Weights], rows: Rows) -> Iterator[PackingRow]:
    """A row matters where racks load it, or where its static load alone is too much for it."""
    left = forest.normal_w - forest.static_below_w
    matters = (left < 0) | np.array([[bool(weights)] for weights in normal])
    causes = ((Rule.POWER, ~forest.supply_binds), (Rule.SUPPLY, forest.supply_binds))
    active = {rule: cause & forest.energised for rule, cause in causes}
    limits = {rule: np.where(there, left, NO_LIMIT_W) for rule, there in active.items()}
    wanted = {rule: (there & matters).any(axis=1).tolist() for rule, there in active.items()}
    for v, weights in enumerate(normal):
        for rule, limit in limits.items():
            if wanted[rule][v]:
                yield rows.row(rule, forest.nodes[v].name, None, weights, limit[v])


def static_below(forest: Forest, v: int, lost: int | None = None) -> Ints:
    """(T,) static load at or below a node, less what stands below a lost one."""
    if lost is None or lost not in forest.below[v]:
        return np.asarray(forest.static_below_w[v])
    left: Ints = forest.static_below_w[v] - forest.static_below_w[lost]
    return left


def _reserve_limit(policy: Policy, forest: Forest) -> Ints:
    roots = list(forest.roots)
    static = sum(static_below(forest, root) for root in roots)
    left: Ints = forest.normal_w[roots].sum(axis=0) - static - policy.reserve_w
    return left


def _failover_rows(forest: Forest, loads: Loads, normal: list[Weights], rows: Rows) -> Iterator[PackingRow]:
    """A row for each (contingency, node) that the row of normal operation does not cover."""
    losses = Losses(forest, normal, rows)
    changed: list[set[int]] = [set() for _ in forest.nodes]
    for c in losses.contingencies:
        moved, after = loads.after(c)
        before = loads.before(moved)
        for v in sorted({*before, *after, *losses.empty} - forest.below[c]):
            changed[v].add(c)
            yield from losses.after_loss(c, v, Change(before.get(v, {}), after.get(v, {})))
    for v in np.flatnonzero((forest.energised & losses.lower).any(axis=1)).tolist():
        yield from losses.while_another_is_out(v, changed[v])


@dataclass(frozen=True, slots=True)
class Change:
    """What a loss does to the load of one node."""

    before: Weights
    after: Weights
    """Their weights on the node, in normal operation and after the loss."""

    @property
    def lowers(self) -> bool:
        """Whether no way of cording loads the node more than before."""
        return all(w <= self.before.get(way, 0.0) for way, w in self.after.items())


class Losses:
    """Rows of the rule failover, one loss and one node at a time."""

    def __init__(self, forest: Forest, normal: list[Weights], rows: Rows) -> None:
        self._forest = forest
        self._normal = normal
        self._rows = rows
        self.contingencies = [c for c, node in enumerate(forest.nodes) if node.contingency]
        self.lower: Bools = np.asarray(forest.failover_w < forest.normal_w)
        """(V, T) the limit while another node is out is below the normal one."""
        self._ever_lower: list[bool] = np.asarray(self.lower.any(axis=1)).tolist()
        static = forest.static_w.any()
        self.empty = [v for v, weights in enumerate(normal) if static and not weights and self._ever_lower[v]]
        """Nodes that no rack loads: a loss can only lower their limit below their static load."""
        self._at_risk: Ints = forest.energised[self.contingencies].sum(axis=0)

    def after_loss(self, c: int, v: int, change: Change) -> Iterator[PackingRow]:
        """The row of ``v`` after the loss of ``c``, where it may bind."""
        forest, lowers = self._forest, change.lowers
        if lowers and not self._ever_lower[v]:
            return
        active = forest.energised[c]  # a node that is not energised takes nothing over: its limit is 0
        if lowers:
            active = active & self.lower[v]
        left = forest.failover_w[v] - static_below(forest, v, c)
        merged = {way: w for way, w in self._normal[v].items() if way not in change.before} | change.after
        if (active if merged else active & (left < 0)).any():
            yield self._row(v, c, merged, np.where(active, left, NO_LIMIT_W))

    def while_another_is_out(self, v: int, changed: set[int]) -> Iterator[PackingRow]:
        """A loss that moves nothing onto ``v`` still lowers its limit where failover_kw is below the normal one."""
        forest = self._forest
        told = changed | {c for c in forest.paths[v] if forest.nodes[c].contingency}
        first = next((c for c in self.contingencies if c not in told), None)
        if first is None:
            return
        at_risk = self._at_risk - forest.energised[sorted(told)].sum(axis=0)
        active = forest.energised[v] & self.lower[v] & (at_risk > 0)
        if active.any():
            limit = np.where(active, forest.failover_w[v] - static_below(forest, v), NO_LIMIT_W)
            yield self._row(v, first, self._normal[v], limit)

    def _row(self, v: int, c: int, weights: Weights, limit_w: Ints) -> PackingRow:
        nodes = self._forest.nodes
        return self._rows.row(Rule.FAILOVER, nodes[v].name, nodes[c].name, weights, limit_w)


def cooling_rows(scenario: Scenario, periods: Sequence[Period]) -> Iterator[PackingRow]:
    """Rows of the rule cooling: liquid and air heat of a zone, or their total."""
    by_zone: dict[str, list[int]] = {}
    for p, position in enumerate(scenario.facility.positions):
        if position.cooling_zone is not None:
            by_zone.setdefault(position.cooling_zone, []).append(p)
    liquid = np.array([rack_type.liquid_fraction for rack_type in scenario.facility.rack_types])
    for zone in scenario.facility.cooling:
        if zone.name not in by_zone:
            continue
        positions = np.array(by_zone[zone.name], dtype=np.int64)
        heats = ((zone.liquid_kw, liquid), (zone.air_kw, 1.0 - liquid), (zone.total_kw, np.ones_like(liquid)))
        for limit_kw, share in heats:
            if limit_kw is not None:
                limit = _zone_limit(zone, limit_kw, periods)
                yield PackingRow(Rule.COOLING, zone.name, None, positions, np.ones(len(positions)), share, limit)


def _zone_limit(zone: CoolingZone, limit_kw: float, periods: Sequence[Period]) -> Ints:
    watts = capacity_w(limit_kw)
    return np.array([watts * p.inside(zone.available_from, zone.available_until) for p in periods], dtype=np.int64)
