"""A facility with what stands in it: takes one request more, or gives one back, without being built anew.

Online vector bin packing: a request is placed when it comes, nothing that stands is moved. It goes where the fullest
node above it stays emptiest (the balanced score of the constructive placement), since pairs of nodes that fill alike
keep least back for a loss.
"""

from __future__ import annotations

from bisect import insort
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from pydantic import ValidationError

from capalloc.errors import Problem, ScenarioError
from capalloc.formats.placing import with_rack_types
from capalloc.formats.wording import messages
from capalloc.placement.core.construct import BALANCED, construct
from capalloc.placement.core.index import index_of
from capalloc.placement.core.memory import Memory, pack
from capalloc.placement.core.moves import ALL, clear, put
from capalloc.placement.core.records import Cell, Container, Entry, Group, Header
from capalloc.placement.precompile import compile_floor_kernels
from capalloc.placement.problem.layout import LEVELS, NONE, PlacementProblem
from capalloc.placement.problem.lower import lower_scene
from capalloc.placement.problem.requests import ask_of, lower_requests
from capalloc.placement.problem.scene import scene_of
from capalloc.placement.problem.standing import requested_racks
from capalloc.placement.slots import count_slots
from capalloc.schema.beside import Beside
from capalloc.schema.checks.fault import Fault, refuse
from capalloc.schema.checks.placing import placed_faults, placing_faults, request_faults, type_faults
from capalloc.schema.facility import Facility
from capalloc.schema.request import Placed, Request, Standing, Together, filled_requests


@dataclass(frozen=True, slots=True)
class Slots:
    """How many groups of one kind still fit, at least: they are put one after the other where they fit first."""

    site: int
    halls: dict[str, int]
    """Of each hall, were it filled alone."""
    blocks: dict[str, int]
    """Of each fabric block, were it filled alone; empty for groups that keep together in halls or not at all."""


