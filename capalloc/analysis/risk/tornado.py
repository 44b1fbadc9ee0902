"""Which of the things that are not sure matters most: the objective where each is lowest, and where it is highest.

What is drawn fills equal parts of its distribution with one sample each, so the tenth of the samples in which a thing
is lowest is exactly known; what else is not sure is mixed evenly into it, but for chance.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from capalloc.analysis.risk.spread import error_of
from capalloc.analysis.sampling import doubtful, doubts_of, levels
from capalloc.instance.model import Floats, Ints
from capalloc.schema.risk import Swing
from capalloc.schema.scenario import Scenario

_PARTS = 10
_LEAST = 2
"""Fewer samples at an end tell nothing."""


def tornado_of(scenario: Scenario, samples: Ints, objective_usd: Floats) -> tuple[Swing, ...]:
    """Each thing that is not sure, by how much it matters; (N,) numbers of the samples with a plan and their worth."""
    return tuple(sorted(_swings(scenario, samples, objective_usd), key=lambda one: (-abs(one.swing_usd), one.what)))


def _swings(scenario: Scenario, samples: Ints, objective_usd: Floats) -> Iterator[Swing]:
    doubts = doubts_of(scenario)
    chances = {f"prospect {one.name}": one.probability for one in scenario.contracts}
    for name in doubtful(scenario):
        level = levels(name, doubts.samples, doubts.seed)[samples - 1]
        ends = _tenths(level) if name not in chances else _with_and_without(level, chances[name])
        low, high = (objective_usd[end] for end in ends)
        if min(len(low), len(high)) < _LEAST:
            continue
        yield Swing(
            what=name,
            low_usd=float(low.mean()),
            high_usd=float(high.mean()),
            swing_usd=float(high.mean() - low.mean()),
            error_usd=math.hypot(error_of(low), error_of(high)),
        )


def _tenths(level: Floats) -> tuple[Ints, Ints]:
    """Samples in which something is lowest, and in which it is highest."""
    size = max(_LEAST, len(level) // _PARTS)
    order = np.argsort(level, kind="stable")
    return (order[:size], order[-size:]) if len(level) >= 2 * size else (order[:0], order[:0])


def _with_and_without(level: Floats, chance: float) -> tuple[Ints, Ints]:
    """Samples in which a prospect does not sign, and in which it does."""
    return np.flatnonzero(level >= chance), np.flatnonzero(level < chance)
