"""Load of every power node, in normal operation and after each loss, period by period."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from capalloc.instance.model import Bools, Floats, Instance, Ints
from capalloc.instance.power.cords import Cords, cords_of
from capalloc.instance.power.forest import Forest, build_forest
from capalloc.instance.power.limits import Loads, Weights, static_below
from capalloc.metrics.site import position_draw_w
from capalloc.roster.roster import Roster

NO_LOSS = -1
"""In ``Worst.lost``: no contingency that leaves the node alive is in force."""


@dataclass(frozen=True, slots=True)
class Worst:
    """What the loss that asks most of each node makes it carry."""

    lost: Ints
    """(V, T) the contingency; NO_LOSS where there is none."""
    load_w: Floats
    """(V, T) load then; the normal load where there is none."""


class NodeLoads:
    """Loads of V nodes over T periods, static load included."""

    def __init__(self, instance: Instance, roster: Roster) -> None:
        scenario = instance.scenario
        self.forest: Forest = build_forest(scenario, instance.periods)
        self.cords: Cords = cords_of(scenario.facility)
        self._loads = Loads(self.forest, self.cords, scenario.facility.pue)
        self._drawn = self._by_way(position_draw_w(instance, roster))
        self.contingencies = [c for c, node in enumerate(self.forest.nodes) if node.contingency]
        """Nodes whose loss the plan must survive."""

    def _by_way(self, draw: Floats) -> Floats:
        """(G, T) W drawn by all positions of each way of cording."""
        drawn = np.zeros((len(self.cords.feeds), draw.shape[1]))
        np.add.at(drawn, self.cords.way, draw)
        return drawn

    @cached_property
    def normal_w(self) -> Floats:
        """(V, T) load in normal operation."""
        racks = (self._carried(weights) for weights in self._loads.normal())
        return np.array(list(racks)).reshape(self.forest.static_below_w.shape) + self.forest.static_below_w

    def changes_w(self, lost: int) -> dict[int, Floats]:
        """What a loss adds to the load of each node outside of it that it touches, (T,)."""
        forest, (moved, after) = self.forest, self._loads.after(lost)
        before = self._loads.before(moved)
        static = forest.static_below_w[lost]
        above = forest.paths[lost][1:] if static.any() else ()
        touched = sorted({*before, *after, *above} - forest.below[lost])
        return {
            v: self._carried(after.get(v, {}))
            - self._carried(before.get(v, {}))
            - (forest.static_below_w[v] - static_below(forest, v, lost))
            for v in touched
        }

    def _carried(self, weights: Weights) -> Floats:
        return np.asarray(np.array(list(weights.values())) @ self._drawn[list(weights)])

    @cached_property
    def worst(self) -> Worst:
        """The loss that asks most of each node; of equal ones the first in the table of nodes."""
        shape = self.forest.energised.shape
        lost, load = np.full(shape, NO_LOSS), np.full(shape, -np.inf)
        touched: list[list[int]] = [[] for _ in self.forest.nodes]
        for c in self.contingencies:
            for v, change in self.changes_w(c).items():
                touched[v].append(c)
                self._take(v, c, self.normal_w[v] + change, self.forest.energised[c], lost, load)
        for v, lone in self._untouched(touched):
            self._take(v, lone, self.normal_w[v], np.ones(shape[1], dtype=bool), lost, load)
        return Worst(lost, np.where(lost == NO_LOSS, self.normal_w, load))

    @staticmethod
    def _take(v: int, by: int | Ints, after: Floats, live: Bools, lost: Ints, load: Floats) -> None:
        """Note a loss of a node where it asks more than those before it."""
        more = live & (by != NO_LOSS) & (after > load[v])
        load[v, more] = after[more]
        lost[v, more] = np.broadcast_to(by, more.shape)[more]

    def _untouched(self, touched: list[list[int]]) -> Iterator[tuple[int, Ints]]:
        """For each node, (T,) the first contingency in force whose loss moves nothing onto or off it."""
        known: dict[tuple[int, ...], Ints] = {}
        for v, told in enumerate(touched):
            key = tuple(sorted({*told, *self.forest.paths[v]}))
            if key not in known:
                known[key] = self._first_live([c for c in self.contingencies if c not in key])
            yield v, known[key]

    def _first_live(self, contingencies: list[int]) -> Ints:
        live = self.forest.energised[contingencies]
        if not len(live):
            return np.full(live.shape[1], NO_LOSS)
        return np.where(live.any(axis=0), np.array(contingencies)[np.argmax(live, axis=0)], NO_LOSS)