class Floor:
    """What stands where, with the load of every node after every loss at hand.

    >>> floor = Floor(load_facility("examples/placement"))  # doctest: +SKIP
    >>> floor.place(Request(name="q1", racks=4, power_kw=40.0, together="row"))  # doctest: +SKIP

    Racks of the facility's own table stand as ``standing`` says, nameplate unless given, on day ``on``, or as the plan
    does that all this is ``beside``. Raises ScenarioError when the facility, the requests or what stands of them is
    wrong.
    """

    def __init__(
        self,
        facility: Facility,
        requests: Sequence[Request] = (),
        occupied: Sequence[Placed] = (),
        *,
        on: date | None = None,
        standing: Standing | None = None,
        beside: Beside | None = None,
    ) -> None:
        self._facility = facility
        self._know(requests)
        facility = self._facility
        refuse(placing_faults(facility, requests))
        self._scene = scene_of(facility, on, standing, beside)
        refuse(placed_faults(facility, requests, occupied, holders=self._scene.holders))
        compile_floor_kernels()
        self._requests = {request.name: request for request in filled_requests(facility, requests)}
        self._names = [place.name for place in facility.positions]
        self._dark = self._dark_lines(occupied)
        self._pack([line for line in occupied if line not in self._dark])

    def _dark_lines(self, occupied: Sequence[Placed]) -> frozenset[Placed]:
        """Lines on positions without power: they stand, and stay."""
        cell_of = lower_scene(self._scene).cell_of
        index = {name: p for p, name in enumerate(self._names)}
        return frozenset(line for line in occupied if cell_of[index[line.position]] == NONE)

    def _pack(self, lines: Sequence[Placed]) -> None:
        """Make records anew for what stands, with one more for each free position, and one to count slots with."""
        requests = tuple(self._requests.values())
        dark = requested_racks(self._facility, requests, tuple(self._dark))
        self._problem: PlacementProblem = lower_scene(self._scene.at(self._facility), dark)
        groups = lower_requests(self._problem, requests, (), "racks")
        self._positions = int(self._problem.empty.free.sum())
        spare = self._positions + 1
        padded = groups.padded(spare)
        cost = np.zeros(len(padded.racks))
        self._memory: Memory = pack(self._problem, padded, cost, 0, spare=2 * self._positions + 1)
        self._spare = self._memory.spare
        self._blocks: dict[int, list[int]] = defaultdict(list)
        records = list(self._memory.places[Group])
        self._at = dict(zip(self._requests, records, strict=False))
        self._records = records[len(requests) :][::-1]
        self._free = [members.tolist() for members in self._problem.cells]
        self._positions_of: dict[str, list[tuple[int, int]]] = {name: [] for name in self._requests}
        self._index = index_of(self._memory.m, self._memory.w, ())
        self._last = np.zeros(len(LEVELS), dtype=np.int64)
        self._put(lines)

    def _put(self, lines: Sequence[Placed]) -> None:
        """Let racks stand where they do, whatever the limits say."""
        index = {name: p for p, name in enumerate(self._names)}
        m, w = self._memory.m, self._memory.w
        for line in lines:
            p = index[line.position]
            cell = int(self._problem.cell_of[p])
            m[Header.LOG_END] = m[Header.LOG]
            put(m, w, self._at[line.request], self._memory.places[Cell][cell], 1)
            self._free[cell].remove(p)
            self._positions_of[line.request].append((cell, p))

    @property
    def placed(self) -> tuple[Placed, ...]:
        """Every rack that stands, sorted by request and position."""
        lines = [*self._dark]
        for name, racks in self._positions_of.items():
            lines += [Placed(request=name, position=self._names[p]) for _, p in racks]
        return tuple(sorted(lines, key=lambda line: (line.request, line.position)))

    def place(self, request: Request) -> tuple[Placed, ...]:
        """Place one request more where its nodes stay emptiest; the lines of its racks, none where it does not fit.

        A request without ``all_or_nothing`` may be placed in part. One of which nothing fits is forgotten. Raises
        ScenarioError for a name that stands already.
        """
        if request.name in self._requests:
            raise ScenarioError([Problem("", 0, "request", f"{request.name!r} stands already; remove it first")])
        request = self._filled(request)
        record = self._taken(request)
        m, w = self._memory.m, self._memory.w
        construct(m, w, np.array([record]), self._index, self._last, BALANCED, ALL)
        self._requests[request.name], self._at[request.name] = request, record
        self._positions_of[request.name] = list(self._named(record))
        lines = tuple(
            Placed(request=request.name, position=self._names[p]) for _, p in self._positions_of[request.name]
        )
        if not lines:
            self.remove(request.name)
        return lines

    def _filled(self, request: Request) -> Request:
        """A request with what its rack type says. Raises ScenarioError."""
        faults = request_faults((request,))
        if request.rack_type is not None:
            self._know((request,))
            faults += tuple(type_faults(self._facility, (request,)))
        if faults:
            refuse(Fault(fault.loc[2:], fault.message) for fault in faults)
        return request if request.rack_type is None else filled_requests(self._facility, (request,))[0]

    def _know(self, requests: Sequence[Request]) -> None:
        """Shipped rack types that requests name become the facility's."""
        self._facility = with_rack_types(self._facility, requests)
        self._cooling = {kind.name: kind.cooling for kind in self._facility.rack_types}

    def _named(self, record: int) -> list[tuple[int, int]]:
        """(cell, position) of the racks of a group that was just placed."""
        found = []
        for cell, racks in self._memory.entries(record):
            found += [(cell, p) for p in self._free[cell][:racks]]
            del self._free[cell][:racks]
        return found

    def remove(self, name: str) -> tuple[Placed, ...]:
        """Take a request away; the lines that its racks had. Raises ScenarioError for a name that does not stand."""
        if name not in self._requests or any(line.request == name for line in self._dark):
            told = "stands on positions without power" if name in self._requests else "does not stand"
            raise ScenarioError([Problem("", 0, "request", f"{name!r} {told}; nothing was removed")])
        record, m = self._at.pop(name), self._memory.m
        m[Header.LOG_END] = m[Header.LOG]
        clear(m, self._memory.w, record)
        m[Header.MISSING_END] = m[Header.MISSING]
        request, racks = self._requests.pop(name), self._positions_of.pop(name)
        for cell, p in racks:
            insort(self._free[cell], p)
        self._records.append(record)
        self._blocks[self._length(request)].append(int(m[record + Group.FIRST_ENTRY]))
        return tuple(Placed(request=name, position=self._names[p]) for _, p in racks)

    def _length(self, request: Request) -> int:
        """Entries that a request may need."""
        return min(request.racks, self._positions)

    def _taken(self, request: Request) -> int:
        """A record for a request; all records are made anew where too few entries are left."""
        length = self._length(request)
        if not (self._blocks[length] or self._holds(length)):
            self._pack([line for line in self.placed if line not in self._dark])
        if self._blocks[length]:
            block = self._blocks[length].pop()
        else:
            block, self._spare = self._spare, self._spare + Entry.SIZE * length
        record = self._records.pop()
        self._write(record, request, block)
        return record

    def _holds(self, length: int) -> bool:
        """Whether so many entries are left."""
        return self._spare + Entry.SIZE * length <= self._scratch

    @property
    def _scratch(self) -> int:
        """The last entries, one for each free position: those of groups that are only counted."""
        return self._memory.places[Entry].stop - Entry.SIZE * (self._positions + 1)

    def _write(self, record: int, request: Request, first: int) -> None:
        m = self._memory.m
        m[record : record + Group.SIZE] = 0
        m[record + Group.RACKS], m[record + Group.FIRST_ENTRY] = request.racks, first
        power, heat, cooling = ask_of(request, self._cooling.get(request.rack_type or ""))
        m[record + Group.POWER], m[record + Group.COOLING] = power, cooling
        first_heat = record + int(Group.HEAT)
        m[first_heat], m[first_heat + 1], m[first_heat + 2] = heat
        m[record + Group.LEVEL] = LEVELS.index(request.together)
        m[record + Group.ALL_OR_NOTHING] = request.all_or_nothing

    def slots(
        self,
        racks: int,
        power_kw: float | None = None,
        cooling_kw: float | None = None,
        together: Together = "row",
        *,
        rack_type: str | None = None,
        liquid_fraction: float | None = None,
    ) -> Slots:
        """How many groups of so many equal racks still fit, in all, in each hall and in each fabric block.

        A rack takes what a :class:`Request` with the same ``power_kw``, ``cooling_kw``, ``rack_type`` and
        ``liquid_fraction`` takes. Raises ScenarioError for numbers that no request may have.
        """
        heat = {"cooling_kw": cooling_kw, "liquid_fraction": liquid_fraction}
        kind = _kind_of_slot(racks=racks, power_kw=power_kw, together=together, rack_type=rack_type, **heat)
        request = self._filled(kind)
        record = self._records[-1]
        self._write(record, request, self._scratch)
        level = LEVELS.index(together)
        blocks = self._counted(record, 1) if level <= 1 else {}
        halls = self._counted(record, 2) if level <= 2 else {}
        return Slots(self._counted(record, 3).get("site", 0), halls, blocks)

    def _counted(self, record: int, level: int) -> dict[str, int]:
        """Groups that fit into each container of a level."""
        begin, end = self._problem.layout.level_ptr[level : level + 2].tolist()
        memory, counts = self._memory, {}
        m, w = memory.m, memory.w
        shown, inside = memory[Cell.FREE], memory[Cell.CONTAINERS][:, level]
        free = shown.copy()
        for number in range(begin, end):
            scope = memory.places[Container][number]
            shown[:] = np.where(inside == scope, free, 0)
            counts[self._problem.container_names[number]] = int(count_slots(m, w, record, scope, level))
        shown[:] = free
        m[Header.MISSING_END] = m[Header.MISSING]
        return counts


def _kind_of_slot(**fields: Any) -> Request:
    """A whole group as a request. Raises ScenarioError."""
    try:
        return Request(name="slots", all_or_nothing=True, **fields)
    except ValidationError as error:
        problems = [Problem("", 0, str(loc[-1]), message) for loc, message in messages(Request, error)]
        raise ScenarioError(problems) from error
