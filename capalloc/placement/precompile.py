"""Compiles every kernel, or loads it from disk, before the clock of an answer runs."""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np

from capalloc.placement.core.annealing import SearchParams
from capalloc.placement.core.load import fitting, loaded, stand
from capalloc.placement.core.memory import Memory
from capalloc.placement.core.moves import clear, fill, put, undo
from capalloc.placement.core.place import place_groups
from capalloc.placement.core.records import LOG
from capalloc.placement.core.search import PUT_OUT, anneal, tidy
from capalloc.placement.problem.layout import lower_facility
from capalloc.placement.problem.requests import lower_requests
from capalloc.placement.reasons import roomiest
from capalloc.placement.slots import count_slots
from capalloc.schema.facility import Facility, Position, PowerNode
from capalloc.schema.request import Request


@cache
def warm() -> None:
    """Compile what placing needs: place two racks of three on a floor of two positions, once in a process."""
    memory = _tiny()
    out, changes = np.zeros(PUT_OUT, dtype=np.int64), np.zeros(2)
    anneal(memory.m, memory.w, memory.m.copy(), np.zeros(2), out, changes, 1, 1.0, 1.0, 0)
    tidy(memory.m, memory.w, 1)
    roomiest(memory.m, memory.w, memory.groups)
    fill(memory.m, memory.w, memory.groups, memory.containers, 0, False, 1)
    fitting(memory.m, memory.w, memory.cells, 1, 1, 1)
    loaded(1, 1.0)
    undo(memory.m, memory.w, int(memory.m[LOG]))
    stand(memory.m, memory.w, memory.cells, 1, 1, 0)


@cache
def warm_floor() -> None:
    """Compile what a floor needs."""
    memory = _tiny()
    count_slots(memory.m, memory.w, memory.groups, memory.containers, 0)
    clear(memory.m, memory.w, memory.groups)
    put(memory.m, memory.w, memory.groups, memory.cells, 0)


def _tiny() -> Memory:
    facility = Facility(
        name="warm",
        rack_types=(),
        power=(PowerNode(name="feed", kind="utility", rated_kw=2.0),),
        positions=tuple(Position(name=str(p), hall="hall", row="row", feed_a="feed") for p in range(2)),
        racks=(),
    )
    plan = lower_facility(facility, date(2000, 1, 1))
    groups = lower_requests(plan, [Request(name=name, racks=1, power_kw=1.0) for name in "abc"], (), "racks")
    return place_groups(plan, groups, SearchParams(time_limit=0)).memory
