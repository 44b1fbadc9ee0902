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
from capalloc.placement.core.index import CONTAINERS, MEMBERS, Index, allowed, next_leaf, refused, reread, spared
from capalloc.placement.core.load import fitting, loaded, sparing
from capalloc.placement.core.moves import has_room, put, random_below, undo
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
def most_liked(m: Ints, w: Floats, group: int, first: int, end: int, missing: int, score: int) -> int:
    """The member from ``first`` on that a score likes best, of a few; the first where it likes none."""
    chosen, liking = first, -np.inf
    for i in range(first, min(end, first + _SCORED_ANYWHERE)):
        liked = appeal(m, w, m[i + Member.CELL], group, missing, score)
        if liked > liking:
            chosen, liking = i, liked
    return chosen


@inner
def pour(m: Ints, w: Floats, index: Index, group: int, container: int, score: int) -> int:
    """Put what is missing of a group into a container, cell after cell that takes racks of it; how many were put.

    A group of all or nothing that does not fit is taken back.
    """
    level, whole = m[group + Group.LEVEL], m[group + Group.ALL_OR_NOTHING] != 0
    missing = left = m[group + Group.RACKS] - m[group + Group.PLACED]
    if not has_room(m, group, container):
        return 0
    before = m[m[Header.LEVELS + 2 * level] + Container.CELLS]
    member, end = m[container + Container.CELLS], m[container + Container.CELLS_END]
    mark, lowered = m[Header.LOG_END], 0
    while left > 0:
        member = before + next_leaf(m, index, level, MEMBERS, member - before, group, 1)
        if not before <= member < end:
            break
        m[Header.LOOKS] += 1
        cell = m[member + Member.CELL]
        racks = sparing(m, w, cell, group, left)
        if racks == 0:
            refused(m, w, index, level, member - before, cell, group)
            if whole and index.leaves[level, MEMBERS] != 0:
                index.lowered[lowered] = member
                lowered += 1
            member += 1
            continue
        if score != FIRST_FIT:
            cell = m[most_liked(m, w, group, member, end, left, score) + Member.CELL]
            racks = fitting(m, w, cell, group, left)
        put(m, w, group, cell, racks)
        if m[group + Group.POWER] < m[Header.RESERVE]:
            spared(m, w, index, cell)
        left -= racks
    if whole and left > 0:
        undo(m, w, mark)
        for i in range(lowered):
            allowed(m, w, index, level, index.lowered[i] - before, m[index.lowered[i] + Member.CELL])
        return 0
    return missing - left


@inner
def place_together(m: Ints, w: Floats, index: Index, group: int, score: int, last: Ints, most: int) -> None:
    """Put a group into one container of its level; up to ``most`` are looked at.

    ``last`` knows for each level the container that took a group last: where there are many, the next is sought from
    there on.
    """
    level = m[group + Group.LEVEL]
    begin, count = m[Header.LEVELS + 2 * level], m[Header.LEVELS + 2 * level + 1]
    if m[group + Group.PLACED] == m[group + Group.RACKS]:
        return
    if m[group + Group.HOME] != 0 or m[group + Group.STANDS_IN] != 0:
        pour(m, w, index, group, max(m[group + Group.HOME], m[group + Group.STANDS_IN]), FIRST_FIT)
        return
    if score != FIRST_FIT:
        best = best_container(m, w, group, begin, count, score, most)
        if best != 0 and pour(m, w, index, group, best, FIRST_FIT) > 0:
            return
    needed = m[group + Group.RACKS] if m[group + Group.ALL_OR_NOTHING] else 1
    start = last[level] if count > most and m[Header.RESERVE] == 0 else 0
    tried, number, end = 0, start, count
    while tried < most:
        number = next_leaf(m, index, level, CONTAINERS, number, group, needed)
        if not 0 <= number < end:
            if start in (0, end):
                return
            number, end = 0, start  # once around
            continue
        m[Header.LOOKS] += 1
        container = begin + Container.SIZE * number
        if has_room(m, group, container):
            if pour(m, w, index, group, container, FIRST_FIT) > 0:
                last[level] = number
                return
            tried += 1
        reread(m, index, level, number)
        number += 1


@kernel
def construct(m: Ints, w: Floats, order: Ints, index: Index, last: Ints, score: int, most: int) -> None:
    """Place groups in an order by a score; up to ``most`` containers are looked at for each.

    ``order`` (n,) holds places of groups. ``index`` has trees of what may take racks, as full as the records are, or
    none; ``last`` knows for each level which container took a group last.
    """
    for i in range(len(order)):
        m[Header.LOG_END] = m[Header.LOG]
        group = order[i]
        if m[group + Group.LEVEL] == ANYWHERE:
            pour(m, w, index, group, m[Header.LEVELS + 2 * ANYWHERE], score)
        else:
            place_together(m, w, index, group, score, last, most)
