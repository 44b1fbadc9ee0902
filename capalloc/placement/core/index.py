"""Finds the next container or cell that may take a rack without looking at those that cannot.

For each level a segment tree stands over its containers and one over their members, as they are numbered: every node
of a tree has the most that any leaf below it may still take of each resource, so the next leaf that may take a rack is
found by going up and down the tree. Figures are brought up to date where they mislead alone, as in lazy greedy
algorithms (Minoux, Accelerated greedy algorithms for maximizing submodular set functions, 1978,
doi:10.1007/BFb0006528): while racks are only put, what a cell may take falls, so an old figure is too large at worst;
a leaf that refuses a rack is read again. A rack that a node refuses asks for more than it has left, so each cell is
read again a few times at most before the smallest racks are refused as well.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

import numpy as np

from capalloc.instance.model import Floats, Ints
from capalloc.kernels import inner, kernel
from capalloc.placement.core.load import left_after, left_now
from capalloc.placement.core.records import (
    Cell,
    Container,
    Group,
    Header,
    LoadShare,
    Member,
    Shift,
    ShiftShare,
    Zone,
)
from capalloc.placement.problem.layout import HEATS, LEVELS, NO_LIMIT, NOISE

CONTAINERS: Final = 0
MEMBERS: Final = 1
_FREE, _POWER, _HEAT, _COOLING = 0, 1, 2, 2 + HEATS
"""Columns: free positions, what one rack may draw, its heat of each kind, how positions are cooled."""
_COLUMNS = 3 + HEATS


class Index(NamedTuple):
    """Trees over containers and members of the levels that are asked for."""

    tree: Ints
    """(n, 6) nodes of all trees; the root of one is its node 1, the children of node i are 2i and 2i + 1."""
    begin: Ints
    """(4, 2) where the trees of each level begin: that over containers, that over members."""
    leaves: Ints
    """(4, 2) leaves of each tree, a power of two; 0 where there is no tree, and all is looked at."""
    lowered: Ints
    """Scratch: members whose figures may be too small should racks be taken away again."""


def index_of(m: Ints, w: Floats, levels: Iterable[int]) -> Index:
    """Trees for groups that keep ``levels`` together; none at all for no levels."""
    begin, leaves = np.zeros((2, len(LEVELS), 2), dtype=np.int64)
    most = end = 0
    for level in sorted(set(levels)):
        first, count = m[Header.LEVELS + 2 * level : Header.LEVELS + 2 * level + 2].tolist()
        members = (
            int(m[first + Container.SIZE * (count - 1) + Container.CELLS_END] - m[first + Container.CELLS])
            if count
            else 0
        )
        for which, number in ((CONTAINERS, count), (MEMBERS, members)):
            size = 1 << max(number - 1, 0).bit_length()
            begin[level, which], leaves[level, which] = end, size if number else 0
            end += 2 * size
        most = max(most, members)
    index = Index(np.full((end, _COLUMNS), -1, dtype=np.int64), begin, leaves, np.zeros(most, dtype=np.int64))
    build(m, w, index)
    return index


@kernel
def build(m: Ints, w: Floats, index: Index) -> None:
    """Read all figures."""
    for level in range(len(LEVELS)):
        if index.leaves[level, CONTAINERS] == 0:
            continue
        first, count = m[Header.LEVELS + 2 * level], m[Header.LEVELS + 2 * level + 1]
        members = m[first + Container.CELLS]
        for number in range(count):
            container = first + Container.SIZE * number
            for i in range(m[container + Container.CELLS], m[container + Container.CELLS_END]):
                read_cell(
                    m,
                    w,
                    index,
                    index.begin[level, MEMBERS] + index.leaves[level, MEMBERS] + i - members,
                    m[i + Member.CELL],
                )
            read_container(m, index, level, number)
        for which in (CONTAINERS, MEMBERS):
            for node in range(index.leaves[level, which] - 1, 0, -1):
                join(index.tree, index.begin[level, which], node)


@inner
def read_cell(m: Ints, w: Floats, index: Index, at: int, cell: int) -> None:
    """Write what one more rack in a cell may take at a node of a tree, with the reserve of the positions beside it."""
    tree = index.tree
    power = int(NO_LIMIT)
    for i in range(m[cell + Cell.LOADS], m[cell + Cell.LOADS_END]):
        power = min(power, drawable(left_now(m, cell, i), w[i + LoadShare.SHARE]))
    for i in range(m[cell + Cell.SHIFTS], m[cell + Cell.SHIFTS_END], Shift.SIZE):
        power = min(power, drawable(left_after(m, i), w[i + ShiftShare.AFTER]))
    reserve = m[Header.RESERVE]
    power = max(power - max(m[cell + Cell.FREE] - 1, 0) * reserve, min(power, reserve)) if reserve > 0 else power
    tree[at, _FREE], tree[at, _POWER], tree[at, _COOLING] = m[cell + Cell.FREE], power, m[cell + Cell.COOLING]
    zone = m[cell + Cell.ZONE]
    for kind in range(HEATS):
        tree[at, _HEAT + kind] = NO_LIMIT if zone == 0 else m[zone + Zone.LIMIT + kind] - m[zone + Zone.HEAT + kind]


@inner
def drawable(left: int, share: float) -> int:
    """What a rack may draw where so much is left for a share of it."""
    if share <= 0.0:
        return NO_LIMIT
    return np.int64(min((max(left, 0) + NOISE) / share, float(NO_LIMIT)))


@inner
def read_container(m: Ints, index: Index, level: int, number: int) -> None:
    """Write what the members of a container may take at its leaf: of each resource the most that any may."""
    first = m[Header.LEVELS + 2 * level]
    container = first + Container.SIZE * number
    tree, at = index.tree, index.begin[level, CONTAINERS] + index.leaves[level, CONTAINERS] + number
    tree[at, :] = -1
    tree[at, _COOLING] = 0
    shift = index.begin[level, MEMBERS] + index.leaves[level, MEMBERS] - m[first + Container.CELLS]
    for i in range(m[container + Container.CELLS], m[container + Container.CELLS_END]):
        if tree[i + shift, _FREE] > 0:
            merge(tree, at, i + shift)
    tree[at, _FREE] = m[container + Container.FREE]


@inner
def merge(tree: Ints, at: int, other: int) -> None:
    """Let a node have at least what another has."""
    for column in range(_COOLING):
        tree[at, column] = max(tree[at, column], tree[other, column])
    tree[at, _COOLING] |= tree[other, _COOLING]


@inner
def join(tree: Ints, begin: int, node: int) -> None:
    """Write what the two children of a node have."""
    at = begin + node
    tree[at, :] = -1
    tree[at, _COOLING] = 0
    for child in (begin + 2 * node, begin + 2 * node + 1):
        if tree[child, _FREE] > 0:
            merge(tree, at, child)


@inner
def rise(index: Index, level: int, which: int, leaf: int) -> None:
    """Bring what stands above a leaf up to date."""
    node = (index.leaves[level, which] + leaf) >> 1
    while node > 0:
        join(index.tree, index.begin[level, which], node)
        node >>= 1


@inner
def suits(m: Ints, tree: Ints, at: int, group: int, free: int) -> bool:
    """Whether something below a node of a tree may take a rack of a group, and has so many free positions."""
    if tree[at, _FREE] < free or tree[at, _POWER] < m[group + Group.POWER]:
        return False
    if tree[at, _COOLING] & m[group + Group.COOLING] == 0:
        return False
    for kind in range(HEATS):
        heat = m[group + Group.HEAT + kind]
        if heat > 0 and tree[at, _HEAT + kind] < heat:
            return False
    return True


@inner
def next_leaf(m: Ints, index: Index, level: int, which: int, start: int, group: int, free: int) -> int:
    """The first leaf from ``start`` on that may take a rack of a group; -1 where there is none.

    Without a tree it is ``start``.
    """
    leaves = index.leaves[level, which]
    if leaves == 0:
        return start
    if start >= leaves:
        return -1
    node = leaves + start
    while True:
        m[Header.LOOKS] += 1
        if suits(m, index.tree, index.begin[level, which] + node, group, free):
            if node >= leaves:
                return node - leaves
            node *= 2
            continue
        while node & 1:
            node >>= 1
        if node == 0:
            return -1
        node += 1


@inner
def refused(m: Ints, w: Floats, index: Index, level: int, member: int, cell: int, group: int) -> None:
    """Read again what a cell may take that has refused a rack of a group."""
    if index.leaves[level, MEMBERS] == 0:
        return
    at = index.begin[level, MEMBERS] + index.leaves[level, MEMBERS] + member
    read_cell(m, w, index, at, cell)
    if suits(m, index.tree, at, group, 1):  # shares of watts are rounded
        index.tree[at, _POWER] = m[group + Group.POWER] - 1
    rise(index, level, MEMBERS, member)


@inner
def allowed(m: Ints, w: Floats, index: Index, level: int, member: int, cell: int) -> None:
    """Read again what a cell may take, from which or from beside which racks were taken away."""
    read_cell(m, w, index, index.begin[level, MEMBERS] + index.leaves[level, MEMBERS] + member, cell)
    rise(index, level, MEMBERS, member)


@inner
def spared(m: Ints, w: Floats, index: Index, cell: int) -> None:
    """Read again what a cell may take that keeps less back since racks below the reserve were put there."""
    for level in range(len(LEVELS)):
        container, first = m[cell + Cell.CONTAINERS + level], m[Header.LEVELS + 2 * level]
        if index.leaves[level, MEMBERS] == 0 or container == 0:
            continue
        member = m[container + Container.CELLS] + m[cell + Cell.RANKS + level] - m[first + Container.CELLS]
        allowed(m, w, index, level, member, cell)
        number = (container - first) // Container.SIZE
        leaf = index.begin[level, CONTAINERS] + index.leaves[level, CONTAINERS] + number
        merge(index.tree, leaf, index.begin[level, MEMBERS] + index.leaves[level, MEMBERS] + member)
        rise(index, level, CONTAINERS, number)


@inner
def reread(m: Ints, index: Index, level: int, number: int) -> None:
    """Read again what a container may take that took no rack."""
    if index.leaves[level, CONTAINERS] != 0:
        read_container(m, index, level, number)
        rise(index, level, CONTAINERS, number)
