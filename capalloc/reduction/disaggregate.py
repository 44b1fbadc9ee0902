"""Disaggregation: from counts by pool and profile to counts by class and demand.

Any rack of a class that draws a profile may serve any demand of that profile, so in one period every way to
disaggregate keeps every rule and earns the same. From one period to the next it may need more departures than the
pools count: racks stay with whom they served before as far as the counts let them. (Rogers, Plante, Wong, Evans:
Aggregation and disaggregation techniques and methodology in optimization, Operations Research 39, 1991,
doi 10.1287/opre.39.4.553.)
"""

from __future__ import annotations

import numpy as np

from capalloc.instance.model import Ints
from capalloc.reduction.counts import Counts
from capalloc.reduction.pools import Pools


def disaggregate(pools: Pools, served: Counts, drawn: Counts) -> Counts:
    """Counts by class, demand and period.

    ``served`` is by pool and demand, ``drawn`` by class and profile; both agree in each pool, profile and period.
    """
    classes = pools.by_class.classes
    demands = served.serve.shape[1]
    serve = np.zeros((len(pools.pool_of), *served.serve.shape[1:]), dtype=np.int64)
    members = [np.flatnonzero(pools.pool_of == n) for n in range(len(pools.by_pool.classes.size))]
    before = np.where(classes.held[:, None] == np.arange(demands)[None, :], classes.size[:, None], 0)
    for t in range(serve.shape[2]):
        for n, mine in enumerate(members):
            _disaggregate_pool(pools, n, mine, served.serve[n, :, t], drawn.serve[mine, :, t], before, serve[:, :, t])
        before = serve[:, :, t]
    hold = _disaggregate_spares(pools, members, served.hold, _idle(pools, drawn))
    return Counts(serve, drawn.off, hold, drawn.place)


def _disaggregate_pool(pools: Pools, n: int, mine: Ints, wanted: Ints, drawn: Ints, before: Ints, serve: Ints) -> None:
    """Fill ``serve`` (C, D) at a pool's classes, profile by profile; ``drawn`` is (classes, F)."""
    for f in np.unique(pools.profile_of[n, wanted > 0]):
        some = np.flatnonzero((pools.profile_of[n] == f) & (wanted > 0))
        room, left = drawn[:, f].copy(), wanted[some].copy()
        spare = left - before[np.ix_(mine, some)].sum(axis=0)
        for i in np.argsort(-spare, kind="stable"):  # who keeps all goes first
            stay = _at_most(np.minimum(before[mine, some[i]], room), left[i])
            serve[mine, some[i]] = stay
            room, left[i] = room - stay, left[i] - stay.sum()
        for i, d in enumerate(some):
            more = _at_most(room, left[i])
            serve[mine, d] += more
            room = room - more


def _at_most(counts: Ints, total: int) -> Ints:
    """The first counts of a list that sum up to no more than the total."""
    before = np.cumsum(counts) - counts
    taken: Ints = np.clip(total - before, 0, counts)
    return taken


def _idle(pools: Pools, drawn: Counts) -> Ints:
    """(C, T) powered racks of each class that serve nobody."""
    classes = pools.by_class.classes
    standing = np.where(classes.delivery < 0, classes.size, drawn.place)
    idle: Ints = np.where(classes.usable, standing[:, None], 0) - drawn.serve.sum(axis=1) - drawn.off
    return idle


def _disaggregate_spares(pools: Pools, members: list[Ints], held: Ints, idle: Ints) -> Ints:
    """(C, D, T) spares of each demand, from the idle racks of the classes of its pool."""
    hold = np.zeros((len(pools.pool_of), *held.shape[1:]), dtype=np.int64)
    left = idle.copy()
    for n, d, t in zip(*np.nonzero(held), strict=True):
        taken = _at_most(left[members[n], t], int(held[n, d, t]))
        hold[members[n], d, t] = taken
        left[members[n], t] -= taken
    return hold
