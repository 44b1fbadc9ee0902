"""The power forest over time: who is above whom, what is energised, and every limit in exact kW."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import reduce
from operator import and_

from capalloc.calendar import Period
from capalloc.schema.checks.cached_check import cached_check
from capalloc.schema.event import Delay, Event, NewSupply, Outage
from capalloc.schema.facility import Facility, PowerNode, Supply
from capalloc.verify.exact import NOTHING, exact, shown
from capalloc.verify.term import later
from capalloc.verify.when import Borders, Span, When, during, has

LEAST_SUPPLY_KW = Fraction(1, 1000)
"""Less than a watt is no supply: what hangs on it is not energised."""
STOOD = " (what stood there before)"
"""Note on a limit that is the load of what stood before."""


@dataclass(frozen=True, slots=True)
class Limit:
    """Most that a node may carry, in kW, and whether the supplies set it."""

    kw: Fraction
    by_supply: bool = False
    note: str = ""
    """What a message says of the limit behind its kW."""

    @property
    def text(self) -> str:
        """The limit as messages show it."""
        return f"{shown(self.kw)} kW{self.note}"


Bounds = Mapping[int, tuple[Limit, Limit]]
"""Limits in normal operation and after a loss, of the nodes that their own limits do not bound."""
Spot = tuple[str, str | None, float]
"""Feed a, feed b and the share on a: positions with the same three are one to the power forest."""


@dataclass(frozen=True, slots=True)
class Site:
    """The power forest with nodes numbered as in the table."""

    nodes: tuple[PowerNode, ...]
    index: dict[str, int]
    path: tuple[tuple[int, ...], ...]
    """For each node: itself, its parent, and so on up to its root."""
    roots: tuple[int, ...]
    live: tuple[When, ...]
    """Periods in which each node is energised."""
    normal: tuple[Limit, ...]
    """Own limit of each node in normal operation."""
    failover: tuple[Limit, ...]
    """Own limit of each node after a loss."""
    bounds: tuple[Bounds, ...]
    """Other limits in each period: nodes that are not energised or have less supply; equal ones share one object."""

    def fed(self, spot: Spot) -> When:
        """Periods in which every feed that carries a rack there in normal operation is energised."""
        feed_a, feed_b, share = spot
        live_a = self.live[self.index[feed_a]]
        if feed_b is None or share == 1:
            return live_a
        live_b = self.live[self.index[feed_b]]
        return live_b if share == 0 else live_a & live_b


@dataclass(frozen=True, slots=True)
class Trees:
    """What no day and no event changes about a power forest; see :class:`Site`."""

    nodes: tuple[PowerNode, ...]
    index: dict[str, int]
    path: tuple[tuple[int, ...], ...]
    roots: tuple[int, ...]
    normal: tuple[Limit, ...]
    failover: tuple[Limit, ...]


@cached_check
def trees_of(facility: Facility) -> Trees:
    """The power forest of a facility; scenarios of one facility share it."""
    nodes = facility.power
    index = {node.name: i for i, node in enumerate(nodes)}
    return Trees(
        nodes=nodes,
        index=index,
        path=tuple(_path(index, nodes, i) for i in range(len(nodes))),
        roots=tuple(i for i, node in enumerate(nodes) if node.parent is None),
        normal=tuple(Limit(exact(node.rated_kw) * exact(node.max_utilization)) for node in nodes),
        failover=tuple(Limit(exact(node.failover_limit_kw)) for node in nodes),
    )


def site_of(facility: Facility, events: Sequence[Event], borders: Borders) -> Site:
    """The power forest of a facility over periods, with the events of a scenario."""
    trees = trees_of(facility)
    supplies = _least_supplies((*facility.supplies, *_added(events)), events, trees.index, borders)
    live = _live(trees, events, borders, supplies)
    return Site(
        nodes=trees.nodes,
        index=trees.index,
        path=trees.path,
        roots=trees.roots,
        live=live,
        normal=trees.normal,
        failover=trees.failover,
        bounds=tuple(_bounds(live, (trees.normal, trees.failover), supplies, len(borders.periods))),
    )


def _path(index: dict[str, int], nodes: tuple[PowerNode, ...], node: int) -> tuple[int, ...]:
    path = [node]
    while (parent := nodes[path[-1]].parent) is not None:
        path.append(index[parent])
    return tuple(path)


def _live(
    trees: Trees, events: Sequence[Event], borders: Borders, supplies: dict[int, tuple[Fraction, ...]]
) -> tuple[When, ...]:
    """Periods in which each node and all nodes above it stand, are not in an outage and have supply."""
    delays: dict[str, list[Delay]] = {}
    for event in events:
        if isinstance(event, Delay) and event.node is not None:
            delays.setdefault(event.node, []).append(event)
    up = [during(borders.covered(*_stands(node, delays.get(node.name, [])))) for node in trees.nodes]
    for event in events:
        if isinstance(event, Outage) and event.node is not None:
            up[trees.index[event.node]] &= ~during(borders.touched(event.start, event.until))
    for i, kw in supplies.items():
        up[i] &= sum(1 << t for t, least in enumerate(kw) if least >= LEAST_SUPPLY_KW)
    return tuple(reduce(and_, (up[node] for node in line)) for line in trees.path)


def _bounds(
    live: tuple[When, ...],
    own: tuple[tuple[Limit, ...], tuple[Limit, ...]],
    supplies: dict[int, tuple[Fraction, ...]],
    periods: int,
) -> Iterator[Bounds]:
    always = during(range(periods))
    sometimes = [i for i, when in enumerate(live) if when != always]
    known: dict[tuple[tuple[int, ...], tuple[Fraction, ...]], Bounds] = {}
    for t in range(periods):
        dead = tuple(i for i in sometimes if not has(live[i], t))
        supply = {i: kw[t] for i, kw in supplies.items()}
        key = dead, tuple(supply.values())
        if key not in known:
            known[key] = _bound(dead, own, supply)
        yield known[key]


def _bound(
    dead: tuple[int, ...], own: tuple[tuple[Limit, ...], tuple[Limit, ...]], supply: dict[int, Fraction]
) -> Bounds:
    normal, failover = own
    bound = {i: (_supplied(normal[i], kw), _supplied(failover[i], kw)) for i, kw in supply.items()}
    for i in dead:
        nothing = Limit(NOTHING, by_supply=supply.get(i) == 0)
        bound[i] = nothing, nothing
    return bound


def _supplied(own: Limit, kw: Fraction) -> Limit:
    return Limit(kw, by_supply=True) if kw < own.kw else own


def _least_supplies(
    supplies: Sequence[Supply | NewSupply], events: Sequence[Event], index: dict[str, int], borders: Borders
) -> dict[int, tuple[Fraction, ...]]:
    """For each node with supplies the least sum of them on any day, in each period."""
    flows: dict[int, list[tuple[Span, Fraction]]] = {}
    for supply in supplies:
        flows.setdefault(index[supply.node], []).append((_flows(events, supply), exact(supply.kw)))
    return {i: tuple(_least_supply(spans, period) for period in borders.periods) for i, spans in flows.items()}


def _least_supply(spans: list[tuple[Span, Fraction]], period: Period) -> Fraction:
    """The least sum of supplies in force on any day of the period; it can only change where one starts or ends."""
    days = {day for span, _ in spans for day in span if period.start < day < period.end} | {period.start}
    return min(sum((kw for (start, end), kw in spans if start <= day < end), NOTHING) for day in days)


def _stands(node: PowerNode, delays: list[Delay]) -> Span:
    start = node.available_from or date.min
    for delay in delays:
        start = later(start, delay)
    return start, node.available_until or date.max


def _added(events: Sequence[Event]) -> Iterator[NewSupply]:
    yield from (event for event in events if isinstance(event, NewSupply))


def _flows(events: Sequence[Event], supply: Supply | NewSupply) -> Span:
    start = supply.start or date.min
    for event in events:
        if isinstance(event, Delay) and event.supply == supply.name:
            start = later(start, event)
    return start, supply.until or date.max
