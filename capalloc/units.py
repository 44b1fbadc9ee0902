"""Whole watts, rounded in one place and always against ourselves: loads up, capacities down."""

from __future__ import annotations

import math

W_PER_KW = 1000
KW_PER_MW = 1000.0
HOURS_PER_DAY = 24
_ROUNDING_NOISE_W = 1e-6


def load_w(kw: float) -> int:
    """Watts of a load given in kW, rounded up (binary noise below a microwatt is dropped)."""
    return math.ceil(kw * W_PER_KW - _ROUNDING_NOISE_W)


def capacity_w(kw: float) -> int:
    """Watts of a capacity given in kW, rounded down (binary noise below a microwatt is dropped)."""
    return math.floor(kw * W_PER_KW + _ROUNDING_NOISE_W)
