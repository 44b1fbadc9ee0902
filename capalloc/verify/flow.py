"""Load of every power node, in normal operation and after each loss, in whole units small enough to be exact."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from capalloc.schema.demand import Demand
from capalloc.schema.hardware import RackType
from capalloc.schema.scenario import Scenario
from capalloc.verify.exact import NOTHING, exact
from capalloc.verify.measure import draw_kw
from capalloc.verify.site import Limit, Limits, Site

Spot = tuple[str, str | None, float]
"""Feed a, feed b and the share on a: positions with the same three are one to the power forest."""
Path = tuple[tuple[int, int], ...]
"""(node, weight): what each node carries of one kW, in weight units."""


@dataclass(frozen=True, slots=True)
class Over:
    """A node above its limit; ``lost`` is the contingency, None in normal operation."""

    node: int
    lost: int | None
    kw: Fraction
    limit: Limit


@dataclass(frozen=True, slots=True)
class Flow:
    """What the racks of one period do to the power forest."""

    site_kw: Fraction
    """Load of all roots."""
    live_kw: Fraction
    """Load of the energised roots."""
    capacity_kw: Fraction
    """Normal limit of the energised roots."""
    normal: tuple[Over, ...]
    losses: tuple[Over, ...]


@dataclass(frozen=True, slots=True)
class _Paths:
    """Positions that share feeds and split: their path, and how each loss changes it."""

    normal: Path
    losses: Mapping[int, Path]


class Grid:
    """The power forest prepared for adding up racks."""

    def __init__(self, scenario: Scenario, site: Site) -> None:
        self._site = site
        self._pue = exact(scenario.facility.pue)
        self._draws = _draws(scenario)
        shares = {exact(position.share_a) for position in scenario.facility.positions}
        self._weight = lcm(*(share.denominator for share in shares)) * self._pue.denominator
        self._static = [exact(node.static_load_kw) for node in site.nodes]
        self._unit = lcm(*(kw.denominator for kw in self._amounts()))
        self._draw_units = {key: int(kw * self._unit) for key, kw in self._draws.items()}
        self._contingent = frozenset(i for i, node in enumerate(site.nodes) if node.contingency)
        self._spots: dict[Spot, _Paths] = {}
        self._carries: dict[tuple[Fraction, str], int] = {}
        self._scaled: dict[int, tuple[list[int], list[int]]] = {}

    def _amounts(self) -> Iterable[Fraction]:
        yield from self._draws.values()
        yield from self._static
        for limits in {id(entry): entry for entry in self._site.limits}.values():
            yield from (limit.kw for limit in limits.normal)
            yield from (limit.kw for limit in limits.failover)

    def draw(self, kind: str, demand: str | None) -> Fraction:
        """kW of a rack of the type, serving the demand or idle."""
        return self._draws[kind, demand]

    def draw_units(self, kind: str, demand: str | None) -> int:
        """The same in whole draw units."""
        return self._draw_units[kind, demand]

    def flow(self, limits: Limits, racks: Mapping[Spot, int]) -> Flow:
        """The flow of one period; ``racks`` gives draw by spot, in draw units."""
        units = [(self._spot(spot), kw) for spot, kw in racks.items()]
        static = self._static_load(limits)
        load = self._normal(units, static)
        normal, failover = self._in_units(limits)
        over = [i for i, limit in enumerate(normal) if load[i] > limit]
        tight = [i for i, limit in enumerate(failover) if load[i] > limit]
        losses: list[Over] = []
        moved = _moved(units)
        for lost in sorted(self._contingent):
            if limits.live[lost]:
                after = self._after(lost, moved.get(lost, {}), load, static, tight)
                losses += [self._over(i, lost, kw, limits) for i, kw in sorted(after.items()) if kw > failover[i]]
        roots = [i for i in self._site.roots if limits.live[i]]
        return Flow(
            site_kw=self._kw(sum(load[i] for i in self._site.roots)),
            live_kw=self._kw(sum(load[i] for i in roots)),
            capacity_kw=sum((limits.normal[i].kw for i in roots), NOTHING),
            normal=tuple(self._over(i, None, load[i], limits) for i in over),
            losses=tuple(losses),
        )

    def _over(self, node: int, lost: int | None, load: int, limits: Limits) -> Over:
        limit = (limits.normal if lost is None else limits.failover)[node]
        return Over(node, lost, self._kw(load), limit)

    def _kw(self, load: int) -> Fraction:
        return Fraction(load, self._unit * self._weight)

    def _in_units(self, limits: Limits) -> tuple[list[int], list[int]]:
        """Normal and failover limits in whole load units."""
        if id(limits) not in self._scaled:
            size = self._unit * self._weight
            normal = [int(limit.kw * size) for limit in limits.normal]
            self._scaled[id(limits)] = normal, [int(limit.kw * size) for limit in limits.failover]
        return self._scaled[id(limits)]

    def _static_load(self, limits: Limits) -> list[int]:
        """Static load at or below each node, of energised nodes."""
        below = [0] * len(self._static)
        for node, kw in enumerate(self._static):
            if kw and limits.live[node]:
                for above in self._site.path[node]:
                    below[above] += int(kw * self._unit * self._weight)
        return below

    @staticmethod
    def _normal(units: list[tuple[_Paths, int]], static: list[int]) -> list[int]:
        load = list(static)
        for spot, kw in units:
            for node, weight in spot.normal:
                load[node] += kw * weight
        return load

    def _after(
        self, lost: int, moved: Mapping[int, int], load: list[int], static: list[int], tight: list[int]
    ) -> dict[int, int]:
        """Load after the loss, of every node that it touches and every node that is ``tight`` anyway."""
        path = self._site.path
        change: dict[int, int] = {node: 0 for node in tight if lost not in path[node]}
        for above in path[lost][1:]:
            change[above] = -static[lost]
        for node, by in moved.items():
            change[node] = change.get(node, 0) + by
        return {node: load[node] + by for node, by in change.items()}

    def _spot(self, key: Spot) -> _Paths:
        if key not in self._spots:
            feed_a, feed_b, share = key
            part = exact(share)
            feeds = {self._site.index[feed_a]: part if feed_b is not None else Fraction(1)}
            if feed_b is not None:
                feeds[self._site.index[feed_b]] = 1 - part
            normal = self._path(feeds)
            above = {node for node, _ in normal} & self._contingent
            self._spots[key] = _Paths(normal, {lost: self._change(feeds, normal, lost) for lost in above})
        return self._spots[key]

    def _path(self, feeds: Mapping[int, Fraction]) -> Path:
        """What each node carries of one kW when the feeds take these shares."""
        weights: Counter[int] = Counter()
        for feed, share in feeds.items():
            for node in self._site.path[feed]:
                weights[node] += self._carried(share, self._site.nodes[node].load)
        return tuple(sorted(weights.items()))

    def _carried(self, share: Fraction, load: str) -> int:
        """What a node carries of a share of one kW, in weight units."""
        key = share, load
        if key not in self._carries:
            self._carries[key] = int(share * (self._pue if load == "facility" else 1) * self._weight)
        return self._carries[key]

    def _change(self, feeds: Mapping[int, Fraction], normal: Path, lost: int) -> Path:
        """What a loss adds to each node outside the lost subtree."""
        path = self._site.path
        left = [feed for feed in feeds if lost not in path[feed]]
        after = dict(self._path({feed: Fraction(1) for feed in left}))
        before = dict(normal)
        nodes = sorted(node for node in {*before, *after} if lost not in path[node])
        changes = ((node, after.get(node, 0) - before.get(node, 0)) for node in nodes)
        return tuple((node, by) for node, by in changes if by)


def _moved(units: list[tuple[_Paths, int]]) -> dict[int, dict[int, int]]:
    """For each loss, what the racks add to each node then."""
    moved: dict[int, dict[int, int]] = {}
    for spot, kw in units:
        for lost, changes in spot.losses.items():
            of_loss = moved.setdefault(lost, {})
            for node, weight in changes:
                of_loss[node] = of_loss.get(node, 0) + kw * weight
    return moved


def _draws(scenario: Scenario) -> dict[tuple[str, str | None], Fraction]:
    """kW of a rack by type and demand; None is an idle rack."""
    kinds = scenario.facility.rack_types
    draws: dict[tuple[str, str | None], Fraction] = {(kind.name, None): exact(kind.idle_kw) for kind in kinds}
    for demand in (*scenario.workloads, *scenario.all_contracts):
        for kind in kinds:
            draws[kind.name, demand.name] = _serving_kw(demand, kind)
    return draws


def _serving_kw(demand: Demand, kind: RackType) -> Fraction:
    return draw_kw(demand, kind) * exact(demand.utilization)
