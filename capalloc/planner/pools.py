"""Pools and cells of an instance: what every rule but power and cooling tells apart, and what those tell apart too."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from capalloc.instance.classes import Reduction, reduce_instance
from capalloc.instance.model import Instance, Ints


@dataclass(frozen=True, slots=True)
class Pools:
    """Both levels of an instance; C cells, N pools, F profiles."""

    cells: Reduction
    pools: Reduction
    pool_of: Ints
    """(C,) pool of each cell."""
    profile_of: Ints
    """(N, D) profile by which a rack of the pool serves the demand."""
    draw_w: Ints
    """(C, F) W that a rack of the cell draws in each profile; 0 where it has fewer."""


def pool(instance: Instance) -> Pools:
    """Group an instance into cells and pools."""
    cells, pools = reduce_instance(instance), reduce_instance(instance, packing=False)
    pool_of = _pool_of(cells, pools)
    kinds = [np.unique(instance.draw_w[:, k], return_inverse=True) for k in range(len(instance.type_names))]
    most = max((len(draws) for draws, _ in kinds), default=1)
    by_kind = np.zeros((len(kinds), most), dtype=np.int64)
    for k, (draws, _) in enumerate(kinds):
        by_kind[k, : len(draws)] = draws
    numbers = np.array([number.reshape(-1) for _, number in kinds]).reshape(len(kinds), len(instance.demands))
    return Pools(cells, pools, pool_of, numbers[pools.cells.type], by_kind[cells.cells.type])


def _pool_of(cells: Reduction, pools: Reduction) -> Ints:
    """Cells are never wider than pools, so one rack (of a delivery: and one position) tells the pool."""
    standing: dict[int, int] = {}
    delivered: dict[tuple[int, int], int] = {}
    for n, racks in enumerate(pools.cells.racks):
        if pools.cells.delivery[n] < 0:
            standing.update(dict.fromkeys(racks.tolist(), n))
        else:
            delivered[int(racks[0]), int(pools.cells.place[n])] = n
    first = [int(racks[0]) for racks in cells.cells.racks]
    place = [int(pools.places.group_at[cells.places.members[q][0]]) for q in cells.cells.place]
    found = [
        standing[r] if delivery < 0 else delivered[r, q]
        for r, q, delivery in zip(first, place, cells.cells.delivery.tolist(), strict=True)
    ]
    return np.array(found, dtype=np.int64)
