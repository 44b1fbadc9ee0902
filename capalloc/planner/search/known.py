"""Whether a plan at hand will do: no period by itself delivers much more of any commitment that counts.

Single periods, searched for who has what to itself, tell what the best could deliver with fractions of racks and no
past. A plan that delivers each demand as much of its commitment, within the gap asked for, needs no better one.
"""

from __future__ import annotations

import numpy as np

from capalloc.instance.model import Floats, Ints
from capalloc.planner.bounds.single_periods import PeriodBounds
from capalloc.planner.model.protocol import PlanModel
from capalloc.planner.params import Known


def short_windows(known: Known, model: PlanModel, window: Ints, gap: float) -> Ints:
    """(n,) windows in which a demand is short that lacks more than the gap in all: only there can more be needed."""
    committed = _committed(model, window)
    lacks = np.maximum(committed - known.units, 0)
    short = known.commits & (lacks.sum(axis=1) > gap * committed.sum(axis=1))
    return np.unique(window[(lacks[short] > 0).any(axis=0)])


def will_do(known: Known | None, model: PlanModel, window: Ints, bounds: PeriodBounds, gap: float) -> bool:
    """Whether it does; ``window`` is (T,), that of each period of the plan at hand, and ``gap`` relative."""
    if known is None:
        return False
    best = np.array([_units(model, w, bounds) for w in range(model.linear.periods)])[window]
    committed = _committed(model, window)
    lacks = np.minimum(best.T, committed) - np.minimum(known.units, committed)
    enough = np.maximum(lacks, 0.0).sum(axis=1) <= gap * committed.sum(axis=1)
    return bool(enough[known.commits].all())


def _committed(model: PlanModel, window: Ints) -> Ints:
    """(D, T) units that the demands are committed."""
    return np.array([data.committed for data in model.instance.demands])[:, window]


def _units(model: PlanModel, window: int, bounds: PeriodBounds) -> Floats:
    """(D,) units that the best of a window by itself delivers; inf where that is not known."""
    single, level = bounds.heaviest(window), model.levels[0]
    answer = single.answer if single.searched is None else single.searched
    if answer.values is None:
        return np.full(len(model.instance.demands), np.inf)
    values = np.zeros(model.linear.columns + 1)  # the last is where NONE points
    values[single.part.columns] = answer.values
    units = np.array([data.unit[level.classes.type] for data in model.instance.demands]).T
    delivered: Floats = (units * values[level.columns.serve[:, :, window]]).sum(axis=0)
    return delivered
