"""Money of demands, day by day: concave curves of each stretch, and their sums by period.

A sum of concave, piecewise linear functions of one measure is one: it has the borders of all of them, and its slope
between two borders is the sum of theirs (S. Boyd and L. Vandenberghe, Convex Optimization, Cambridge University Press
2004, section 3.2).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from capalloc.instance.model import Curve, Floats, Ints
from capalloc.instance.stretches import Stretch, period_of
from capalloc.schema.demand import Contract, RampStep, Workload


def penalties(unit: Ints, committed: Ints, usd_per_unit: Floats) -> Curve:
    """Minus the penalty of what is short of (N,) committed units, at (N,) USD for each."""
    return Curve(unit, committed[:, None].astype(float), usd_per_unit[:, None], -usd_per_unit * committed)


def monthly_fee(
    contract: Contract, stretches: Sequence[Stretch], unit: Ints, committed: Ints, flexible: float, kw_per_unit: float
) -> Curve:
    """Fee by month, or by kW and month: of each stretch by what is delivered of its (N,) committed units.

    ``flexible`` units above them earn the same for each; where nothing is committed, a fee by month is due in full.
    """
    months, factor = (np.array([of(stretch) for stretch in stretches]) for of in (_months, _factor))
    full, some = np.maximum(committed, 1), committed > 0
    if contract.fee.usd_per_month is None:
        kw = np.where(some, committed, 1) * kw_per_unit
        fee = (contract.fee.usd_per_kw_month or 0.0) * kw * months * factor
        return Curve(unit, (committed.astype(float) + flexible)[:, None], (fee / full)[:, None], np.zeros(len(fee)))
    fee = contract.fee.usd_per_month * months * factor
    widths = np.where(some, committed + flexible, 0.0)
    return Curve(unit, widths[:, None], np.where(some, fee / full, 0.0)[:, None], np.where(some, 0.0, fee))


def hourly_fee(usd_per_gpu_hour: float, stretches: Sequence[Stretch], gpus: Ints, most_gpus: Floats) -> Curve:
    """Fee by GPU-hour: of each stretch for up to (N,) ``most_gpus``."""
    usd = np.array([usd_per_gpu_hour * stretch.hours * _factor(stretch) for stretch in stretches])
    return Curve(gpus, most_gpus[:, None], usd[:, None], np.zeros(len(usd)))


def _months(stretch: Stretch) -> float:
    return stretch.months


def _factor(stretch: Stretch) -> float:
    assert isinstance(stretch.step, RampStep)
    return stretch.step.fee_factor


def value(workload: Workload, stretches: Sequence[Stretch], gpus: Ints, most_gpus: Floats) -> Curve:
    """Value of each stretch: tiers filled with GPUs, up to (N,) ``most_gpus``."""
    hours = np.array([stretch.hours for stretch in stretches], dtype=float)
    borders = np.array([0.0] + [float(tier.up_to_gpus or np.inf) for tier in workload.value])
    slopes = np.array([tier.usd_per_gpu_hour for tier in workload.value])
    filled = np.minimum(borders[None, :], most_gpus[:, None])
    widths = np.subtract(filled[:, 1:], filled[:, :-1], out=np.zeros((len(hours), len(slopes))), where=_below(filled))
    return Curve(gpus, widths, hours[:, None] * slopes[None, :], np.zeros(len(hours)))


def _below(borders: Floats) -> np.ndarray:
    """Where a border is below the next: the difference of two open ones is nothing."""
    return np.asarray(borders[:, :-1] < borders[:, 1:])


def by_period(curves: Sequence[Curve], stretches: Sequence[Stretch], periods: int) -> Curve:
    """The sum of curves with one measure and a row for each stretch, as one curve with a row for each period."""
    at = period_of(stretches)
    parts = [part for curve in curves for part in _by_place(curve, at, periods)]
    ends = np.sort(np.concatenate([np.cumsum(part.widths, axis=1) for part in parts], axis=1), axis=1)
    borders = np.column_stack((np.zeros(periods), ends))
    widths = np.subtract(ends, borders[:, :-1], out=np.zeros_like(ends), where=_below(borders))
    slopes = sum((_slopes_from(part, borders[:, :-1]) for part in parts), start=np.zeros_like(ends))
    base = sum((part.base for part in parts), start=np.zeros(periods))
    used = (widths > 0).any(axis=0)
    used[0] |= not used.any()
    return Curve(curves[0].measure, widths[:, used], slopes[:, used], base)


def _by_place(curve: Curve, at: Ints, periods: int) -> Iterator[Curve]:
    """The first stretch of every period, then the second, and so on; 0 in periods that have none."""
    place = np.arange(len(at)) - np.searchsorted(at, at)
    for number in range(int(place.max(initial=0)) + 1):
        mine = place == number
        arrays = [np.zeros((periods, *array.shape[1:])) for array in (curve.widths, curve.slopes, curve.base)]
        for array, of_stretches in zip(arrays, (curve.widths, curve.slopes, curve.base), strict=True):
            array[at[mine]] = of_stretches[mine]
        yield Curve(curve.measure, *arrays)


def _slopes_from(curve: Curve, starts: Floats) -> Floats:
    """(T, B) slopes of a curve right above each of (T, B) points; 0 beyond its last border."""
    ends = np.cumsum(curve.widths, axis=1)
    total, begin = np.zeros_like(starts), np.zeros(len(starts))
    for s in range(ends.shape[1]):
        inside = (begin[:, None] <= starts) & (starts < ends[:, s, None])
        total = total + np.where(inside, curve.slopes[:, s, None], 0.0)
        begin = ends[:, s]
    return total
