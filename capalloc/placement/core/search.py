"""Local search over groups: relocate, insert, swap out, and chains of what was put out; annealed."""

from __future__ import annotations

from typing import Final

import numpy as np

from capalloc.instance.model import Ints
from capalloc.kernels import inner, kernel
from capalloc.placement.core.moves import clear, drawn, fill, take, undo
from capalloc.placement.core.records import (
    BONUS,
    CELL,
    CELLS,
    CELLS_END,
    CONTAINER,
    COST,
    ENTRIES,
    ENTRY,
    FIRST,
    FREE,
    GAIN,
    GROUP,
    GROUPS,
    GROUPS_END,
    HOME,
    INSIDE,
    LEVEL,
    LIST,
    LISTED,
    LOAD,
    LOG,
    LOGGED,
    MISSING,
    MISSING_END,
    NORMAL,
    OPEN,
    PAIRED,
    PAIRED_END,
    PLACED,
    RACKS,
    ROOM,
    SITE,
    SLOTTED,
    STANDS,
    TOGETHER,
    WHERE,
    WHOLE,
    WITHIN,
    WITHIN_END,
)
from capalloc.placement.problem.layout import Floats

PUT_OUT: Final = 3
"""Most groups that make place for another."""
_AGAIN = 6
"""Tries to find another place for each of them."""
_PATIENCE = 24
"""Cells in vain before a container is given up."""
_BRIEF = 4
"""The same where a part of the group has a place already, or may have one."""
_MISSING = 60
"""Percent of the steps that ask for a group of which racks are missing."""
_SAME = 20
"""Percent of the moves of a placed group that leave it where it is, dealt out to other cells."""
_PERCENT, _FINE = 100, 1 << 20
_COPIED = 64
"""Words of memory that take as long to copy as a step."""
_NOISE = 1e-9
"""Relative change of the imbalance that is no change."""


@inner
def worth(m: Ints, w: Floats, group: int) -> float:
    """What the placed racks of a group are worth."""
    value = w[group + GAIN] * m[group + PLACED]
    return value + w[group + BONUS] if m[group + PLACED] == m[group + RACKS] else value


@inner
def energy(m: Ints, w: Floats, group: int) -> float:
    """The same less what they take of what is scarce."""
    return worth(m, w, group) - w[group + COST] * m[group + PLACED]


@inner
def somewhere(m: Ints, group: int) -> int:
    """A container that a group may stand in, drawn."""
    if m[group + HOME] != 0:
        return m[group + HOME]
    level = LEVEL + 2 * m[group + TOGETHER]
    return m[level] + CONTAINER * drawn(m, m[level + 1]) if m[level + 1] > 0 else 0


@inner
def try_into(m: Ints, w: Floats, group: int, container: int) -> int:
    """Put what is missing of a group into a container, beginning at a cell that is drawn; how many racks were put."""
    if container == 0 or m[container + ROOM] == 0:
        return 0
    if m[group + WHOLE] and m[container + ROOM] < m[group + RACKS] - m[group + PLACED]:
        return 0
    first = drawn(m, m[container + WITHIN_END] - m[container + WITHIN])
    return fill(m, w, group, container, first, True, _PATIENCE if m[group + WHOLE] else _BRIEF)


@inner
def loosen(m: Ints, w: Floats, group: int, entry: int) -> None:
    """Take a group away; of one that nothing keeps together and that may be split, one entry."""
    if m[group + TOGETHER] == SITE and not m[group + WHOLE]:
        take(m, w, group, entry)
    else:
        clear(m, w, group)


