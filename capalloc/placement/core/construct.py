"""Constructive placement: one group after the other, where a score likes it best.

Vector bin packing by greedy heuristics: groups come in a given order, and go to the first container and cells that
hold them (first fit), to the tightest (best fit), to those whose remaining power is most like what is asked (the dot
product of Panigrahy, Talwar, Uyeda and Wieder, Heuristics for Vector Bin Packing, Microsoft Research 2011), or to
those whose fullest node stays emptiest (balanced: pairs of nodes that back each other fill alike, so that little is
kept for a loss). Whatever a score says, racks go only where `fitting` lets them, so every answer keeps every rule; and
the order in which cells are looked at is fixed, so the same input gives the same answer.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from capalloc.instance.model import Floats, Ints
from capalloc.kernels import inner, kernel
from capalloc.placement.core.load import fitting, loaded
from capalloc.placement.core.moves import ALL, fill, has_room, put, random_below
from capalloc.placement.core.records import Cell, Container, Group, Header, Load, LoadShare, Member, Node
from capalloc.placement.problem.layout import ANYWHERE

FIRST_FIT: Final = 0
BEST_FIT: Final = 1
"""The tightest space."""
DOT_PRODUCT: Final = 2
"""Where what is left is most like what is asked (Panigrahy et al. 2011)."""
BALANCED: Final = 3
"""Where the fullest node stays emptiest, so that pairs of nodes fill alike."""
_SCORED = 4
"""Cells of a container that are scored, at most: the first ones, which are of one row for most."""
_SCORED_ANYWHERE = 32
"""Cells that are scored for a group that nothing keeps together, from the first that takes a rack of it on."""


@inner
def appeal(m: Ints, w: Floats, cell: int, group: int, missing: int, score: int) -> float:
    """How much a score likes a cell for a group; -inf where not one rack fits."""
    racks, power = fitting(m, w, cell, group, missing), m[group + Group.POWER]
    if racks == 0:
        return -np.inf
    if score == BEST_FIT:
        return 1e6 * racks / missing - (m[cell + Cell.FREE] - racks)
    dot_product, fullest = 0.0, 0.0
    for i in range(m[cell + Cell.LOADS], m[cell + Cell.LOADS_END]):
        node = m[i + Load.NODE]
        limit, each = max(m[node + Node.NORMAL], 1), racks * loaded(power, w[i + LoadShare.SHARE])
        dot_product += (each / limit) * ((limit - m[node + Node.LOAD]) / limit)
        fullest = max(fullest, (m[node + Node.LOAD] + max(m[node + Node.WORST_ADDED], 0) + each) / limit)
    return dot_product if score == DOT_PRODUCT else racks / missing - fullest


@inner
def best_container(m: Ints, w: Floats, group: int, begin: int, count: int, score: int, most: int) -> int:
    """The container of a level that a score likes best, of up to ``most`` that may hold what is missing; 0: none."""
    missing = m[group + Group.RACKS] - m[group + Group.PLACED]
    best, liking = 0, -np.inf
    stride = 1 + count // most
    for number in range(random_below(m, stride), count, stride):
        container = begin + Container.SIZE * number
        if not has_room(m, group, container):
            continue
        end = min(m[container + Container.CELLS_END], m[container + Container.CELLS] + _SCORED)
        for i in range(m[container + Container.CELLS], end):
            liked = appeal(m, w, m[i + Member.CELL], group, missing, score)
            if liked > liking:
                best, liking = container, liked
    return best


@inner
def place_together(m: Ints, w: Floats, group: int, score: int, last: Ints, most: int) -> None:
    """Put a group into one container of its level; up to ``most`` are looked at.

    ``last`` knows for each level the container that took a group last: where there are many, the next is sought from
    there on.
    """
    level = m[group + Group.LEVEL]
    begin, count = m[Header.LEVELS + 2 * level], m[Header.LEVELS + 2 * level + 1]
    if m[group + Group.HOME] != 0 or m[group + Group.STANDS_IN] != 0:
        begin, count = max(m[group + Group.HOME], m[group + Group.STANDS_IN]), 1
    if score != FIRST_FIT:
        best = best_container(m, w, group, begin, count, score, most)
        if best != 0 and fill(m, w, group, best, 0, False, ALL) > 0:
            return
    tried, start = 0, last[level] if count > most else 0
    for number in range(start, start + count):
        container = begin + Container.SIZE * (number % count)
        if not has_room(m, group, container):
            continue
        if fill(m, w, group, container, 0, False, ALL) > 0:
            if count > 1:
                last[level] = number % count
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
    cell, end = cursor[kind], m[Header.CELLS_END]
    while cell < end and m[group + Group.PLACED] < m[group + Group.RACKS]:
        missing = m[group + Group.RACKS] - m[group + Group.PLACED]
        racks = fitting(m, w, cell, group, missing)
        if racks == 0:
            cell += Cell.SIZE
            cursor[kind] = cell
            continue
        chosen = cell
        if score != FIRST_FIT:
            liking = -np.inf
            for other in range(cell, min(end, cell + Cell.SIZE * _SCORED_ANYWHERE), Cell.SIZE):
                liked = appeal(m, w, other, group, missing, score)
                if liked > liking:
                    chosen, liking = other, liked
            racks = fitting(m, w, chosen, group, missing)
        put(m, w, group, chosen, racks)


@kernel
def construct(m: Ints, w: Floats, order: Ints, kinds: Ints, cursor: Ints, last: Ints, score: int, most: int) -> None:
    """Place groups in an order by a score; up to ``most`` containers are looked at for each.

    ``order`` (n,) holds places of groups, ``kinds`` (n,) the same number for groups of equal power, heat and cooling;
    ``cursor``, with one element for each kind, and ``last``, with one for each level, are scratch.
    """
    for kind in range(len(cursor)):
        cursor[kind] = m[Header.CELLS]
    for level in range(len(last)):
        last[level] = 0
    for i in range(len(order)):
        m[Header.LOG_END] = m[Header.LOG]
        group = order[i]
        if m[group + Group.LEVEL] != ANYWHERE or m[group + Group.ALL_OR_NOTHING] or m[group + Group.HOME] != 0:
            place_together(m, w, group, score, last, most)
        else:
            place_anywhere(m, w, group, score, cursor, kinds[i])
