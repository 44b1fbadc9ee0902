"""Units of power and time, and every conversion between them.

Files speak of kW and MW, planners of whole W, placement of whole milliwatts. Each is made whole here alone, and always
against ourselves: loads are rounded up, capacities down.
"""

from __future__ import annotations

import math

W_PER_KW = 1000
KW_PER_MW = 1000.0
HOURS_PER_DAY = 24
MILLIWATTS_PER_W = 1000
MILLIWATTS_PER_KW = MILLIWATTS_PER_W * W_PER_KW
KW_PER_MILLIWATT = 1e-6
W_PER_MW = 1_000_000
MILLIWATTS_PER_MW = MILLIWATTS_PER_W * W_PER_MW
_ROUNDING_NOISE_W = 1e-6
ROUNDING_NOISE_MILLIWATTS: float = 5e-4
"""Milliwatts below which a fraction of what a person wrote in kW, to nine decimals, is binary noise."""


def load_w(kw: float) -> int:
    """Watts of a load given in kW, rounded up (binary noise below a microwatt is dropped)."""
    return math.ceil(kw * W_PER_KW - _ROUNDING_NOISE_W)


def capacity_w(kw: float) -> int:
    """Watts of a capacity given in kW, rounded down (binary noise below a microwatt is dropped)."""
    return math.floor(kw * W_PER_KW + _ROUNDING_NOISE_W)


def load_milliwatts(kw: float) -> int:
    """Milliwatts of a load given in kW, rounded up (binary noise is dropped)."""
    return math.ceil(kw * W_PER_KW * MILLIWATTS_PER_W - ROUNDING_NOISE_MILLIWATTS)
