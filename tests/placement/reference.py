"""The slow reference of the core: a case as records, random moves on it, and its sums recounted from what stands."""

from __future__ import annotations

import math
import random
from collections import Counter
from dataclasses import dataclass

import numpy as np

from capalloc.placement.answer import positions_taken
from capalloc.placement.core.load import fitting
from capalloc.placement.core.memory import Memory, pack
from capalloc.placement.core.moves import clear, put
from capalloc.placement.core.records import Cell, Container, Entry, Group, Header, Loss, Node, Zone
from capalloc.placement.problem.layout import NONE, PlacementProblem
from capalloc.placement.problem.lower import lower_facility
from capalloc.placement.problem.requests import Groups, lower_requests
from capalloc.placement.problem.standing import requested_racks
from capalloc.schema.request import Placed, filled_requests
from tests.placement.case import Case

Stands = Counter[tuple[int, int, int]]
"""(group, cell, racks) of every entry."""


@dataclass(frozen=True)
class Reference:
    """A case with its records."""

    case: Case
    problem: PlacementProblem
    groups: Groups
    memory: Memory

    @classmethod
    def of(cls, case: Case) -> Reference:
        """Records in which nothing but what stood is placed."""
        requests = filled_requests(case.facility, case.requests)
        stood = requested_racks(case.facility, requests, case.occupied)
        problem = lower_facility(case.facility, case.on, case.standing, stood)
        groups = lower_requests(problem, requests, case.occupied, case.objective)
        return cls(case, problem, groups, pack(problem, groups, np.zeros(len(groups.racks)), case.seed))

    def on(self, problem: PlacementProblem) -> Reference:
        """The same, empty, on another problem of the case."""
        return Reference(
            self.case, problem, self.groups, pack(problem, self.groups, np.zeros(len(self.groups.racks)), 0)
        )

    def group(self, number: int) -> int:
        """The record of a group."""
        return self.memory.places[Group][number]

    def cell(self, number: int) -> int:
        """The record of a cell."""
        return self.memory.places[Cell][number]

    def fits(self, number: int, cell: int, wanted: int) -> int:
        """How many racks of a group the kernel lets into a cell."""
        return int(fitting(self.memory.m, self.memory.w, self.cell(cell), self.group(number), wanted))

    def stands(self) -> Stands:
        """What stands by the entries of the groups."""
        m, found = self.memory.m, Stands()
        for number in range(len(self.groups.racks)):
            group = self.group(number)
            for i in range(m[group + Group.ENTRIES]):
                entry = m[group + Group.FIRST_ENTRY] + Entry.SIZE * i
                cell = self.memory.places[Cell].index(int(m[entry + Entry.CELL]))
                found[number, cell, int(m[entry + Entry.RACKS])] += 1
        return found

    def missing(self, number: int) -> int:
        """Racks of a group that are not placed."""
        return int(self.groups.racks[number] - self.memory[Group.PLACED][number])

    def lines(self) -> tuple[Placed, ...]:
        """What stands as lines, what stood before included."""
        names, requests = [place.name for place in self.case.facility.positions], self.case.requests
        taken = positions_taken(self.problem, self.memory)
        return (*self.case.occupied, *(Placed(request=requests[g].name, position=names[p]) for g, p in taken))

    def put_somewhere(self, dice: random.Random) -> bool:
        """Put some racks of a group into a cell, both drawn, where they fit and the group may stand."""
        number, cell = dice.randrange(len(self.groups.racks)), dice.randrange(len(self.problem.cells))
        m, group = self.memory.m, self.group(number)
        inside = m[self.cell(cell) + Cell.CONTAINERS + m[group + Group.LEVEL]]
        racks = self.fits(number, cell, self.missing(number)) if inside else 0
        if racks == 0 or m[group + Group.STANDS_IN] not in (0, inside) or m[group + Group.HOME] not in (0, inside):
            return False
        put(m, self.memory.w, group, self.cell(cell), dice.randint(1, racks))
        return True

    def clear_one(self, dice: random.Random) -> None:
        """Take a group, drawn, away."""
        clear(self.memory.m, self.memory.w, self.group(dice.randrange(len(self.groups.racks))))


def recounted(reference: Reference, stands: Stands) -> dict[str, list[int]]:
    """Loads, what losses add and its worst, heat, room, containers with racks, from what stands."""
    layout, empty = reference.problem.layout, reference.problem.empty
    load, added, free = (list(map(int, part)) for part in (empty.load, empty.added, empty.free))
    heat = empty.heat.copy()
    for (number, cell, racks), times in stands.items():
        count, power, way = racks * times, int(reference.groups.power[number]), int(layout.cell_way[cell])
        free[cell] -= count
        if layout.cell_zone[cell] != NONE:
            heat[layout.cell_zone[cell]] += count * reference.groups.heat[number]
        for i in range(layout.way_ptr[way], layout.way_ptr[way + 1]):
            load[layout.way_node[i]] += count * whole(power * layout.way_weight[i])
        for i in range(layout.loss_ptr[way], layout.loss_ptr[way + 1]):
            change = whole(power * layout.loss_after[i]) - whole(power * layout.loss_before[i])
            added[layout.way_loss[i]] += count * change
    by_node = {v: [x for q, x in enumerate(added) if layout.loss_node[q] == v] for v in range(len(load))}
    inside = [
        layout.cells[layout.cell_ptr[k] : layout.cell_ptr[k + 1]] for k in range(len(reference.problem.container_names))
    ]
    room = [sum(free[s] for s in cells) for cells in inside]
    busy = {(level, int(layout.cell_container[cell, level])) for _, cell, _ in stands for level in range(4)}
    return {
        "load": load,
        "added": added,
        "worst": [max([int(layout.least_added[v]), *by_node[v]]) for v in by_node],
        "heat": heat.ravel().tolist(),
        "free": free,
        "room": room,
        "open": [sum(at_level == level for at_level, _ in busy) for level in range(4)],
    }


def whole(load: float) -> int:
    """Load in whole milliwatts, rounded up but for binary noise."""
    return math.ceil(load - 1e-3)


def kept(reference: Reference) -> dict[str, list[int]]:
    """The same as the records keep it."""
    memory = reference.memory
    fields = {
        "load": Node.LOAD,
        "added": Loss.ADDED,
        "worst": Node.WORST_ADDED,
        "heat": Zone.HEAT,
        "free": Cell.FREE,
        "room": Container.FREE,
        "open": Header.OPEN,
    }
    return {name: memory[field].ravel().tolist() for name, field in fields.items()}
