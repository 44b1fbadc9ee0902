"""Constructive placement: one group after the other, where a score likes it best."""

from __future__ import annotations

from typing import Final

import numpy as np

from capalloc.instance.model import Ints
from capalloc.kernels import inner, kernel
from capalloc.placement.core.load import fitting, loaded
from capalloc.placement.core.moves import drawn, fill, put
from capalloc.placement.core.records import (
    CELL,
    CELLS,
    CELLS_END,
    CONTAINER,
    FREE,
    HEAT,
    HOME,
    LEVEL,
    LOAD,
    LOADS,
    LOADS_END,
    LOG,
    LOGGED,
    NORMAL,
    PLACED,
    POWER,
    RACKS,
    ROOM,
    SITE,
    STANDS,
    TOGETHER,
    WHOLE,
    WITHIN,
    WITHIN_END,
    WORST,
)
from capalloc.placement.problem.layout import Floats

FIRST_FIT: Final = 0
BEST_FIT: Final = 1
"""The tightest space."""
DOT_PRODUCT: Final = 2
"""Where what is left is most like what is asked (Panigrahy et al. 2011, heuristics for vector bin packing)."""
BALANCED: Final = 3
"""Where the fullest node stays emptiest, so that pairs of nodes fill alike."""
LOOKED_AT: Final = 256
"""Most containers that one group is tried in."""
NEVER: Final = 1 << 40
"""Patience that does not end."""
_CELLS = 4
"""Most cells of a container that are scored."""


@inner
def appeal(m: Ints, w: Floats, cell: int, power: int, heat: int, missing: int, score: int) -> float:
    """How much a score likes a cell for a group; -inf where not one rack fits."""
    racks = fitting(m, w, cell, power, heat, missing)
    if racks == 0:
        return -np.inf
    if score == BEST_FIT:
        return 1e6 * racks / missing - (m[cell + FREE] - racks)
    alike, fullest = 0.0, 0.0
    for i in range(m[cell + LOADS], m[cell + LOADS_END]):
        node = m[i]
        limit, each = max(m[node + NORMAL], 1), racks * loaded(power, w[i])
        alike += (each / limit) * ((limit - m[node + LOAD]) / limit)
        fullest = max(fullest, (m[node + LOAD] + max(m[node + WORST], 0) + each) / limit)
    return alike if score == DOT_PRODUCT else racks / missing - fullest


@inner
def best_container(m: Ints, w: Floats, group: int, begin: int, count: int, score: int, most: int) -> int:
    """The container of a level that a score likes best, of up to ``most`` that may hold what is missing; 0: none."""
    missing = m[group + RACKS] - m[group + PLACED]
    power, heat = m[group + POWER], m[group + HEAT]
    best, liking = 0, -np.inf
    stride = 1 + count // most
    for number in range(drawn(m, stride), count, stride):
        container = begin + CONTAINER * number
        if m[container + ROOM] == 0 or (m[group + WHOLE] and m[container + ROOM] < missing):
            continue
        end = min(m[container + WITHIN_END], m[container + WITHIN] + _CELLS)
        for i in range(m[container + WITHIN], end):
            liked = appeal(m, w, m[i], power, heat, missing, score)
            if liked > liking:
                best, liking = container, liked
    return best


@inner
def place_together(m: Ints, w: Floats, group: int, score: int, last: Ints, most: int) -> None:
    """Put a group into one container of its level; up to ``most`` are looked at.

    ``last`` knows for each level the container that took a group last: where there are many, the next is sought from
    there on.
    """
    at = m[group + TOGETHER]
    begin, count = m[LEVEL + 2 * at], m[LEVEL + 2 * at + 1]
    if m[group + HOME] != 0 or m[group + STANDS] != 0:
        begin, count = max(m[group + HOME], m[group + STANDS]), 1
    missing = m[group + RACKS] - m[group + PLACED]
    if score != FIRST_FIT:
        best = best_container(m, w, group, begin, count, score, most)
        if best != 0 and fill(m, w, group, best, 0, False, NEVER) > 0:
            return
    tried, start = 0, last[at] if count > most else 0
    for number in range(start, start + count):
        container = begin + CONTAINER * (number % count)
        if m[container + ROOM] == 0 or (m[group + WHOLE] and m[container + ROOM] < missing):
            continue
        if fill(m, w, group, container, 0, False, NEVER) > 0:
            if count > 1:
                last[at] = number % count
            return
        tried += 1
        if tried == most:
            return


@inner
def place_anywhere(m: Ints, w: Floats, group: int, score: int, cursor: Ints, kind: int) -> None:
    """Put a group that nothing keeps together into one cell after the other.

    ``cursor`` knows for each kind of rack the first cell that may still take one: while nothing is taken away, a cell
    that refused a kind refuses it for good.
    """
    power, heat = m[group + POWER], m[group + HEAT]
    cell, end = cursor[kind], m[CELLS_END]
    while cell < end and m[group + PLACED] < m[group + RACKS]:
        missing = m[group + RACKS] - m[group + PLACED]
        racks = fitting(m, w, cell, power, heat, missing)
        if racks == 0:
            cell += CELL
            cursor[kind] = cell
            continue
        chosen = cell
        if score != FIRST_FIT:
            liking = -np.inf
            for other in range(cell, min(end, cell + CELL * LOOKED_AT // 8), CELL):
                liked = appeal(m, w, other, power, heat, missing, score)
                if liked > liking:
                    chosen, liking = other, liked
            racks = fitting(m, w, chosen, power, heat, missing)
        put(m, w, group, chosen, racks)


@kernel
def construct(m: Ints, w: Floats, order: Ints, kinds: Ints, cursor: Ints, last: Ints, score: int, most: int) -> None:
    """Place groups in an order; up to ``most`` containers are looked at for each.

    ``kinds`` numbers groups of equal power and heat alike; ``cursor`` has one element for each kind, ``last`` one for
    each level: both are scratch.
    """
    for kind in range(len(cursor)):
        cursor[kind] = m[CELLS]
    for level in range(len(last)):
        last[level] = 0
    for i in range(len(order)):
        m[LOGGED] = m[LOG]
        group = order[i]
        if m[group + TOGETHER] != SITE or m[group + WHOLE] or m[group + HOME] != 0:
            place_together(m, w, group, score, last, most)
        else:
            place_anywhere(m, w, group, score, cursor, kinds[i])
