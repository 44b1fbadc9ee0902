"""The arrays of a placement problem: what racks may stand on, what they load, and what limits that."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from capalloc.instance.model import Bools, Floats, Ints
from capalloc.instance.power.forest import Forest
from capalloc.schema.facility import Facility
from capalloc.schema.hardware import Cooling

NO_LIMIT = np.int64(1) << 60
"""A limit in milliwatts that nothing reaches."""
NONE = -1
"""A number that stands for no cell, no container or no zone."""
NOISE: float = 1e-6
"""Milliwatts below which a fraction of a load is binary noise: shares are multiples of SHARE_STEP, or a little too
large."""
SHARE_STEP: float = 1e-5
LEVELS = ("row", "fabric_block", "hall", "none")
"""What a request keeps together, from the smallest; the numbers of the levels are their places here."""
HEATS = 3
"""Kinds of heat that a zone may limit: all of it, that by liquid, that by air."""
COOLINGS: tuple[Cooling, ...] = ("liquid", "air", "hybrid")
"""How positions are cooled; the numbers of their bits are their places here."""
ANYWHERE = LEVELS.index("none")
"""The level of requests that nothing keeps together: its one container is the site."""


class Layout(NamedTuple):
    """Arrays over S cells, V power nodes, Q losses that load a node more, G ways of cording, Z zones, K containers.

    Power and heat are in milliwatts.

    A cell is all free positions of one row that share cords, zone, cooling and block: nothing tells them apart. A
    container is what a request may have to stand in: rows first, then blocks, halls, and the site as the last.
    """

    way_ptr: Ints
    """(G + 1,) slices of the next two."""
    way_node: Ints
    """Nodes that a way of cording loads in normal operation."""
    way_weight: Floats
    """Load on the node per unit drawn."""
    loss_ptr: Ints
    """(G + 1,) slices of the next two."""
    way_loss: Ints
    """Losses whose load a way of cording changes."""
    loss_before: Floats
    """Load on the node of the loss per unit drawn, in normal operation."""
    loss_after: Floats
    """The same after the loss; less than before only where ``relieved``."""
    loss_node: Ints
    """(Q,) the node that is loaded more."""
    node_ptr: Ints
    """(V + 1,) slices of the next."""
    node_loss: Ints
    """Losses of each node."""
    relieved: Bools
    """(V,) a loss below the node may lower its load, which counts since its failover limit is the lower one."""
    least_added: Ints
    """(V,) what the loss adds that changes nothing: 0, or -NO_LIMIT where there is no such loss."""
    normal: Ints
    """(V,) limit in normal operation; NO_LIMIT where it cannot bind."""
    failover: Ints
    """(V,) limit after a loss; NO_LIMIT where none can bind."""
    zone_limit: Ints
    """(Z, 3) on all heat, on that by liquid and on that by air; NO_LIMIT where the zone has no such limit."""
    cell_way: Ints
    cell_zone: Ints
    """(S,) NONE where no zone limits the cell."""
    cell_cooling: Ints
    """(S,) the bit of how its positions are cooled."""
    cell_container: Ints
    """(S, 4) row, block, hall, site; NONE where the cell is in no block."""
    cell_ptr: Ints
    """(K + 1,) slices of the next."""
    cells: Ints
    """Cells of each container in order."""
    level_ptr: Ints
    """(5,) slices of the containers of each level."""


class Occupancy(NamedTuple):
    """What stands, as loads and free positions; the mutable half of a problem."""

    load: Ints
    """(V,) in normal operation, static load included."""
    added: Ints
    """(Q,) what each loss adds to its node."""
    worst_added: Ints
    """(V,) the most that any loss adds."""
    heat: Ints
    """(Z, 3) all of it, by liquid and by air."""
    free: Ints
    """(S,) free positions."""
    container_free: Ints
    """(K,) free positions of each container."""


@dataclass(frozen=True, slots=True)
class PlacementProblem:
    """A facility on one day: the layout, what stands, and the names that its numbers stand for. P positions."""

    layout: Layout
    empty: Occupancy
    """The occupancy before anything is placed: what stands, and static loads."""
    facility: Facility
    forest: Forest
    cells: tuple[Ints, ...]
    """Free positions of each cell, in order of the table."""
    cell_of: Ints
    """(P,) cell of each position; NONE where a rack of the facility stands or the position is dark."""
    container_names: tuple[str, ...]
    losses: tuple[tuple[int, int], ...]
    """(contingency, node) of each loss."""
    container_number: dict[tuple[int, str], int]
    """Containers by level and name."""

    def most_free(self, level: Ints, home: Ints) -> Ints:
        """(N,) free positions of the container that groups have to stand in, or else of the largest of their level."""
        free, ptr = self.empty.container_free, self.layout.level_ptr
        largest = np.array([free[first:end].max(initial=0) for first, end in pairwise(ptr)], dtype=np.int64)
        most: Ints = np.where(home == NONE, largest[level], np.append(free, 0)[home])
        return most

    def container(self, level: int, name: str | None) -> int:
        """The container of a level by its name; NONE where no free position is in one of that name."""
        return NONE if name is None else self.container_number.get((level, name), NONE)
