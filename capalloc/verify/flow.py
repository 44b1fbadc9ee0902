"""Load of every power node, in normal operation and after each loss, as racks come and go."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from capalloc.verify.exact import NOTHING
from capalloc.verify.grid import Grid
from capalloc.verify.site import Bounds, Limit, Site, Spot
from capalloc.verify.when import has


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


class Meter:
    """Adds up what comes and goes, and reads the loads against the limits of a period."""

    def __init__(self, grid: Grid, site: Site) -> None:
        self._grid, self._site = grid, site
        self._load = [0] * len(site.nodes)
        self._change: dict[int, dict[int, int]] = {lost: {} for lost in grid.contingent}
        """What the loss of each contingency adds to the load of each node outside of it."""
        self._own = grid.limit_units(site.normal), grid.limit_units(site.failover)

    def add_racks(self, spot: Spot, draw: int) -> None:
        """Racks of a spot draw so much more, in draw units."""
        paths = self._grid.paths(spot)
        for node, weight in paths.normal:
            self._load[node] += draw * weight
        for lost, path in paths.losses:
            change = self._change[lost]
            for node, weight in path:
                change[node] = change.get(node, 0) + draw * weight

    def add_static(self, node: int, load: int) -> None:
        """A node has so much more static load, in load units; a loss at or above it takes that away."""
        path = self._site.path[node]
        for depth, above in enumerate(path):
            self._load[above] += load
            if above in self._change:
                change = self._change[above]
                for outside in path[depth + 1 :]:
                    change[outside] = change.get(outside, 0) - load

    def load_kw(self, node: int, lost: int | None = None) -> Fraction:
        """Load of a node at present, or what it would be after a loss outside of which it lies."""
        more = self._change[lost].get(node, 0) if lost is not None else 0
        return self._grid.load_kw(self._load[node] + more)

    def read(self, period: int) -> Flow:
        """The flow at present, under the limits of a period."""
        site, load, bounds = self._site, self._load, self._site.bounds[period]
        normal, failover = self._limits(bounds)
        over = [node for node, kw in enumerate(load) if kw > normal[node]]
        tight = [node for node, kw in enumerate(load) if kw > failover[node]]
        losses: list[Over] = []
        for lost in self._grid.contingent:
            if has(site.live[lost], period):
                after = self._after(lost, tight, failover)
                losses += [self._over(node, lost, kw, bounds) for node, kw in after]
        roots = [node for node in site.roots if has(site.live[node], period)]
        return Flow(
            site_kw=self._grid.load_kw(sum(load[node] for node in site.roots)),
            live_kw=self._grid.load_kw(sum(load[node] for node in roots)),
            capacity_kw=sum(
                (bounds[node][0].kw if node in bounds else site.normal[node].kw for node in roots), NOTHING
            ),
            normal=tuple(self._over(node, None, load[node], bounds) for node in over),
            losses=tuple(losses),
        )

    def _limits(self, bounds: Bounds) -> tuple[list[int], list[int]]:
        """Normal and failover limits in load units."""
        normal, failover = self._own[0].copy(), self._own[1].copy()
        for node, pair in bounds.items():
            normal[node], failover[node] = self._grid.limit_units(pair)
        return normal, failover

    def _after(self, lost: int, tight: list[int], failover: list[int]) -> list[tuple[int, int]]:
        """Nodes above their failover limit after a loss, with their load; the ``tight`` are that anyway."""
        load, change, path = self._load, self._change[lost], self._site.path
        after = [(node, load[node] + by) for node, by in change.items() if load[node] + by > failover[node]]
        after += [(node, load[node]) for node in tight if node not in change and lost not in path[node]]
        return sorted(after)

    def _over(self, node: int, lost: int | None, load: int, bounds: Bounds) -> Over:
        own = self._site.normal[node], self._site.failover[node]
        limit = bounds.get(node, own)[lost is not None]
        return Over(node, lost, self._grid.load_kw(load), limit)
