"""Compiles every kernel, or loads it from disk, before the clock of an answer runs."""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np

from capalloc.instance.groups import lower_requests
from capalloc.instance.layout import lower_facility
from capalloc.placement.answer import pour
from capalloc.placement.construct import BALANCED, NEVER, place_one
from capalloc.placement.core import SearchParams, place_groups
from capalloc.placement.moves import clear, put
from capalloc.placement.search import anneal, tidy
from capalloc.placement.slots import count_slots
from capalloc.placement.why import roomiest
from capalloc.schema.facility import Facility, Position, PowerNode
from capalloc.schema.request import Request


@cache
def warm() -> None:
    """Place two racks of three on a floor of two positions, once in a process."""
    facility = Facility(
        name="warm",
        rack_types=(),
        power=(PowerNode(name="feed", kind="utility", rated_kw=2.0),),
        positions=tuple(Position(name=str(p), hall="hall", row="row", feed_a="feed") for p in range(2)),
        racks=(),
    )
    plan = lower_facility(facility, date(2000, 1, 1))
    groups = lower_requests(plan, [Request(name=name, racks=1, power_kw=1.0) for name in "abc"], (), "racks")
    memory = place_groups(plan, groups, SearchParams(time_limit=0)).memory
    anneal(memory.m, memory.w, memory.m.copy(), np.zeros(2), 1, 1.0, 1.0)
    tidy(memory.m, memory.w, 1)
    roomiest(memory.m, memory.w, memory.groups)
    count_slots(memory.m, memory.w, memory.groups, memory.containers, 0)
    clear(memory.m, memory.w, memory.groups)
    cursor, last = np.full(1, memory.cells), np.zeros(4, dtype=np.int64)
    place_one(memory.m, memory.w, memory.groups, BALANCED, cursor, last, 0, NEVER)
    put(memory.m, memory.w, memory.groups, memory.cells, 0)
    pour(memory.m, memory.w)
