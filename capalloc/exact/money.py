"""Money of the exact model in whole numbers.

CP-SAT counts in int64, so USD are scaled by the largest power of ten (1e12 at most) that keeps the whole objective
under 1e16. A gain curve is taken on the grid of what whole racks deliver (units divided by their greatest common
divisor): there it is linear between neighbouring grid points, so its borders may lie anywhere. Slopes are rounded to
the scale; ``slack_usd`` is the most that this rounding can hide, and is added to the bound, which stays proven.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from capalloc.exact.model import ExactModel
from capalloc.instance.model import Curve, Ints

_MOST_DIGITS = 12
_MOST_MONEY = 1e16


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a demand's curve in one period: ``width`` steps that are worth ``usd`` each, discounted."""

    width: int
    usd: float


@dataclass(frozen=True, slots=True)
class Gain:
    """A demand's curve in one period, on the grid of whole racks."""

    demand: int
    period: int
    steps: Ints
    """(K,) grid steps that one rack of each type delivers."""
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Money:
    """The objective: ``base_usd + value / scale`` in discounted USD."""

    value: Any
    """Whole number, as an expression."""
    scale: int
    base_usd: float
    slack_usd: float

    def usd(self, value: float) -> float:
        """USD of a value of the expression."""
        return self.base_usd + value / self.scale


def money_of(exact: ExactModel) -> Money:
    """Build the objective; adds the variables and rows of its gains."""
    instance = exact.instance
    gains = list(_gains(exact))
    move_usd = instance.discount * instance.policy.move_cost_usd
    most = sum(segment.width * segment.usd for gain_ in gains for segment in gain_.segments)
    most += sum(float(move_usd[t]) for _, _, t in exact.leave)
    scale = 10 ** min(_MOST_DIGITS, max(0, math.floor(math.log10(_MOST_MONEY / max(most, 1.0)))))
    terms = [_earned(exact, gain_, scale) for gain_ in gains]
    terms += [-round(move_usd[t] * scale) * literal for (_, _, t), literal in exact.leave.items()]
    rounded = sum(segment.width for gain_ in gains for segment in gain_.segments) + len(exact.leave)
    curves = [curve for data in instance.demands for curve in data.curves]
    base = float(sum((instance.discount * curve.base).sum() for curve in curves))
    return Money(sum(terms), scale, base, rounded / scale)


def _gains(exact: ExactModel) -> Iterator[Gain]:
    instance = exact.instance
    for d, data in enumerate(instance.demands):
        for curve in data.curves:
            grid = max(int(np.gcd.reduce(curve.measure)), 1)
            steps = curve.measure // grid
            for t in np.flatnonzero(data.in_term).tolist():
                racks = {s.rack for s in exact.by_demand.get((d, t), ())}
                most = sum(int(steps[instance.racks.type[r]]) for r in racks)
                if most > 0:
                    yield Gain(d, t, steps, tuple(_segments(curve, t, grid, most, float(instance.discount[t]))))


def _segments(curve: Curve, t: int, grid: int, most: int, factor: float) -> Iterator[Segment]:
    """Segments with falling worth; those worth nothing are left out."""
    borders = np.cumsum(curve.widths[t]) / grid
    near = {int(side(border)) for border in borders if border < most for side in (math.floor, math.ceil)}
    usd = math.inf
    for low, high in pairwise(sorted({0, most} | near)):
        usd = min(usd, factor * (_gain_usd(curve, t, high * grid) - _gain_usd(curve, t, low * grid)) / (high - low))
        if usd > 0:
            yield Segment(high - low, usd)


def _gain_usd(curve: Curve, t: int, measure: int) -> float:
    return float(curve.gain_usd(np.full(len(curve.base), measure))[t])


def _earned(exact: ExactModel, earned: Gain, scale: int) -> Any:
    """Segments filled by what is delivered: the dearest first, since their worth falls."""
    name = f"gain {exact.instance.demand_names[earned.demand]} {earned.period}"
    filled = [exact.model.new_int_var(0, segment.width, name) for segment in earned.segments]
    kinds = exact.instance.racks.type
    racks = exact.by_demand.get((earned.demand, earned.period), ())
    delivered = sum(int(earned.steps[kinds[s.rack]]) * s.literal for s in racks)
    exact.model.add(sum(filled) <= delivered)
    return sum(round(s.usd * scale) * part for s, part in zip(earned.segments, filled, strict=True))
