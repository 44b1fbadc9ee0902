"""Packs a placement problem and groups into records, and reads and writes their fields from Python."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from capalloc.instance.model import Floats, Ints
from capalloc.placement.core.records import (
    OWNER,
    Cell,
    Container,
    Contingency,
    Entry,
    Group,
    Header,
    Load,
    LoadShare,
    Loss,
    Member,
    Missing,
    Move,
    Node,
    NodeLoss,
    Record,
    Shift,
    ShiftShare,
    Slot,
    Worth,
    Zone,
)
from capalloc.placement.problem.layout import NONE, Layout, PlacementProblem
from capalloc.placement.problem.requests import Groups

_LOG_MOVES = 4096
"""Moves that the log holds beside those of the largest groups."""


@dataclass(frozen=True, slots=True)
class Memory:
    """The records of one problem, and where they stand.

    ``memory[Group.PLACED]`` is that field of all groups, to read and to write; ``memory.places[Group][n]`` the place of
    group n, ``memory.places[Group].index(place)`` its number.
    """

    m: Ints
    w: Floats
    places: Mapping[type[Record], range]
    """Of the records of each kind."""
    spare: int
    """Place of the first entry that no group has; groups have theirs one after the other."""

    def __getitem__(self, field: Record) -> Any:
        """A view of one field of all n records of its kind: (n,), or (n, width) of a wide one."""
        kind = type(field)
        places = self.places[OWNER.get(kind, kind)]
        table = (self.w if kind in OWNER else self.m)[places.start : places.stop].reshape(-1, places.step)
        return table[:, field] if field.width == 1 else table[:, field : field + field.width]

    def __setitem__(self, field: Record, values: Any) -> None:
        """Write a field of all records of its kind."""
        self[field][...] = values

    def entries(self, group: int) -> Iterator[tuple[int, int]]:
        """(number of a cell, racks) where the group at a place stands."""
        m, cells, first = self.m, self.places[Cell], int(self.m[group + Group.FIRST_ENTRY])
        for entry in range(first, first + Entry.SIZE * int(m[group + Group.ENTRIES]), Entry.SIZE):
            yield cells.index(int(m[entry + Entry.CELL])), int(m[entry + Entry.RACKS])

    def copy(self) -> Memory:
        """An independent copy."""
        return replace(self, m=self.m.copy(), w=self.w.copy())


def pack(problem: PlacementProblem, groups: Groups, cost: Floats, seed: int, spare: int = 0) -> Memory:
    """The records of a problem with what stands already, and of N groups of which nothing is placed.

    ``cost`` (N,) is what a placed rack takes of what is scarce, as worth; it guides the search and is no part of the
    answer. ``spare`` entries are left to groups that are made later.
    """
    positions = int(problem.empty.free.sum())
    most = np.minimum(groups.racks, positions if spare else problem.most_free(groups.level, groups.home))
    places = _places(problem.layout, positions, most, spare)
    end = places[Move].stop
    first_spare = places[Entry].stop - Entry.SIZE * spare
    memory = Memory(np.zeros(end, dtype=np.int64), np.zeros(end), places, first_spare)
    _write_header(memory, problem.layout, seed)
    _write_nodes(memory, problem)
    _write_cords(memory, problem.layout)
    _write_cells(memory, problem)
    _write_containers(memory, problem)
    _write_groups(memory, groups, cost, most)
    return memory


def _places(layout: Layout, positions: int, most: Ints, spare: int) -> dict[type[Record], range]:
    """For so many free positions, groups that place ``most`` (N,) racks each, and ``spare`` entries."""
    counts: dict[type[Record], int] = {
        Header: 1,
        Node: len(layout.normal),
        NodeLoss: len(layout.node_loss),
        Loss: len(layout.loss_node),
        Zone: len(layout.zone_limit),
        Load: len(layout.way_node),
        Shift: len(layout.way_loss),
        Cell: len(layout.cell_way),
        Member: len(layout.cells),
        Container: len(layout.cell_ptr) - 1,
        Slot: positions,
        Group: len(most),
        Entry: int(most.sum()) + spare,
        Missing: len(most),
        Contingency: len(layout.normal),
        Move: 10 * int(most.max(initial=0)) + 2 * spare + _LOG_MOVES,
    }
    places, begin = {}, 0
    for kind, count in counts.items():
        size = int(kind["SIZE"])
        places[kind] = range(begin, begin + count * size, size)
        begin += count * size
    return places


def _write_header(memory: Memory, layout: Layout, seed: int) -> None:
    m, places = memory.m, memory.places
    m[Header.RANDOM] = _seeded(seed)
    m[Header.LOG] = m[Header.LOG_END] = places[Move].start
    m[Header.GROUPS], m[Header.GROUPS_END] = places[Group].start, places[Group].stop
    m[Header.CELLS], m[Header.CELLS_END] = places[Cell].start, places[Cell].stop
    first, count = places[Container].start + layout.level_ptr[:-1] * Container.SIZE, np.diff(layout.level_ptr)
    memory[Header.LEVELS] = np.column_stack((first, count)).ravel()


def _write_nodes(memory: Memory, problem: PlacementProblem) -> None:
    layout, empty, places = problem.layout, problem.empty, memory.places
    memory[Node.NORMAL], memory[Node.FAILOVER] = layout.normal, layout.failover
    memory[Node.LOAD], memory[Node.WORST_ADDED] = empty.load, empty.worst_added
    memory[Node.LEAST_ADDED], memory[Node.RELIEVED] = layout.least_added, layout.relieved
    memory[Node.LOSSES], memory[Node.LOSSES_END] = _slices(places[NodeLoss], layout.node_ptr)
    memory[NodeLoss.LOSS] = _refer(places[Loss], layout.node_loss)
    memory[Loss.NODE], memory[Loss.ADDED] = _refer(places[Node], layout.loss_node), empty.added
    memory[Zone.LIMIT], memory[Zone.HEAT] = layout.zone_limit, empty.heat
    lost = np.unique([contingency for contingency, _ in problem.losses]).astype(np.int64)
    memory[Contingency.NODE][: len(lost)] = _refer(places[Node], lost)
    begin = places[Contingency].start
    memory.m[Header.CONTINGENCIES], memory.m[Header.CONTINGENCIES_END] = begin, begin + len(lost)


def _write_cords(memory: Memory, layout: Layout) -> None:
    places = memory.places
    memory[Load.NODE], memory[LoadShare.SHARE] = _refer(places[Node], layout.way_node), layout.way_weight
    memory[Shift.LOSS] = _refer(places[Loss], layout.way_loss)
    memory[Shift.NODE] = _refer(places[Node], layout.loss_node[layout.way_loss])
    memory[ShiftShare.BEFORE], memory[ShiftShare.AFTER] = layout.loss_before, layout.loss_after


def _write_cells(memory: Memory, problem: PlacementProblem) -> None:
    layout, free, places = problem.layout, problem.empty.free, memory.places
    memory[Cell.FREE] = free
    memory[Cell.ZONE] = _refer(places[Zone], layout.cell_zone)
    memory[Cell.CONTAINERS] = _refer(places[Container], layout.cell_container)
    memory[Cell.COOLING] = layout.cell_cooling
    loads, shifts = _slices(places[Load], layout.way_ptr), _slices(places[Shift], layout.loss_ptr)
    memory[Cell.LOADS], memory[Cell.LOADS_END] = loads[0][layout.cell_way], loads[1][layout.cell_way]
    memory[Cell.SHIFTS], memory[Cell.SHIFTS_END] = shifts[0][layout.cell_way], shifts[1][layout.cell_way]
    memory[Cell.SLOTS] = _refer(places[Slot], np.cumsum(free) - free)


def _write_containers(memory: Memory, problem: PlacementProblem) -> None:
    layout, free, places = problem.layout, problem.empty.container_free, memory.places
    memory[Member.CELL] = _refer(places[Cell], layout.cells)
    memory[Container.FREE] = memory[Container.FREE_AT_FIRST] = free
    memory[Container.CELLS], memory[Container.CELLS_END] = _slices(places[Member], layout.cell_ptr)
    container = np.repeat(np.arange(len(layout.cell_ptr) - 1), np.diff(layout.cell_ptr))
    level = np.searchsorted(layout.level_ptr, container, side="right") - 1
    memory[Cell.RANKS][layout.cells, level] = np.arange(len(container)) - layout.cell_ptr[container]


def _write_groups(memory: Memory, groups: Groups, cost: Floats, most: Ints) -> None:
    places = memory.places
    memory[Group.RACKS], memory[Group.POWER], memory[Group.HEAT] = groups.racks, groups.power, groups.heat
    memory[Group.COOLING] = groups.cooling
    memory[Group.LEVEL], memory[Group.ALL_OR_NOTHING] = groups.level, groups.all_or_nothing
    memory[Group.HOME] = _refer(places[Container], groups.home)
    memory[Group.FIRST_ENTRY] = _refer(places[Entry], np.cumsum(most) - most)
    waiting = np.flatnonzero(groups.racks)
    memory[Missing.GROUP][: len(waiting)] = _refer(places[Group], waiting)
    memory[Group.MISSING][waiting] = places[Missing].start + np.arange(len(waiting))
    begin = places[Missing].start
    memory.m[Header.MISSING], memory.m[Header.MISSING_END] = begin, begin + len(waiting)
    memory[Worth.GAIN], memory[Worth.BONUS], memory[Worth.COST] = groups.gain, groups.bonus, cost


def _slices(places: range, ptr: Ints) -> tuple[Ints, Ints]:
    """First and last place of slices of records."""
    return places.start + ptr[:-1] * places.step, places.start + ptr[1:] * places.step


def _refer(places: range, number: Ints) -> Ints:
    """Places of numbered records; 0 for NONE."""
    return np.where(number == NONE, 0, places.start + number * places.step)


def _seeded(seed: int) -> int:
    """A state of the generator that is not 0."""
    return int(np.random.SeedSequence(seed).generate_state(1, np.uint64)[0] >> np.uint64(2)) | 1
