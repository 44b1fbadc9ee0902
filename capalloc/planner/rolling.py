"""A plan made period by period, for when one search over everything takes too long.

In each step one stretch of periods is planned in whole racks, what came before is held, and what comes after counts
as if racks could be split: so each step is small and still looks ahead. The last step's answer is a whole plan.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np
from ortools.math_opt.python import mathopt

from capalloc.instance.model import Ints
from capalloc.planner.built import BuiltModel
from capalloc.planner.linear import Held
from capalloc.planner.program import Answer

_MOST_STEPS = 12


def roll(built: BuiltModel, gap: float, seed: int, deadline: float) -> Answer | None:
    """A plan of whole racks; None when a step finds none in its share of the time left until ``deadline``."""
    answer: Answer | None = None
    steps = list(_stretches(len(built.reduction.instance.periods)))
    for i, (first, end) in enumerate(steps):
        left = deadline - time.monotonic()
        if left <= 0:
            return None
        answer = built.model.solve(
            mathopt.SolverType.HIGHS,
            relax=False,
            time_limit=left / (len(steps) - i),
            gap=gap,
            seed=seed,
            held=_held(built, answer, first, end),
        )
        if answer.values is None:
            return None
    return answer


def _stretches(periods: int) -> Iterator[tuple[int, int]]:
    size = -(-periods // _MOST_STEPS)
    for first in range(0, periods, size):
        yield first, min(first + size, periods)


def _held(built: BuiltModel, answer: Answer | None, first: int, end: int) -> Held:
    """Whole counts of earlier periods as they are; those of later ones loose."""
    before, after = _between(built, 0, first), _between(built, end, len(built.reduction.instance.periods))
    now = np.zeros(0) if answer is None or answer.values is None else np.rint(answer.values[before])
    return Held(before, now, now, loose=after)


def _between(built: BuiltModel, first: int, end: int) -> Ints:
    """Whole columns of the periods [first, end)."""
    periods = len(built.reduction.instance.periods)
    timed = [numbers for numbers in built.model.counted if numbers.ndim > 1 and numbers.shape[-1] == periods]
    columns = np.concatenate([numbers[..., first:end].reshape(-1) for numbers in timed])
    return columns[columns >= 0]
