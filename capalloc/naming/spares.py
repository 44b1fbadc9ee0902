"""Spares that stay the same racks: counts say how many of each class are held, and classes may take turns for nothing.

A spare draws, earns and costs what any other idle rack does, so exchanging one for an idle rack that the demand may use
keeps every rule and the plan's worth.
"""

from __future__ import annotations

import math

import numpy as np

from capalloc.instance.model import NOBODY, Bools, Instance, Ints
from capalloc.instance.resolution import decimal
from capalloc.roster.roster import Roster


def steady_spares(instance: Instance, roster: Roster) -> None:
    """Exchange spares of a roster, in place: they stay while they are idle, new ones are those that are idle longest.

    As many stay held for each demand in each period. Greedy, period by period; ties break by index. Where demands that
    may use few racks would find none left, the period's spares stay as they are.
    """
    demands = np.unique(roster.buffer[roster.buffer != NOBODY])
    if not len(demands):
        return
    fits = _fits(instance, roster, demands)
    racks = np.flatnonzero(fits.any(axis=1) & (roster.serving == NOBODY).any(axis=1))
    fits, idle = fits[racks], _idle(instance, roster, racks)
    runs = _runs(idle)
    before = np.full(len(racks), NOBODY)
    for t in range(idle.shape[1]):
        before = _steady(roster.buffer[racks, t], before, demands, fits & idle[:, t, None], runs[:, t])
        roster.buffer[racks, t] = before


def hold_spares(instance: Instance, roster: Roster) -> None:
    """Hold spares in a roster that has none, in place: as many in each period as the buffers of demands ask for.

    Greedy: demands that may use the fewest racks first, ties by index. It may find too few where another choice would
    leave enough.
    """
    asking = np.array([d for d, one in enumerate(instance.demands) if one.demand.buffer_share], dtype=np.int64)
    if not len(asking):
        return
    fits, idle = _fits(instance, roster, asking), _idle(instance, roster, np.arange(len(roster.serving)))
    for n in np.argsort(fits.sum(axis=0), kind="stable"):
        d = int(asking[n])
        share = decimal(instance.demands[d].demand.buffer_share)
        for t in range(idle.shape[1]):
            free = np.flatnonzero(fits[:, n] & idle[:, t] & (roster.buffer[:, t] == NOBODY))
            roster.buffer[free[: math.ceil(share * int((roster.serving[:, t] == d).sum()))], t] = d


def _steady(held: Ints, before: Ints, demands: Ints, may: Bools, run: Ints) -> Ints:
    """Who each rack is held for: as many for each demand as ``held``, those of ``before`` first."""
    found, counts = np.full_like(held, NOBODY), [int((held == d).sum()) for d in demands]
    for n, demand in enumerate(demands):
        found[_longest(np.flatnonzero(may[:, n] & (before == demand)), run, counts[n])] = demand
    for n, demand in enumerate(demands):
        missing = counts[n] - int((found == demand).sum())
        free = np.flatnonzero(may[:, n] & (found == NOBODY)) if missing else np.zeros(0, dtype=np.int64)
        if len(free) < missing:
            return held
        found[_longest(free, run, missing)] = demand
    return found


def _longest(racks: Ints, run: Ints, count: int) -> Ints:
    """Up to ``count`` of some racks, those that are idle longest first."""
    return racks if len(racks) <= count else racks[np.argsort(-run[racks], kind="stable")[:count]]


def _fits(instance: Instance, roster: Roster, demands: Ints) -> Bools:
    """(R, len(demands)) racks that stand where the demand may use them."""
    stands, kin = roster.position >= 0, instance.racks.kin
    inside = np.column_stack([instance.allowed[kin, d, roster.position] for d in demands.tolist()])
    return np.asarray(instance.racks.eligible[:, demands] & inside & stands[:, None])


def _idle(instance: Instance, roster: Roster, racks: Ints) -> Bools:
    """(n, T) periods in which each rack could run, serves nobody and is not off."""
    could = instance.racks.usable[racks] & instance.positions.ok[roster.position[racks]]
    return np.asarray(could & (roster.serving[racks] == NOBODY) & ~roster.off[racks])


def _runs(idle: Bools) -> Ints:
    """(n, T) for how many periods from each on a rack stays idle."""
    runs = np.zeros(idle.shape, dtype=np.int64)
    for t in reversed(range(idle.shape[1])):
        runs[:, t] = (runs[:, t + 1] + 1 if t + 1 < idle.shape[1] else 1) * idle[:, t]
    return runs
