"""The power forest prepared for adding up racks, in whole units small enough to be exact."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from math import lcm

from capalloc.schema.checks.cached_check import cached_check
from capalloc.schema.facility import Facility
from capalloc.verify.exact import exact
from capalloc.verify.site import Limit, Site, Spot, trees_of

Path = tuple[tuple[int, int], ...]
"""(node, weight): what each node carries of one draw unit, in load units."""
_Part = tuple[int, int]
"""Load units of a share of one draw unit: at nodes that carry IT load, at nodes that carry facility load."""


@dataclass(frozen=True, slots=True)
class Paths:
    """What racks of one spot ask of the nodes."""

    normal: Path
    losses: tuple[tuple[int, Path], ...]
    """For each contingency above the spot, what its loss adds to nodes outside of it."""


class Wires:
    """The paths from the spots of a facility to its nodes, whatever the day."""

    def __init__(self, facility: Facility) -> None:
        self._trees = trees_of(facility)
        self._pue = exact(facility.pue)
        shares = set(map(exact, {position.share_a for position in facility.positions}))
        self.weight = lcm(*(share.denominator for share in shares)) * self._pue.denominator
        """Load units in a draw unit."""
        self.contingent = tuple(i for i, node in enumerate(facility.power) if node.contingency)
        """Nodes whose loss the plan must survive."""
        self._facility = [node.load == "facility" for node in facility.power]
        self._paths: dict[Spot, Paths] = {}
        self._parts: dict[Fraction, _Part] = {}
        self._whole = self._part(Fraction(1))

    def paths(self, spot: Spot) -> Paths:
        """The paths of a spot, found once."""
        if spot not in self._paths:
            self._paths[spot] = self._find(spot)
        return self._paths[spot]

    def _find(self, spot: Spot) -> Paths:
        feed_a, feed_b, share = spot
        index = self._trees.index
        feeds = {index[feed_a]: self._part(exact(share))}
        if feed_b is not None:
            feeds[index[feed_b]] = self._part(1 - exact(share))
        normal = self._path(feeds)
        lost = [node for node in normal if self._trees.nodes[node].contingency]
        return Paths(tuple(normal.items()), tuple((node, self._change(feeds, normal, node)) for node in lost))

    def _part(self, share: Fraction) -> _Part:
        if share not in self._parts:
            self._parts[share] = int(share * self.weight), int(share * self._pue * self.weight)
        return self._parts[share]

    def _path(self, feeds: dict[int, _Part]) -> dict[int, int]:
        """What each node carries of one draw unit when the feeds take these parts."""
        weights: dict[int, int] = {}
        for feed, part in feeds.items():
            for node in self._trees.path[feed]:
                weights[node] = weights.get(node, 0) + part[self._facility[node]]
        return weights

    def _change(self, feeds: dict[int, _Part], before: dict[int, int], lost: int) -> Path:
        """What a loss adds to each node outside the lost subtree; the feed that is left takes all."""
        path = self._trees.path
        after = self._path({feed: self._whole for feed in feeds if lost not in path[feed]})
        changes = {node: after.get(node, 0) - weight for node, weight in before.items() if lost not in path[node]}
        return tuple((node, by) for node, by in changes.items() if by)


@cached_check
def wires_of(facility: Facility) -> Wires:
    """The wires of a facility; scenarios of one facility share them."""
    return Wires(facility)


class Grid:
    """Draws in whole draw units, loads in whole load units, and the paths from one to the other."""

    def __init__(self, facility: Facility, site: Site, draws: Collection[Fraction]) -> None:
        """``draws`` are what single racks may draw, in kW."""
        wires = wires_of(facility)
        self._site = site
        self._static = [(i, exact(node.static_load_kw)) for i, node in enumerate(site.nodes) if node.static_load_kw]
        self._unit = lcm(*{kw.denominator for kw in chain(draws, self._amounts())})
        self._size = self._unit * wires.weight
        self.paths, self.contingent = wires.paths, wires.contingent
        self.static = {i: self.load_units(kw) for i, kw in self._static}
        """Static load of the nodes that have any, in load units."""

    def _amounts(self) -> Iterable[Fraction]:
        yield from (kw for _, kw in self._static)
        yield from (limit.kw for limits in (self._site.normal, self._site.failover) for limit in limits)
        for bounds in {id(entry): entry for entry in self._site.bounds}.values():
            yield from (limit.kw for pair in bounds.values() for limit in pair)

    def draw_units(self, kw: Fraction) -> int:
        """kW of a rack in draw units."""
        return int(kw * self._unit)

    def load_units(self, kw: Fraction) -> int:
        """kW in load units."""
        return kw.numerator * (self._size // kw.denominator)

    def load_kw(self, units: int) -> Fraction:
        """Load units in kW."""
        return Fraction(units, self._size)

    def draw_of(self, units: int) -> Fraction:
        """Draw units in kW."""
        return Fraction(units, self._unit)

    def limit_units(self, limits: Iterable[Limit]) -> list[int]:
        """Limits in load units."""
        return [self.load_units(limit.kw) for limit in limits]
