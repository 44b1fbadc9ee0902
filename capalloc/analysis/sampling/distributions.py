"""Values at a quantile level: of quantiles that are given, of the month of a notice, of a count of failures."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from capalloc.schema.uncertainty import level_of


def value_at(quantiles: Mapping[str, float], level: float) -> float:
    """The value that a share ``level`` of outcomes is not above.

    Of min, mode and max a triangular distribution; else linear between the quantiles, and beyond the outermost ones,
    where no min or max says how far, on with the slope of the last two.
    """
    if "mode" in quantiles:
        return _triangular(quantiles["min"], quantiles["mode"], quantiles["max"], level)
    points = sorted((level_of(key), value) for key, value in quantiles.items())
    inner = [index for index in range(1, len(points) - 1) if points[index][0] <= level]
    (low, at_low), (high, at_high) = points[max(inner, default=0) :][:2]
    return at_low + (at_high - at_low) * (level - low) / (high - low)


def _triangular(least: float, mode: float, most: float, level: float) -> float:
    width = most - least
    if level * width < mode - least:
        return least + math.sqrt(level * width * (mode - least))
    return most - math.sqrt((1 - level) * width * (most - mode))


def months_until(monthly: float, level: float) -> float:
    """Months that pass before the first one in which something of that chance a month happens; may be infinite."""
    return 0 if monthly == 1 else math.floor(math.log1p(-level) / math.log1p(-monthly))


def count_at(mean: float, level: float) -> int:
    """The least count of a Poisson distribution that at least a share ``level`` of outcomes is not above."""
    most = math.ceil(mean + 12 * math.sqrt(mean) + 40)
    shares = np.cumsum(_poisson(mean, most))
    return int(np.searchsorted(shares, level))


def _poisson(mean: float, most: int) -> NDArray[np.float64]:
    """The chances of 0 to ``most``."""
    counts = np.arange(most + 1)
    logarithms = np.concatenate(([0.0], np.cumsum(np.log(counts[1:]))))
    chances: NDArray[np.float64] = np.exp(counts * math.log(mean) - mean - logarithms)
    return chances
