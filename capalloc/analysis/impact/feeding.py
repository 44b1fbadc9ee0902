"""Where the draw of racks flows while nodes are dark: from dead feeds to live ones, then up to the roots."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from capalloc.instance.model import Bools, Floats, Ints
from capalloc.instance.power.cords import Cords
from capalloc.instance.power.forest import Forest

_NONE = -1


@dataclass(frozen=True, slots=True)
class Flow:
    """V nodes and G ways of cording in N states: periods, or losses in one period."""

    load_w: Floats
    """(V, N) static load included; 0 at nodes that are dead."""
    dark: Bools
    """(G, N) no feed is alive."""
    on_one_feed: Bools
    """(G, N) one of two feeds is alive."""


class Feeding:
    """The power forest and the cords of its positions, prepared for many states."""

    def __init__(self, forest: Forest, cords: Cords, pue: float) -> None:
        self._forest = forest
        self._feed_a = np.array([feeds[0][0] for feeds in cords.feeds], dtype=np.int64)
        self._feed_b = np.array([feeds[1][0] if len(feeds) > 1 else _NONE for feeds in cords.feeds], dtype=np.int64)
        self._share_a = np.array([feeds[0][1] for feeds in cords.feeds])[:, None]
        self._factor = np.array([pue if node.load == "facility" else 1.0 for node in forest.nodes])[:, None]
        self._levels = list(_levels(forest))

    def flow(self, alive: Bools, drawn: Floats, static: Ints) -> Flow:
        """What flows when only ``alive`` (V, N) nodes are energised.

        ``drawn`` is (G, N) or (G, 1) W of the racks of each way, ``static`` (V, N) or (V, 1) W of each node alone.
        """
        a, b = alive[self._feed_a], alive[self._feed_b] & (self._feed_b != _NONE)[:, None]
        on_a = np.where(b, self._share_a, 1.0) * a * drawn
        on_b = np.where(a, 1.0 - self._share_a, 1.0) * b * drawn
        load = np.zeros(alive.shape)
        np.add.at(load, self._feed_a, on_a)
        np.add.at(load, self._feed_b, on_b)
        racks, own = self._gathered(load), self._gathered(np.where(alive, static, 0.0))
        return Flow(racks * self._factor + own, ~a & ~b, (a ^ b) & (self._feed_b != _NONE)[:, None])

    def _gathered(self, load: Floats) -> Floats:
        """What each node carries: its own and that of the nodes below it."""
        for children, parents in self._levels:
            np.add.at(load, parents, load[children])
        return load


def _levels(forest: Forest) -> Iterator[tuple[Ints, Ints]]:
    """(nodes, their parents) of each depth, the deepest first."""
    depth = np.array([len(path) for path in forest.paths], dtype=np.int64)
    parent = np.array([path[1] if len(path) > 1 else _NONE for path in forest.paths], dtype=np.int64)
    for level in range(int(depth.max(initial=1)), 1, -1):
        nodes = np.flatnonzero(depth == level)
        yield nodes, parent[nodes]