@inner
def asked_for(m: Ints) -> int:
    """A group, drawn; now and then one of which racks are missing."""
    waiting = m[MISSING_END] - m[MISSING]
    if waiting > 0 and drawn(m, _PERCENT) < _MISSING:
        return m[m[MISSING] + drawn(m, waiting)]
    return m[GROUPS] + GROUP * drawn(m, (m[GROUPS_END] - m[GROUPS]) // GROUP)


@inner
def tally(m: Ints, w: Floats, group: int, sign: float, changes: Floats) -> None:
    """Add what a group is worth, and its energy, to the changes."""
    changes[0] += sign * worth(m, w, group)
    changes[1] += sign * energy(m, w, group)


@inner
def make_place(m: Ints, w: Floats, group: int, container: int, out: Ints, changes: Floats) -> int:
    """Put groups out of a container until another fits; how many were put out, 0 where that does not help."""
    cells = m[container + WITHIN_END] - m[container + WITHIN]
    outs = 0
    for _ in range(PUT_OUT + 2):
        first = drawn(m, cells)
        cell = m[m[container + WITHIN] + first]
        if m[cell + LISTED] == 0:
            continue
        slot = m[cell + LIST] + SLOTTED * drawn(m, m[cell + LISTED])
        other = m[slot + 1]
        if other == group:
            continue
        tally(m, w, other, -1.0, changes)
        loosen(m, w, other, m[slot])
        tally(m, w, other, 1.0, changes)
        out[outs] = other
        outs += 1
        if fill(m, w, group, container, first, True, _PATIENCE if m[group + WHOLE] else 0) > 0:
            return outs
        if outs == PUT_OUT:
            break
    return 0


@inner
def find_place(m: Ints, w: Floats, group: int, changes: Floats) -> None:
    """Try a few containers for a group that was put out."""
    tally(m, w, group, -1.0, changes)
    for _ in range(_AGAIN):
        container = m[group + STANDS]
        if container == 0:
            container = somewhere(m, group)
        if try_into(m, w, group, container) > 0:
            break
    tally(m, w, group, 1.0, changes)


@inner
def propose(m: Ints, w: Floats, group: int, out: Ints, changes: Floats) -> bool:
    """Move or insert a group; whether anything moved. ``changes`` becomes what that adds to worth and to energy."""
    changes[0], changes[1] = -worth(m, w, group), -energy(m, w, group)
    stands, complete = m[group + STANDS], m[group + PLACED] == m[group + RACKS]
    container, outs = stands, 0
    moves = stands != 0 and (complete or drawn(m, 2) == 0)
    if stands == 0 or (moves and drawn(m, _PERCENT) >= _SAME):
        container = somewhere(m, group)
    if moves:
        if m[group + WHOLE] and container != stands and m[container + ROOM] < m[group + RACKS]:
            return False
        last = m[group + FIRST] + ENTRY * drawn(m, m[group + ENTRIES])
        loosen(m, w, group, last)
    got = try_into(m, w, group, container)
    if got == 0 and not moves and container != 0:
        outs = make_place(m, w, group, container, out, changes)
        got = outs
    if got == 0:
        return False
    tally(m, w, group, 1.0, changes)
    for i in range(outs):
        find_place(m, w, out[i], changes)
    return True


@inner
def refill(m: Ints, w: Floats, changes: Floats) -> bool:
    """Take a group or two out of a cell and put others into the space; whether anything was taken."""
    cell = m[CELLS] + CELL * drawn(m, (m[CELLS_END] - m[CELLS]) // CELL)
    if m[cell + LISTED] == 0:
        return False
    changes[0] = changes[1] = 0.0
    for _ in range(1 + drawn(m, 2)):
        if m[cell + LISTED] > 0:
            slot = m[cell + LIST] + SLOTTED * drawn(m, m[cell + LISTED])
            other = m[slot + 1]
            tally(m, w, other, -1.0, changes)
            loosen(m, w, other, m[slot])
            tally(m, w, other, 1.0, changes)
    for _ in range(_AGAIN):
        waiting = m[MISSING_END] - m[MISSING]
        if waiting == 0 or m[cell + FREE] == 0:
            break
        group = m[m[MISSING] + drawn(m, waiting)]
        container = m[cell + INSIDE + m[group + TOGETHER]]
        stays = m[group + STANDS] if m[group + STANDS] != 0 else m[group + HOME]
        if container == 0 or stays not in (0, container):
            continue
        tally(m, w, group, -1.0, changes)
        first = m[cell + WHERE + m[group + TOGETHER]]
        fill(m, w, group, container, first, True, _PATIENCE if m[group + WHOLE] else 0)
        tally(m, w, group, 1.0, changes)
    return True


@inner
def keep(m: Ints, best: Ints) -> None:
    """Copy the records; a loop compiles faster than a slice, which brings its error messages along."""
    for i in range(len(m)):
        best[i] = m[i]


@kernel
def anneal(
    m: Ints,
    w: Floats,
    best: Ints,
    score: Floats,
    out: Ints,
    changes: Floats,
    steps: int,
    hot: float,
    cooling: float,
    refills: int,
) -> float:
    """Anneal for so many steps, ``refills`` percent of them refills; the temperature that was reached.

    ``score`` holds the worth of what stands and that of ``best``, a copy of ``m`` as it stood best. ``out``, of
    PUT_OUT elements, and ``changes``, of two, are scratch.
    """
    due, mark = 0, m[LOG]
    for step in range(steps):
        m[LOGGED] = mark
        hot *= cooling
        again = drawn(m, _PERCENT) < refills
        moved = refill(m, w, changes) if again else propose(m, w, asked_for(m), out, changes)
        if not moved or (changes[1] < 0.0 and np.exp(changes[1] / hot) * _FINE < drawn(m, _FINE)):
            undo(m, w, mark)
        elif changes[0] < 0.0 and score[0] > score[1] and step >= due:
            undo(m, w, mark)  # what stands is the best so far: kept before it gets worse
            keep(m, best)
            score[1] = score[0]
            due = step + len(m) // _COPIED
        else:
            score[0] += changes[0]
    if score[0] > score[1]:
        keep(m, best)
        score[1] = score[0]
    return hot


@inner
def imbalance(m: Ints) -> float:
    """Sum over the contingencies of (load / normal limit) squared."""
    total = 0.0
    for i in range(m[PAIRED], m[PAIRED_END]):
        used = m[m[i] + LOAD] / max(m[m[i] + NORMAL], 1)
        total += used * used
    return total


@kernel
def tidy(m: Ints, w: Floats, steps: int) -> int:
    """Move groups where fewer blocks, then rows, then halls are open, then the imbalance is less; how many moved.

    Worth does not change.
    """
    moved, mark, count = 0, m[LOG], (m[GROUPS_END] - m[GROUPS]) // GROUP
    uneven = imbalance(m)
    for _ in range(steps):
        group = m[GROUPS] + GROUP * drawn(m, count)
        placed = m[group + PLACED]
        if placed == 0:
            continue
        m[LOGGED] = mark
        rows, blocks, halls = m[OPEN], m[OPEN + 1], m[OPEN + 2]
        loosen(m, w, group, m[group + FIRST] + ENTRY * drawn(m, m[group + ENTRIES]))
        container = m[group + STANDS]
        try_into(m, w, group, container if container != 0 else somewhere(m, group))
        opened = m[OPEN + 1] - blocks
        if opened == 0:
            opened = m[OPEN] - rows
        if opened == 0:
            opened = m[OPEN + 2] - halls
        now = imbalance(m) if opened == 0 and m[group + PLACED] == placed else uneven
        if m[group + PLACED] == placed and (opened < 0 or now < uneven * (1.0 - _NOISE)):
            moved += 1
            uneven = imbalance(m)
        else:
            undo(m, w, mark)
    return moved
