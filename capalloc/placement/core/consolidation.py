"""Consolidation: groups moved, at the same worth, to where less of the site is in use and its contingencies fill alike.

Hill climbing: one group at a time is taken away and put into a container and cells that are drawn; it stays there
where fewer blocks, then rows, then halls have racks of groups, or else where the squared loads of the contingencies,
such as UPS, sum to less; otherwise the log takes it back. A later request then finds whole rows and blocks free; what
fragmentation costs where requests come one by one, Baxi et al. measure (Online Rack Placement in Large-Scale Data
Centers, 2025, arXiv:2501.12725).
"""

from __future__ import annotations

from capalloc.instance.model import Floats, Ints
from capalloc.kernels import inner, kernel
from capalloc.placement.core.moves import random_below, undo
from capalloc.placement.core.neighbourhood import drawn_container, fill_from_any_cell, take_out
from capalloc.placement.core.records import Contingency, Entry, Group, Header, Node

_NOISE = 1e-9
"""Relative change of the imbalance that is no change."""


@inner
def imbalance(m: Ints) -> float:
    """Sum over the contingencies of (load / normal limit) squared."""
    total = 0.0
    for i in range(m[Header.CONTINGENCIES], m[Header.CONTINGENCIES_END]):
        node = m[i + Contingency.NODE]
        used = m[node + Node.LOAD] / max(m[node + Node.NORMAL], 1)
        total += used * used
    return total


@kernel
def consolidate(m: Ints, w: Floats, steps: int) -> int:
    """Move groups where fewer blocks, then rows, then halls are open, then the imbalance is less; how many moved.

    Worth does not change.
    """
    moved, mark, count = 0, m[Header.LOG], (m[Header.GROUPS_END] - m[Header.GROUPS]) // Group.SIZE
    uneven = imbalance(m)
    for _ in range(steps):
        group = m[Header.GROUPS] + Group.SIZE * random_below(m, count)
        placed = m[group + Group.PLACED]
        if placed == 0:
            continue
        m[Header.LOG_END] = mark
        rows, blocks, halls = m[Header.OPEN], m[Header.OPEN + 1], m[Header.OPEN + 2]
        take_out(m, w, group, m[group + Group.FIRST_ENTRY] + Entry.SIZE * random_below(m, m[group + Group.ENTRIES]))
        container = m[group + Group.STANDS_IN]
        fill_from_any_cell(m, w, group, container if container != 0 else drawn_container(m, group))
        opened = m[Header.OPEN + 1] - blocks
        if opened == 0:
            opened = m[Header.OPEN] - rows
        if opened == 0:
            opened = m[Header.OPEN + 2] - halls
        now = imbalance(m) if opened == 0 and m[group + Group.PLACED] == placed else uneven
        if m[group + Group.PLACED] == placed and (opened < 0 or now < uneven * (1.0 - _NOISE)):
            moved += 1
            uneven = imbalance(m)
        else:
            undo(m, w, mark)
    return moved
