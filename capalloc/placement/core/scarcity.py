"""What a rack takes of what is scarce: prices of power, heat and positions, and orders that follow from them.

The multi-dimensional knapsack's greedy: several resources are made one by weights that grow with how far each is asked
for beyond what there is, and groups come by worth for weighted size (efficiency order; Kellerer, Pferschy and
Pisinger, Knapsack Problems, Springer 2004, chapter 9). Where the densest groups fill the site the density of the first
that is left out is a surrogate price; a share of it is charged in the search, so that a group gives way to one that
makes more of the same power. Prices guide and decide nothing: worth alone says which placement is best.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from capalloc.instance.model import Bools, Floats, Ints
from capalloc.placement.problem.layout import HEATS, NO_LIMIT, PlacementProblem
from capalloc.placement.problem.requests import Groups

_STEEPNESS = 6
"""Power of the share of what there is that is asked for, where all of it fits: the scarcest counts by far the most."""
_SAME_DENSITY = 0.01
"""Relative difference up to which groups are worth the same for what they take: no price tells them apart."""
_PRICE_SHARE = 0.3
"""Share of its price that a rack costs the search: at 1 whatever lies at the margin would be worth nothing."""


@dataclass(frozen=True, slots=True)
class Scarcity:
    """N groups by what they take."""

    size: Floats
    """(N,) what a rack takes of the site, each resource weighted by how scarce it is."""
    cost: Floats
    """(N,) the same as worth, at the margin where what is asked for no longer fits; 0 where all may fit."""
    density: Floats
    """(N,) worth of a group for what it takes."""
    beyond: Bools
    """(N,) groups that no longer fit when the densest are taken first."""


def scarcity(problem: PlacementProblem, groups: Groups) -> Scarcity:
    """Compare what is asked for with what is left of the whole site."""
    heat_left = _heat_left(problem)
    kinds = [kind for kind in range(HEATS) if heat_left[kind] < NO_LIMIT and groups.heat[:, kind].any()] or [0]
    columns = (groups.power, *groups.heat[:, kinds].T, np.ones(len(groups.racks)))
    takes = np.column_stack(columns).astype(np.float64)
    left = np.maximum([_power_left(problem), *heat_left[kinds], float(problem.empty.free.sum())], 1.0)
    asked = groups.racks @ takes / left
    weight = _weights(asked)
    size = takes / left @ weight
    worth = groups.gain * groups.racks + groups.bonus
    total = size * groups.racks
    density = worth / np.maximum(total, 1e-300)
    beyond = _beyond(density, total, weight.sum())
    same = density.max(initial=0.0) <= density.min(initial=np.inf) * (1.0 + _SAME_DENSITY)
    margin = 0.0 if same else density[beyond].max(initial=0.0)
    return Scarcity(size, _PRICE_SHARE * margin * size, density, beyond)


def _weights(asked: Floats) -> Floats:
    """How scarce each resource is, from 0 to 1: by what is asked for beyond what there is, else by all that is."""
    excess = np.maximum(asked - 1.0, 0.0)
    scarce: Floats = excess if excess.any() else asked**_STEEPNESS
    return scarce / max(float(scarce.max()), 1e-300)


def _heat_left(problem: PlacementProblem) -> Floats:
    """(3,) heat of each kind that may still be added; NO_LIMIT where some cell may add any amount.

    Where zones differ, one with a single limit counts with that for heat by liquid and for heat by air.
    """
    layout, empty = problem.layout, problem.empty
    left = np.maximum(layout.zone_limit - empty.heat, 0)
    whole = layout.zone_limit[:, 0] < NO_LIMIT
    if not whole.all():
        left[whole, 1:] = left[whole, :1]
    bound = (layout.cell_zone >= 0).all() & (left < NO_LIMIT // 2).all(axis=0)
    return np.where(bound, left.sum(axis=0, dtype=np.float64), float(NO_LIMIT))


def _power_left(problem: PlacementProblem) -> float:
    """Least that the nodes of one depth may still carry together, of those depths that every rack draws through."""
    layout, ways = problem.layout, len(problem.layout.way_ptr) - 1
    depth = np.array([len(path) - 1 for path in problem.forest.paths])
    way, node = np.repeat(np.arange(ways), np.diff(layout.way_ptr)), layout.way_node
    left = np.maximum(layout.normal - problem.empty.load, 0).astype(np.float64)
    found = [float(NO_LIMIT)]
    for level in range(int(depth[node].max(initial=-1)) + 1):
        here = depth[node] == level
        drawn = np.bincount(way[here], layout.way_weight[here], ways)
        if (drawn > 0).all():
            found.append(float(left[np.unique(node[here])].sum() / drawn.mean()))
    return min(found)


def _beyond(density: Floats, total: Floats, room: float) -> Bools:
    """Which groups no longer fit when the densest are taken first."""
    order = np.argsort(-density, kind="stable")
    beyond = np.zeros(len(density), dtype=bool)
    beyond[order] = np.cumsum(total[order]) > room
    return beyond


def densest_first(groups: Groups, scarce: Scarcity) -> Ints:
    """Groups by worth for what they take; of like ones the largest first."""
    return np.lexsort((-scarce.size * groups.racks, -scarce.density))


def orders(groups: Groups, scarce: Scarcity, generator: np.random.Generator) -> tuple[Ints, ...]:
    """Orders to place groups in: the densest first, the largest first, mixed, and mixed with the thinnest last."""
    mixed = generator.permutation(len(groups.racks))
    total = scarce.size * groups.racks
    return (
        densest_first(groups, scarce),
        np.lexsort((-groups.racks, -total)),
        mixed,
        mixed[np.argsort(np.where(scarce.beyond, -scarce.density, -np.inf)[mixed], kind="stable")],
    )


def sparing_orders(groups: Groups, scarce: Scarcity) -> tuple[Ints, Ints]:
    """Orders to place groups in under a reserve, those that do not fit beside the densest last.

    By what they keep together and then the largest first; and by what a rack draws, the most first.
    """
    total = scarce.size * groups.racks
    together = np.lexsort((-total, groups.level, scarce.beyond))
    return together, np.lexsort((-total, groups.level, -groups.power, scarce.beyond))
