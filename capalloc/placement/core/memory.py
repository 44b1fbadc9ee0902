"""Packs a layout and groups into the records of the placement core."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate

import numpy as np

from capalloc.instance.model import Ints
from capalloc.placement.core import records as at
from capalloc.placement.problem.layout import LEVELS, NONE, Floats, Floorplan, Layout, Occupancy
from capalloc.placement.problem.requests import Groups

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
    spare: int
    """Entries that no group has."""
    missing: int
    paired: int
    log: int

    def placed(self) -> Ints:
        """(N,) racks of each group that are placed."""
        placed: Ints = self.m[self.groups : self.entries].reshape(-1, at.GROUP)[:, at.PLACED]
        return placed

    def rows(self) -> int:
        """Number of rows with free positions."""
        return int(self.m[at.LEVEL + 1])

    def copy(self) -> Memory:
        """An independent copy."""
        return Memory(self.m.copy(), self.w.copy(), *(getattr(self, name) for name in self.__slots__[2:]))


@dataclass(frozen=True, slots=True)
class _Places:
    """Where each family of records begins; the families stand in this order."""

    nodes: int
    by_loss: int
    losses: int
    zones: int
    loads: int
    moves: int
    cells: int
    within: int
    containers: int
    lists: int
    groups: int
    entries: int
    spare: int
    missing: int
    paired: int
    log: int
    end: int

    @classmethod
    def of(cls, layout: Layout, positions: int, most: Ints, spare: int) -> _Places:
        """For so many free positions, groups that place ``most`` (N,) racks each, and ``spare`` entries."""
        lengths = (
            at.HEADER,
            len(layout.normal) * at.NODE,
            len(layout.node_loss),
            len(layout.loss_node) * at.LOSS,
            len(layout.zone_limit) * at.ZONE,
            len(layout.way_node),
            len(layout.way_loss) * at.MOVE,
            len(layout.cell_way) * at.CELL,
            len(layout.cells),
            (len(layout.cell_ptr) - 1) * at.CONTAINER,
            positions * at.SLOTTED,
            len(most) * at.GROUP,
            int(most.sum()) * at.ENTRY,
            spare * at.ENTRY,
            len(most),
            len(layout.normal),
            (10 * int(most.max(initial=0)) + 2 * spare + _LOG_MOVES) * at.LOGGED_MOVE,
        )
        return cls(*accumulate(lengths))


def pack(plan: Floorplan, groups: Groups, cost: Floats, seed: int, spare: int = 0) -> Memory:
    """The records of a floor plan with what stands already, and of groups of which nothing is placed.

    ``cost`` (N,) is what a placed rack takes of what is scarce, as worth; it guides the search and is no part of the
    answer. ``spare`` entries are left to groups that are made later.
    """
    positions = int(plan.empty.free.sum())
    most = np.minimum(groups.racks, positions if spare else plan.roomiest(groups.level, groups.home))
    places = _Places.of(plan.layout, positions, most, spare)
    m, w = np.zeros(places.end, dtype=np.int64), np.zeros(places.end)
    _write_header(m, places, plan.layout, seed)
    _write_nodes(m, places, plan)
    _write_cords(m, w, places, plan.layout)
    _write_cells(m, places, plan.layout, plan.empty)
    _write_groups(m, w, places, groups, cost, most)
    return Memory(m, w, **{name: getattr(places, name) for name in Memory.__slots__[2:]})


def _write_header(m: Ints, places: _Places, layout: Layout, seed: int) -> None:
    m[at.RANDOM] = _seeded(seed)
    m[at.LOG] = m[at.LOGGED] = places.log
    m[at.GROUPS], m[at.GROUPS_END] = places.groups, places.entries
    m[at.CELLS], m[at.CELLS_END] = places.cells, places.within
    level = m[at.LEVEL : at.LEVEL + 2 * len(LEVELS)].reshape(-1, 2)
    level[:, 0], level[:, 1] = places.containers + layout.level_ptr[:-1] * at.CONTAINER, np.diff(layout.level_ptr)


def _write_nodes(m: Ints, places: _Places, plan: Floorplan) -> None:
    layout, empty, losses = plan.layout, plan.empty, plan.losses
    node = m[places.nodes : places.by_loss].reshape(-1, at.NODE)
    node[:, at.NORMAL], node[:, at.FAILOVER] = layout.normal, layout.failover
    node[:, at.LOAD], node[:, at.WORST], node[:, at.FLOOR] = empty.load, empty.worst, layout.floor
    node[:, at.RELIEVED] = layout.relieved
    node[:, at.BY_LOSS], node[:, at.BY_LOSS_END] = _slices(layout.node_ptr, places.by_loss)
    paired = np.unique([lost for lost, _ in losses]).astype(np.int64)
    m[places.paired : places.paired + len(paired)] = places.nodes + at.NODE * paired
    m[at.PAIRED], m[at.PAIRED_END] = places.paired, places.paired + len(paired)
    m[places.by_loss : places.losses] = places.losses + layout.node_loss * at.LOSS
    loss = m[places.losses : places.zones].reshape(-1, at.LOSS)
    loss[:, at.OF_NODE], loss[:, at.ADDED] = places.nodes + layout.loss_node * at.NODE, empty.added
    zone = m[places.zones : places.loads].reshape(-1, at.ZONE)
    zone[:, at.LIMIT], zone[:, at.WARM] = layout.zone_limit, empty.heat


def _write_cords(m: Ints, w: Floats, places: _Places, layout: Layout) -> None:
    loads, moves, cells = places.loads, places.moves, places.cells
    m[loads:moves], w[loads:moves] = places.nodes + layout.way_node * at.NODE, layout.way_weight
    move, share = m[moves:cells].reshape(-1, at.MOVE), w[moves:cells].reshape(-1, at.MOVE)
    move[:, 0] = places.losses + layout.way_loss * at.LOSS
    move[:, 1] = places.nodes + layout.loss_node[layout.way_loss] * at.NODE
    share[:, 0], share[:, 1] = layout.loss_before, layout.loss_after


def _write_cells(m: Ints, places: _Places, layout: Layout, empty: Occupancy) -> None:
    cell = m[places.cells : places.within].reshape(-1, at.CELL)
    cell[:, at.FREE] = empty.free
    cell[:, at.IN_ZONE] = _known(places.zones, layout.cell_zone, at.ZONE)
    inside = slice(at.INSIDE, at.INSIDE + len(LEVELS))
    cell[:, inside] = _known(places.containers, layout.cell_container, at.CONTAINER)
    load = _slices(layout.way_ptr, places.loads)
    move = _slices(layout.loss_ptr, places.moves, at.MOVE)
    cell[:, at.LOADS], cell[:, at.LOADS_END] = load[0][layout.cell_way], load[1][layout.cell_way]
    cell[:, at.MOVES], cell[:, at.MOVES_END] = move[0][layout.cell_way], move[1][layout.cell_way]
    cell[:, at.LIST] = places.lists + at.SLOTTED * (np.cumsum(empty.free) - empty.free)
    of = np.repeat(np.arange(len(layout.cell_ptr) - 1), np.diff(layout.cell_ptr))
    level = np.searchsorted(layout.level_ptr, of, side="right") - 1
    cell[layout.cells, at.WHERE + level] = np.arange(len(of)) - layout.cell_ptr[of]
    m[places.within : places.containers] = places.cells + layout.cells * at.CELL
    container = m[places.containers : places.lists].reshape(-1, at.CONTAINER)
    container[:, at.ROOM] = container[:, at.SPACE] = empty.room
    container[:, at.WITHIN], container[:, at.WITHIN_END] = _slices(layout.cell_ptr, places.within)


def _write_groups(m: Ints, w: Floats, places: _Places, groups: Groups, cost: Floats, most: Ints) -> None:
    group = m[places.groups : places.entries].reshape(-1, at.GROUP)
    group[:, at.RACKS], group[:, at.POWER], group[:, at.HEAT] = groups.racks, groups.power, groups.heat
    group[:, at.TOGETHER], group[:, at.WHOLE] = groups.level, groups.whole
    group[:, at.HOME] = _known(places.containers, groups.home, at.CONTAINER)
    group[:, at.FIRST] = places.entries + at.ENTRY * (np.cumsum(most) - most)
    waiting = np.flatnonzero(groups.racks)
    slots = places.missing + np.arange(len(waiting))
    m[slots], group[waiting, at.WAITS] = places.groups + at.GROUP * waiting, slots
    m[at.MISSING], m[at.MISSING_END] = places.missing, places.missing + len(waiting)
    worth = w[places.groups : places.entries].reshape(-1, at.GROUP)
    worth[:, at.GAIN], worth[:, at.BONUS], worth[:, at.COST] = groups.gain, groups.bonus, cost


def _slices(ptr: Ints, begin: int, width: int = 1) -> tuple[Ints, Ints]:
    """Begin and end of slices that stand one after the other from ``begin`` on."""
    return begin + ptr[:-1] * width, begin + ptr[1:] * width


def _known(begin: int, number: Ints, width: int) -> Ints:
    """Places of numbered records; 0 for NONE."""
    return np.where(number == NONE, 0, begin + number * width)


def _seeded(seed: int) -> int:
    """A state of the generator that is not 0."""
    return int(np.random.SeedSequence(seed).generate_state(1, np.uint64)[0] >> np.uint64(2)) | 1
