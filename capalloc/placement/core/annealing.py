"""Simulated annealing over the neighbourhood of a placement.

A step that makes the placement better stands; one that makes it worse by d stands with probability exp(-d /
temperature), and the temperature falls by a fixed factor a step (Kirkpatrick, Gelatt and Vecchi, Optimization by
Simulated Annealing, Science 220, 1983, doi:10.1126/science.220.4598.671). The energy that is annealed is worth less
the cost of what is scarce; the best placement is kept by worth alone. Every placement on the way keeps every rule, so
the search may be ended at any step and its best be used.
"""

from __future__ import annotations

import numpy as np

from capalloc.instance.model import Floats, Ints
from capalloc.kernels import inner, kernel
from capalloc.placement.core.moves import random_below, undo
from capalloc.placement.core.neighbourhood import PERCENT, propose, random_group, ruin_and_recreate
from capalloc.placement.core.records import Header

_RANDOM_STEPS = 1 << 20
"""Steps between 0 and 1 in which a probability is drawn."""
_WORDS_PER_STEP = 64
"""Words of memory that take as long to copy as a step."""


@inner
def save_best(m: Ints, best: Ints) -> None:
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
    due, mark = 0, m[Header.LOG]
    for step in range(steps):
        m[Header.LOG_END] = mark
        hot *= cooling
        again = random_below(m, PERCENT) < refills
        moved = ruin_and_recreate(m, w, changes) if again else propose(m, w, random_group(m), out, changes)
        if not moved or (
            changes[1] < 0.0 and np.exp(changes[1] / hot) * _RANDOM_STEPS < random_below(m, _RANDOM_STEPS)
        ):
            undo(m, w, mark)
        elif changes[0] < 0.0 and score[0] > score[1] and step >= due:
            undo(m, w, mark)  # what stands is the best so far: kept before it gets worse
            save_best(m, best)
            score[1] = score[0]
            due = step + len(m) // _WORDS_PER_STEP
        else:
            score[0] += changes[0]
    if score[0] > score[1]:
        save_best(m, best)
        score[1] = score[0]
    return hot
