"""Power: each node's load against its limits, in normal operation and after the loss that asks most of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from capalloc.analysis.picture.pictured import Pictured
from capalloc.analysis.picture.runs import changes
from capalloc.instance.model import Floats, Ints
from capalloc.units import W_PER_KW


@dataclass(frozen=True, slots=True)
class NodeRuns:
    """A node: its figures in the periods in which they change."""

    periods: tuple[int, ...]
    """(n,) from the first on."""
    load_kw: tuple[float, ...]
    limit_kw: tuple[float, ...]
    """0 while it is not energised."""
    after_kw: tuple[float, ...]
    failover_kw: tuple[float, ...]
    lost: tuple[int, ...]
    """(n,) the node whose loss asks most of it; -1 where none is in force."""


def node_runs(pictured: Pictured) -> Iterator[NodeRuns]:
    """Every node of the forest, in the order of its table."""
    loads = pictured.site.loads
    worst, forest = loads.worst, loads.forest
    figures = [np.round(watts / W_PER_KW, 3) + 0.0 for watts in (loads.normal_w, worst.load_w)]
    limits = [np.round(watts / W_PER_KW, 3) for watts in (forest.normal_w, forest.failover_w)]
    for v in range(len(forest.nodes)):
        rows: list[Floats | Ints] = [figures[0][v], limits[0][v], figures[1][v], limits[1][v], worst.lost[v]]
        at = list(changes(*rows))
        load, limit, after, failover, lost = (tuple(row[at].tolist()) for row in rows)
        yield NodeRuns(tuple(at), load, limit, after, failover, lost)
