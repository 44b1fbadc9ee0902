"""What a rack takes of what is scarce: prices of power, heat and positions, and orders that follow from them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from capalloc.instance.groups import Groups
from capalloc.instance.layout import NO_LIMIT, Floats, Floorplan
from capalloc.instance.model import Ints

_STEEP = 6
"""How much more a resource counts that is asked for more than another is."""
_GUIDED = 0.3
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


def scarcity(plan: Floorplan, groups: Groups) -> Scarcity:
    """Compare what is asked for with what is left of the whole site."""
    takes = np.column_stack((groups.power, groups.heat, np.ones(len(groups.racks)))).astype(np.float64)
    left = np.maximum(_left(plan), 1.0)
    asked = groups.racks @ takes / left
    weight = (asked / max(asked.max(initial=0.0), 1e-12)) ** _STEEP
    size = takes / left @ weight
    worth = groups.gain * groups.racks + groups.bonus
    total = size * groups.racks
    density = worth / np.maximum(total, 1e-300)
    return Scarcity(size, _GUIDED * _margin(density, total, weight.sum()) * size, density)


def _left(plan: Floorplan) -> Floats:
    """Power at the roots and heat that may still be added, in mW, and free positions."""
    layout, empty = plan.layout, plan.empty
    roots = list(plan.forest.roots)
    power = np.maximum(layout.normal[roots] - empty.load[roots], 0).sum()
    zones = np.maximum(layout.zone_limit - empty.heat, 0).sum() if (layout.cell_zone >= 0).all() else NO_LIMIT
    return np.array([power, zones, empty.free.sum()], dtype=np.float64)


def _margin(density: Floats, total: Floats, room: float) -> float:
    """Density of the first group that no longer fits when the densest are taken first; 0 where all fit."""
    order = np.argsort(-density, kind="stable")
    taken = np.cumsum(total[order])
    beyond = np.flatnonzero(taken > room)
    return float(density[order[beyond[0]]]) if len(beyond) else 0.0


def orders(groups: Groups, scarce: Scarcity, generator: np.random.Generator) -> tuple[Ints, ...]:
    """Orders to place groups in: the densest first, the largest first, as asked for, and mixed."""
    total = scarce.size * groups.racks
    return (
        np.lexsort((-total, -scarce.density)),
        np.lexsort((-groups.racks, -total)),
        np.arange(len(total)),
        generator.permutation(len(total)),
    )
