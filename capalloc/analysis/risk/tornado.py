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
    doubts, ends = doubts_of(scenario), max(_LEAST, len(samples) // _PARTS)
    if len(samples) < 2 * ends:
        return
    for name in doubtful(scenario):
        order = np.argsort(levels(name, doubts.samples, doubts.seed)[samples - 1], kind="stable")
        low, high = objective_usd[order[:ends]], objective_usd[order[-ends:]]
        yield Swing(
            what=name,
            low_usd=float(low.mean()),
            high_usd=float(high.mean()),
            swing_usd=float(high.mean() - low.mean()),
            error_usd=math.hypot(error_of(low), error_of(high)),
        )
