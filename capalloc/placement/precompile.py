"""Compiles every kernel, or loads it from disk, before the clock of an answer runs."""

from __future__ import annotations

from datetime import date
from functools import cache
from threading import Lock

import numpy as np

from capalloc.placement.core.annealing import anneal
from capalloc.placement.core.consolidation import consolidate
from capalloc.placement.core.index import index_of
from capalloc.placement.core.load import fitting, loaded, stand
from capalloc.placement.core.memory import Memory
from capalloc.placement.core.moves import clear, fill, put, undo
from capalloc.placement.core.neighbourhood import PUT_OUT
from capalloc.placement.core.params import SearchParams
from capalloc.placement.core.place import place_groups
from capalloc.placement.core.records import Cell, Container, Group, Header
from capalloc.placement.problem.layout import LEVELS
from capalloc.placement.problem.lower import lower_facility
from capalloc.placement.problem.requests import lower_requests
from capalloc.placement.reasons import container_taking_most, hindrances
from capalloc.placement.slots import count_slots
from capalloc.schema.facility import Facility, Position, PowerNode
from capalloc.schema.request import Request

_LOCK = Lock()
"""Held while kernels are compiled: of callers in several threads the first compiles, the others wait for it."""


def compile_kernels() -> None:
    """Compile what `place` needs, once in a process, in whichever thread."""
    with _LOCK:
        _compile_for_place()


def compile_floor_kernels() -> None:
    """Compile what a `Floor` needs, once in a process, in whichever thread."""
    with _LOCK:
        _compile_for_floor()


@cache
def _compile_for_place() -> None:
    """Place two racks of three on two positions, and call what that leaves out."""
    memory = _tiny()
    m, w, group, cell = memory.m, memory.w, memory.places[Group][0], memory.places[Cell][0]
    out, changes = np.zeros(PUT_OUT, dtype=np.int64), np.zeros(2)
    anneal(m, w, m.copy(), np.zeros(2), out, changes, 1, 1.0, 1.0, 0)
    consolidate(m, w, 1)
    index = index_of(m, w, range(len(LEVELS)))
    container_taking_most(m, w, index, group, 0)
    hindrances(m, w, group, memory.places[Container][0], 1, np.zeros((2, 5), dtype=np.int64))
    fill(m, w, group, memory.places[Container][0], 0, False, 1)
    fitting(m, w, cell, group, 1)
    loaded(1, 1.0)
    undo(m, w, int(m[Header.LOG]))
    stand(m, w, cell, group, 0)


@cache
def _compile_for_floor() -> None:
    memory = _tiny()
    m, w, group = memory.m, memory.w, memory.places[Group][0]
    count_slots(m, w, group, memory.places[Container][0], 0)
    clear(m, w, group)
    put(m, w, group, memory.places[Cell][0], 0)


def _tiny() -> Memory:
    facility = Facility(
        name="tiny",
        rack_types=(),
        power=(PowerNode(name="feed", kind="utility", rated_kw=2.0),),
        positions=tuple(Position(name=str(p), hall="hall", row="row", feed_a="feed") for p in range(2)),
        racks=(),
    )
    problem = lower_facility(facility, date(2000, 1, 1))
    groups = lower_requests(problem, [Request(name=name, racks=1, power_kw=1.0) for name in "abc"], (), "racks")
    return place_groups(problem, groups, SearchParams(time_limit=0)).memory
