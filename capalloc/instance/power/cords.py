"""How positions are corded: those on the same feeds with the same shares load every node alike."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from capalloc.instance.model import Floats, Ints
from capalloc.instance.power.forest import Forest
from capalloc.schema.checks.cached_check import cached_check
from capalloc.schema.facility import Facility

Shares = tuple[tuple[int, float], ...]
"""(power node, share of the draw in normal operation) of each feed."""


@dataclass(frozen=True)
class Cords:
    """P positions, corded in G ways."""

    feeds: tuple[Shares, ...]
    """The feeds of each way."""
    way: Ints
    """(P,) the way in which each position is corded."""

    @cached_property
    def places(self) -> tuple[Ints, ...]:
        """Positions of each way, in order."""
        return tuple(np.split(np.argsort(self.way, kind="stable"), np.cumsum(self.sizes)[:-1]))

    @cached_property
    def sizes(self) -> Ints:
        """(G,) number of positions of each way."""
        return np.bincount(self.way, minlength=len(self.feeds))

    def carried(self, forest: Forest) -> Floats:
        """(V, G) share of a rack's draw that goes through each node in normal operation, by way."""
        share = np.zeros((len(forest.nodes), len(self.feeds)))
        for way, feeds in enumerate(self.feeds):
            for feed, part in feeds:
                share[list(forest.paths[feed]), way] += part
        return share


@cached_check
def cords_of(site: Facility) -> Cords:
    """The cords of a site's positions, ways numbered as they occur; scenarios of one site share them."""
    positions, index = site.positions, {node.name: v for v, node in enumerate(site.power)}
    number: dict[tuple[str, str | None, float | None], int] = {}
    cords = ((place.feed_a, place.feed_b, place.split_a) for place in positions)
    way = np.array([number.setdefault(cord, len(number)) for cord in cords], dtype=np.int64)
    first = np.unique(way, return_index=True)[1].tolist()
    feeds = (tuple((index[feed], share) for feed, share in positions[p].shares) for p in first)
    return Cords(tuple(feeds), way)
