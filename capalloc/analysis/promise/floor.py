"""The fee at which a promise takes nothing: what others lose and its own penalties, by kW and month delivered."""

from __future__ import annotations

from dataclasses import dataclass

from capalloc.analysis.risk import cvar, error_of
from capalloc.instance.model import Floats
from capalloc.schema.uncertainty import RiskMeasure

_HALVINGS = 60
_BEYOND = 1e4
"""A fee that is so many times the mean's floor makes nothing good: the worst samples deliver next to nothing."""


@dataclass(frozen=True, slots=True)
class Floor:
    """USD per kW-month, discounted on both sides; None where nothing is delivered."""

    usd: float | None = None
    error: float | None = None
    within: float | None = None
    """So much of it the gaps of plans to their bounds may make, at most."""
    weighed_usd: float | None = None
    """Where CVaR has a weight: at this fee the weighed worth is what it is without the request."""
    kw_months: float = 0.0
    """Delivered on average."""


def floor_of(without_usd: Floats, lost_usd: Floats, kw_months: Floats, gap_usd: Floats, risk: RiskMeasure) -> Floor:
    """The floor, of (N,) samples: what plans are worth without the request, less with it at no fee, and its kW-months.

    The error is that of a ratio of means. ``gap_usd`` is how far the two plans of a sample are from their bounds.
    """
    months = float(kw_months.mean()) if len(kw_months) else 0.0
    if not months:
        return Floor()
    usd = float(lost_usd.mean()) / months
    error = error_of(lost_usd - usd * kw_months) / months
    within = float(gap_usd.mean()) / months
    return Floor(usd, error, within, _weighed(without_usd, lost_usd, kw_months, usd, risk), months)


def _weighed(without_usd: Floats, lost_usd: Floats, kw_months: Floats, usd: float, risk: RiskMeasure) -> float | None:
    if not risk.weight:
        return None

    def worth(values: Floats) -> float:
        return (1 - risk.weight) * float(values.mean()) + risk.weight * cvar(values, risk.alpha)

    def gains(fee: float) -> bool:
        return worth(without_usd - lost_usd + fee * kw_months) >= worth(without_usd)

    most = _BEYOND * max(abs(usd), 1.0)
    if not gains(most):
        return None
    low, high = -most, most
    if gains(low):
        return None
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if gains(middle) else (middle, high)
    return high
