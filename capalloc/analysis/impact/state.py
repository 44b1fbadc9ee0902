"""A planned site while something is out, in every period, and with one more contingency node lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from capalloc.analysis.impact.feeding import Feeding, Flow
from capalloc.analysis.impact.fleet import Fleet
from capalloc.analysis.impact.outage import Outage
from capalloc.instance.model import Bools, Floats, Instance
from capalloc.instance.power.cords import cords_of
from capalloc.roster.roster import Roster

_NOISE_W = 1e-3
_AT_ONCE = 128
"""Losses that are looked at together."""


@dataclass(frozen=True, slots=True)
class Loss:
    """What the loss of one more contingency node makes of a period."""

    lost: int
    load_w: Floats
    """(V,)"""
    over: Bools
    """(V,) nodes beyond their failover limit."""
    more: Bools
    """(V,) nodes that carry more than without this loss."""
    kw_lost: float
    """Of all that is dark then."""


class State:
    """V nodes and R racks over T periods while something is out."""

    def __init__(self, instance: Instance, roster: Roster, outage: Outage) -> None:
        site = instance.scenario.facility
        cords = cords_of(site)
        self.outage = outage
        self.fleet = Fleet(instance, roster, cords)
        self.stopped: Bools = self.fleet.at(outage.stopped)
        """(R,) racks that cannot run where they stand."""
        self.node_names = tuple(node.name for node in outage.before.nodes)
        self.limit_w = outage.limit_w
        """(V, T) what each node may carry."""
        self._feeding = Feeding(outage.before, cords, site.pue)

    @cached_property
    def _drawn_w(self) -> Floats:
        """(G, T) W of the racks that can run."""
        return self.fleet.by_way(self.fleet.drawn_w, ~self.stopped)

    @cached_property
    def _kw(self) -> Floats:
        """(G, T) kW that racks which can run count for those whom they serve."""
        return self.fleet.by_way(self.fleet.kw, ~self.stopped)

    @cached_property
    def _normal(self) -> Flow:
        """What flows by the plan, nothing being out."""
        before = self.outage.before
        drawn = self.fleet.by_way(self.fleet.drawn_w, self.fleet.placed)
        return self._feeding.flow(before.energised, drawn, before.static_w)

    @property
    def normal_w(self) -> Floats:
        """(V, T) load by the plan, nothing being out."""
        return self._normal.load_w

    @cached_property
    def flow(self) -> Flow:
        """What flows in each period."""
        return self._feeding.flow(self.outage.alive, self._drawn_w, self.outage.after.static_w)

    @cached_property
    def over(self) -> Bools:
        """(V, T) nodes beyond their failover limit."""
        return np.asarray(self.flow.load_w > self.limit_w + _NOISE_W)

    @cached_property
    def strained(self) -> Bools:
        """(V, T) nodes that carry more than by the plan, or are beyond their failover limit."""
        return self.over | (self.flow.load_w > self.normal_w + _NOISE_W)

    @cached_property
    def dark(self) -> Bools:
        """(R, T) racks that go dark."""
        return np.asarray(self.fleet.on & (self.stopped[:, None] | self.fleet.of_way(self.flow.dark)))

    @cached_property
    def on_one_feed(self) -> Bools:
        """(R, T) racks that lose one of the two feeds that they would have."""
        fewer = self.flow.on_one_feed & ~self._normal.on_one_feed
        return np.asarray(self.fleet.on & ~self.stopped[:, None] & self.fleet.of_way(fewer))

    @cached_property
    def kw_lost(self) -> Floats:
        """(T,) kW of the dark racks."""
        return np.asarray((self.fleet.kw * self.dark).sum(axis=0))

    @cached_property
    def kw_on_one_feed(self) -> Floats:
        """(T,) kW of the racks that are left with one feed."""
        return np.asarray((self.fleet.kw * self.on_one_feed).sum(axis=0))

    def losses(self, t: int) -> Iterator[Loss]:
        """The loss of each contingency node that is left in a period, one at a time."""
        forest, alive = self.outage.after, self.outage.alive[:, t]
        left = [c for c, node in enumerate(forest.nodes) if node.contingency and alive[c]]
        for first in range(0, len(left), _AT_ONCE):
            yield from self._losses(left[first : first + _AT_ONCE], t)

    def _losses(self, lost: list[int], t: int) -> Iterator[Loss]:
        after = self.outage.after
        alive = np.repeat(self.outage.alive[:, [t]], len(lost), axis=1)
        for n, c in enumerate(lost):
            alive[list(after.below[c]), n] = False
        flow = self._feeding.flow(alive, self._drawn_w[:, [t]], after.static_w[:, [t]])
        over = flow.load_w > after.failover_w[:, [t]] + _NOISE_W
        more = flow.load_w > self.flow.load_w[:, [t]] + _NOISE_W
        stopped_kw = float(self.fleet.kw[self.stopped, t].sum())
        kw = self._kw[:, t] @ flow.dark + stopped_kw
        for n, c in enumerate(lost):
            yield Loss(c, flow.load_w[:, n], over[:, n], more[:, n], float(kw[n]))
