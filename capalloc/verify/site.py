"""The power forest over time: who is above whom, what is energised, and every limit in exact kW."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from capalloc.calendar import Period
from capalloc.schema.event import Delay, NewSupply, Outage
from capalloc.schema.facility import PowerNode, Supply
from capalloc.schema.scenario import Scenario
from capalloc.verify.exact import NOTHING, exact
from capalloc.verify.term import later

Span = tuple[date, date]


LEAST_SUPPLY_KW = Fraction(1, 1000)
"""Less than a watt is no supply: what hangs on it is not energised."""


@dataclass(frozen=True, slots=True)
class Limit:
    """Most that a node may carry, in kW, and whether the supplies set it."""

    kw: Fraction
    by_supply: bool = False


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of every node in one period; periods with equal limits share one object."""

    live: tuple[bool, ...]
    """Whether each node is energised."""
    normal: tuple[Limit, ...]
    failover: tuple[Limit, ...]


@dataclass(frozen=True, slots=True)
class Site:
    """The power forest with nodes numbered as in the table."""

    nodes: tuple[PowerNode, ...]
    index: dict[str, int]
    path: tuple[tuple[int, ...], ...]
    """For each node: itself, its parent, and so on up to its root."""
    roots: tuple[int, ...]
    limits: tuple[Limits, ...]
    """One entry a period."""


def site_of(scenario: Scenario, periods: tuple[Period, ...]) -> Site:
    """The power forest of a scenario over its periods."""
    nodes = scenario.facility.power
    index = {node.name: i for i, node in enumerate(nodes)}
    path = tuple(_path(index, nodes, i) for i in range(len(nodes)))
    roots = tuple(i for i, node in enumerate(nodes) if node.parent is None)
    forest = _Dates(scenario, nodes, path)
    return Site(nodes, index, path, roots, tuple(map(forest.limits, periods)))


def _path(index: dict[str, int], nodes: tuple[PowerNode, ...], node: int) -> tuple[int, ...]:
    path = [node]
    while (parent := nodes[path[-1]].parent) is not None:
        path.append(index[parent])
    return tuple(path)


class _Dates:
    """When each node stands and each supply flows, after delays and outages."""

    def __init__(self, scenario: Scenario, nodes: tuple[PowerNode, ...], path: tuple[tuple[int, ...], ...]) -> None:
        self._nodes, self._path = nodes, path
        self._stands = [_stands(scenario, node) for node in nodes]
        self._outages: dict[str, list[Span]] = {}
        for event in scenario.events:
            if isinstance(event, Outage) and event.node is not None:
                self._outages.setdefault(event.node, []).append((event.start, event.until))
        self._supplies: dict[str, list[tuple[Span, Fraction]]] = {}
        for supply in _supplies(scenario):
            entry = (_flows(scenario, supply), exact(supply.kw))
            self._supplies.setdefault(supply.node, []).append(entry)
        self._rated = [exact(node.rated_kw) * exact(node.max_utilization) for node in nodes]
        self._known: dict[tuple[tuple[bool, ...], tuple[Fraction, ...]], Limits] = {}
        self._failover = [exact(node.failover_limit_kw) for node in nodes]
        self._energised: dict[tuple[bool, ...], tuple[bool, ...]] = {}

    def limits(self, period: Period) -> Limits:
        """Limits of every node in the period."""
        supply = {node: self._least_supply(node, period) for node in self._supplies}
        live = self._live(self._up(period, supply))
        key = live, tuple(supply.values())
        if key not in self._known:
            self._known[key] = Limits(
                live,
                tuple(self._limit(i, kw, live[i], supply) for i, kw in enumerate(self._rated)),
                tuple(self._limit(i, kw, live[i], supply) for i, kw in enumerate(self._failover)),
            )
        return self._known[key]

    def _up(self, period: Period, supply: dict[str, Fraction]) -> tuple[bool, ...]:
        """Whether each node stands, is in no outage and, where it has supplies, is supplied."""
        inside = {span: period.inside(*span) for span in set(self._stands)}
        down = {name for name, kw in supply.items() if kw < LEAST_SUPPLY_KW}
        down |= {name for name, spans in self._outages.items() if any(period.touches(*span) for span in spans)}
        return tuple(
            inside[span] and node.name not in down for span, node in zip(self._stands, self._nodes, strict=True)
        )

    def _live(self, up: tuple[bool, ...]) -> tuple[bool, ...]:
        """Whether each node and all above it are up."""
        if up not in self._energised:
            self._energised[up] = tuple(all(up[above] for above in path) for path in self._path)
        return self._energised[up]

    def _limit(self, node: int, kw: Fraction, live: bool, supply: dict[str, Fraction]) -> Limit:
        name = self._nodes[node].name
        if not live:
            return Limit(NOTHING, by_supply=supply.get(name) == 0)
        if name in supply and supply[name] < kw:
            return Limit(supply[name], by_supply=True)
        return Limit(kw)

    def _least_supply(self, node: str, period: Period) -> Fraction:
        """The least sum of supplies in force on any day of the period; it can only change where one starts or ends."""
        spans = self._supplies[node]
        days = {day for span, _ in spans for day in span if period.start < day < period.end} | {period.start}
        return min(sum((kw for (start, end), kw in spans if start <= day < end), NOTHING) for day in days)


def _stands(scenario: Scenario, node: PowerNode) -> Span:
    start = node.available_from or date.min
    for event in scenario.events:
        if isinstance(event, Delay) and event.node == node.name:
            start = later(start, event)
    return start, node.available_until or date.max


def _supplies(scenario: Scenario) -> Iterator[Supply | NewSupply]:
    yield from scenario.facility.supplies
    yield from (event for event in scenario.events if isinstance(event, NewSupply))


def _flows(scenario: Scenario, supply: Supply | NewSupply) -> Span:
    start = supply.start or date.min
    for event in scenario.events:
        if isinstance(event, Delay) and event.supply == supply.name:
            start = later(start, event)
    return start, supply.until or date.max
