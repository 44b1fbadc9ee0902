"""Packs a layout and groups into the records of the placement core."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from capalloc.instance.groups import Groups
from capalloc.instance.layout import LEVELS, NONE, Floats, Floorplan
from capalloc.instance.model import Ints
from capalloc.placement import records as at

_LOG_MOVES = 4096
"""Moves that the log holds beside those of the largest groups."""


@dataclass(frozen=True, slots=True)
class Memory:
    """The records of one problem, and where they begin."""

    m: Ints
    w: Floats
    nodes: int
    losses: int
    zones: int
    cells: int
    containers: int
    groups: int
    entries: int
    """Place of the first entry; groups have theirs one after the other."""
    entries_end: int

    def placed(self) -> Ints:
        """(N,) racks of each group that are placed."""
        placed: Ints = self.m[self.groups : self.entries].reshape(-1, at.GROUP)[:, at.PLACED]
        return placed

    def copy(self) -> Memory:
        """An independent copy."""
        return Memory(self.m.copy(), self.w.copy(), *(getattr(self, name) for name in self.__slots__[2:]))


class _Arena:
    """Hands out places of the array that is being made."""

    def __init__(self) -> None:
        self.end = at.HEADER

    def take(self, records: int, width: int) -> int:
        """The place of so many new records."""
        begin = self.end
        self.end += records * width
        return begin


def pack(plan: Floorplan, groups: Groups, cost: Floats, seed: int) -> Memory:
    """The records of a floor plan with what stands already, and of groups of which nothing is placed.

    ``cost`` (N,) is what a placed rack takes of what is scarce, as worth; it guides the search and is no part of the
    answer.
    """
    layout, empty = plan.layout, plan.empty
    most = np.minimum(groups.racks, empty.free.sum())
    arena = _Arena()
    nodes = arena.take(len(layout.normal), at.NODE)
    by_loss = arena.take(len(layout.node_loss), 1)
    losses = arena.take(len(layout.loss_node), at.LOSS)
    zones = arena.take(len(layout.zone_limit), at.ZONE)
    loads = arena.take(len(layout.way_node), 1)
    moves = arena.take(len(layout.way_loss), at.MOVE)
    cells = arena.take(len(layout.cell_way), at.CELL)
    within = arena.take(len(layout.cells), 1)
    containers = arena.take(len(layout.cell_ptr) - 1, at.CONTAINER)
    lists = arena.take(int(empty.free.sum()), at.SLOTTED)
    rows = arena.take(len(groups.racks), at.GROUP)
    entries = arena.take(int(most.sum()), at.ENTRY)
    entries_end = arena.end
    log = arena.take(10 * int(most.max(initial=0)) + _LOG_MOVES, at.LOGGED_MOVE)
    m, w = np.zeros(arena.end, dtype=np.int64), np.zeros(arena.end)

    node = m[nodes:by_loss].reshape(-1, at.NODE)
    node[:, at.NORMAL], node[:, at.FAILOVER] = layout.normal, layout.failover
    node[:, at.LOAD], node[:, at.WORST], node[:, at.FLOOR] = empty.load, empty.worst, layout.floor
    node[:, at.RELIEVED] = layout.relieved
    node[:, at.BY_LOSS], node[:, at.BY_LOSS_END] = _slices(layout.node_ptr, by_loss)
    paired = (np.diff(layout.node_ptr) > 0) & (layout.normal > 0)
    levelled = np.where(paired, 1.0 / np.maximum(layout.normal, 1).astype(np.float64) ** 2, 0.0)
    w[nodes : by_loss : at.NODE] = levelled
    w[at.IMBALANCE] = float(levelled @ empty.load.astype(np.float64) ** 2)
    m[by_loss:losses] = losses + layout.node_loss * at.LOSS

    loss = m[losses:zones].reshape(-1, at.LOSS)
    loss[:, at.OF_NODE], loss[:, at.ADDED] = nodes + layout.loss_node * at.NODE, empty.added
    zone = m[zones:loads].reshape(-1, at.ZONE)
    zone[:, at.LIMIT], zone[:, at.WARM] = layout.zone_limit, empty.heat

    m[loads:moves], w[loads:moves] = nodes + layout.way_node * at.NODE, layout.way_weight
    move, share = m[moves:cells].reshape(-1, at.MOVE), w[moves:cells].reshape(-1, at.MOVE)
    move[:, 0], move[:, 1] = losses + layout.way_loss * at.LOSS, nodes + layout.loss_node[layout.way_loss] * at.NODE
    share[:, 0], share[:, 1] = layout.loss_before, layout.loss_after

    cell = m[cells:within].reshape(-1, at.CELL)
    cell[:, at.FREE] = empty.free
    cell[:, at.IN_ZONE] = _known(zones, layout.cell_zone, at.ZONE)
    cell[:, at.INSIDE : at.INSIDE + len(LEVELS)] = _known(containers, layout.cell_container, at.CONTAINER)
    for column, ptr, begin, width in (
        (at.LOADS, layout.way_ptr, loads, 1),
        (at.MOVES, layout.loss_ptr, moves, at.MOVE),
    ):
        first, end = _slices(ptr, begin, width)
        cell[:, column], cell[:, column + 1] = first[layout.cell_way], end[layout.cell_way]
    cell[:, at.LIST] = lists + at.SLOTTED * (np.cumsum(empty.free) - empty.free)

    m[within:containers] = cells + layout.cells * at.CELL
    container = m[containers:lists].reshape(-1, at.CONTAINER)
    container[:, at.ROOM] = empty.room
    container[:, at.WITHIN], container[:, at.WITHIN_END] = _slices(layout.cell_ptr, within)

    group = m[rows:entries].reshape(-1, at.GROUP)
    group[:, at.RACKS], group[:, at.POWER], group[:, at.HEAT] = groups.racks, groups.power, groups.heat
    group[:, at.TOGETHER], group[:, at.WHOLE] = groups.level, groups.whole
    group[:, at.HOME] = _known(containers, groups.home, at.CONTAINER)
    group[:, at.FIRST] = entries + at.ENTRY * (np.cumsum(most) - most)
    worth = w[rows:entries].reshape(-1, at.GROUP)
    worth[:, at.GAIN], worth[:, at.BONUS], worth[:, at.COST] = groups.gain, groups.bonus, cost

    m[at.RANDOM] = _seeded(seed)
    m[at.LOG], m[at.LOGGED] = log, log
    m[at.GROUPS], m[at.GROUPS_END] = rows, entries
    m[at.CELLS], m[at.CELLS_END] = cells, within
    level = m[at.LEVEL : at.LEVEL + 2 * len(LEVELS)].reshape(-1, 2)
    level[:, 0], level[:, 1] = containers + layout.level_ptr[:-1] * at.CONTAINER, np.diff(layout.level_ptr)
    return Memory(m, w, nodes, losses, zones, cells, containers, rows, entries, entries_end)


def _slices(ptr: Ints, begin: int, width: int = 1) -> tuple[Ints, Ints]:
    """Begin and end of slices that stand one after the other from ``begin`` on."""
    return begin + ptr[:-1] * width, begin + ptr[1:] * width


def _known(begin: int, number: Ints, width: int) -> Ints:
    """Places of numbered records; 0 for NONE."""
    return np.where(number == NONE, 0, begin + number * width)


def _seeded(seed: int) -> int:
    """A state of the generator that is not 0."""
    return int(np.random.SeedSequence(seed).generate_state(1, np.uint64)[0] >> np.uint64(2)) | 1
