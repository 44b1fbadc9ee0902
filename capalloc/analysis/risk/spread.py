"""Figures over equally likely samples: quantiles that are met, value at risk, CVaR, standard errors."""

from __future__ import annotations

import math

import numpy as np

from capalloc.instance.model import Floats
from capalloc.schema.risk import Spread

_NOISE = 1e-9
"""By how much a share times a count may pass a whole number, as 0.05 x 200 does in binary."""


def met_in(values: Floats, share: float) -> float:
    """The most that at least a ``share`` of the values comes to: one of them, never between two."""
    below = math.floor((1 - share) * len(values) + _NOISE)
    return float(np.sort(values)[min(below, len(values) - 1)])


def cvar(values: Floats, alpha: float) -> float:
    """The mean of the worst 1 - ``alpha`` of the values, the last of them counted by its part.

    R. T. Rockafellar, S. Uryasev, "Conditional value-at-risk for general loss distributions", Journal of Banking &
    Finance 26(7), 2002, doi:10.1016/S0378-4266(02)00271-6.
    """
    ordered = np.sort(values)
    weights = np.clip((1 - alpha) * len(values) - np.arange(len(values)), 0.0, 1.0)
    if weights[0] < 1:
        return float(ordered[0])
    return float(weights @ ordered / weights.sum())


def error_of(values: Floats) -> float:
    """The standard error of the mean of values that are drawn each on its own; 0 of one."""
    return 0.0 if len(values) < 2 else float(values.std(ddof=1)) / math.sqrt(len(values))


def spread_of(values: Floats) -> Spread | None:
    """The figures of some values; None of none."""
    if not len(values):
        return None
    shares = {"least": 1.0, "p05": 0.95, "p10": 0.9, "p50": 0.5, "p90": 0.1, "p95": 0.05, "most": 0.0}
    met = {name: met_in(values, share) for name, share in shares.items()}
    return Spread(mean=float(values.mean()), error=error_of(values), **met)
