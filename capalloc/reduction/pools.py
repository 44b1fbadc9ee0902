"""Two-level aggregation: pools, which all rules but power and cooling can tell apart, and classes, which those can too.

A pool is a union of classes. Whom racks serve is counted by pool and what they draw by class, which needs fewer
columns than who serves whom by class; :mod:`capalloc.reduction.disaggregate` leads back.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from capalloc.instance.model import Instance, Ints
from capalloc.instance.read_only import ReadOnly
from capalloc.reduction.classes import Reduction, reduce_instance


@dataclass(frozen=True, slots=True)
class Pools(ReadOnly):
    """Both levels of an instance; C classes, N pools, F profiles."""

    by_class: Reduction
    by_pool: Reduction
    pool_of: Ints
    """(C,) pool of each class."""
    profile_of: Ints
    """(N, D) profile by which a rack of the pool serves the demand."""
    draw_w: Ints
    """(C, F) W that a rack of the class draws in each profile; 0 where it has fewer."""


def pool(instance: Instance) -> Pools:
    """Group the racks of an instance into classes, and the classes into pools."""
    by_class, by_pool = reduce_instance(instance), reduce_instance(instance, packing=False)
    pool_of = _pool_of(by_class, by_pool)
    kinds = [np.unique(instance.draw_w[:, k], return_inverse=True) for k in range(len(instance.type_names))]
    most = max((len(draws) for draws, _ in kinds), default=1)
    by_kind = np.zeros((len(kinds), most), dtype=np.int64)
    for k, (draws, _) in enumerate(kinds):
        by_kind[k, : len(draws)] = draws
    numbers = np.array([number.reshape(-1) for _, number in kinds]).reshape(len(kinds), len(instance.demands))
    return Pools(by_class, by_pool, pool_of, numbers[by_pool.classes.type], by_kind[by_class.classes.type])


def _pool_of(by_class: Reduction, by_pool: Reduction) -> Ints:
    """Classes are never wider than pools, so one rack (of a delivery: and one position) tells the pool."""
    standing: dict[int, int] = {}
    delivered: dict[tuple[int, int], int] = {}
    for n, racks in enumerate(by_pool.classes.racks):
        if by_pool.classes.delivery[n] < 0:
            standing.update(dict.fromkeys(racks.tolist(), n))
        else:
            delivered[int(racks[0]), int(by_pool.classes.position_class[n])] = n
    first = [int(racks[0]) for racks in by_class.classes.racks]
    place = [
        int(by_pool.position_classes.class_at[by_class.position_classes.members[q][0]])
        for q in by_class.classes.position_class
    ]
    found = [
        standing[r] if delivery < 0 else delivered[r, q]
        for r, q, delivery in zip(first, place, by_class.classes.delivery.tolist(), strict=True)
    ]
    return np.array(found, dtype=np.int64)
