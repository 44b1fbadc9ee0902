"""Local search over groups: relocate, insert, swap out, and chains of what was put out; annealed."""

from __future__ import annotations

import numpy as np

from capalloc.instance.layout import Floats
from capalloc.instance.model import Ints
from capalloc.placement.compiled import inner, kernel
from capalloc.placement.moves import clear, drawn, fill, take, undo
from capalloc.placement.records import (
    BONUS,
    CONTAINER,
    COST,
    ENTRIES,
    ENTRY,
    FIRST,
    GAIN,
    GROUP,
    GROUPS,
    GROUPS_END,
    HOME,
    IMBALANCE,
    LEVEL,
    LIST,
    LISTED,
    LOG,
    LOGGED,
    OPEN,
    PLACED,
    RACKS,
    ROOM,
    SITE,
    SLOTTED,
    STANDS,
    TOGETHER,
    WHOLE,
    WITHIN,
    WITHIN_END,
)

PUT_OUT = 3
"""Most groups that make place for another."""
_AGAIN = 6
"""Tries to find another place for each of them."""
_PATIENCE = 24
"""Cells in vain before a container is given up."""
_BRIEF = 4
"""The same where a part of the group has a place already, or may have one."""
_MISSING = 30
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
    count = (m[GROUPS_END] - m[GROUPS]) // GROUP
    group = m[GROUPS] + GROUP * drawn(m, count)
    if drawn(m, _PERCENT) < _MISSING:
        for _ in range(PUT_OUT * _AGAIN):
            if m[group + PLACED] < m[group + RACKS]:
                break
            group = m[GROUPS] + GROUP * drawn(m, count)
    return group


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
        changes[0] -= worth(m, w, other)
        changes[1] -= energy(m, w, other)
        loosen(m, w, other, m[slot])
        changes[0] += worth(m, w, other)
        changes[1] += energy(m, w, other)
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
    changes[0] -= worth(m, w, group)
    changes[1] -= energy(m, w, group)
    for _ in range(_AGAIN):
        container = m[group + STANDS]
        if container == 0:
            container = somewhere(m, group)
        if try_into(m, w, group, container) > 0:
            break
    changes[0] += worth(m, w, group)
    changes[1] += energy(m, w, group)


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
    changes[0] += worth(m, w, group)
    changes[1] += energy(m, w, group)
    for i in range(outs):
        find_place(m, w, out[i], changes)
    return True


@inner
def keep(m: Ints, best: Ints) -> None:
    """Copy the records; a loop compiles faster than a slice, which brings its error messages along."""
    for i in range(len(m)):
        best[i] = m[i]


@kernel
def anneal(m: Ints, w: Floats, best: Ints, score: Floats, steps: int, hot: float, cooling: float) -> float:
    """Anneal for so many steps; the temperature that was reached.

    ``score`` holds the worth of what stands and that of ``best``, a copy of ``m`` as it stood best.
    """
    out, changes = np.empty(PUT_OUT, dtype=np.int64), np.zeros(2)
    due, mark = 0, m[LOG]
    for step in range(steps):
        m[LOGGED] = mark
        hot *= cooling
        moved = propose(m, w, asked_for(m), out, changes)
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


@kernel
def tidy(m: Ints, w: Floats, steps: int) -> int:
    """Move groups where fewer blocks, then rows, then halls are open, then the imbalance is less; how many moved.

    Worth does not change.
    """
    moved, mark, count = 0, m[LOG], (m[GROUPS_END] - m[GROUPS]) // GROUP
    for _ in range(steps):
        group = m[GROUPS] + GROUP * drawn(m, count)
        placed = m[group + PLACED]
        if placed == 0:
            continue
        m[LOGGED] = mark
        rows, blocks, halls, imbalance = m[OPEN], m[OPEN + 1], m[OPEN + 2], w[IMBALANCE]
        loosen(m, w, group, m[group + FIRST] + ENTRY * drawn(m, m[group + ENTRIES]))
        container = m[group + STANDS]
        try_into(m, w, group, container if container != 0 else somewhere(m, group))
        opened = m[OPEN + 1] - blocks
        if opened == 0:
            opened = m[OPEN] - rows
        if opened == 0:
            opened = m[OPEN + 2] - halls
        better = opened < 0 or (opened == 0 and w[IMBALANCE] < imbalance * (1.0 - _NOISE))
        if m[group + PLACED] == placed and better:
            moved += 1
        else:
            undo(m, w, mark)
    return moved
