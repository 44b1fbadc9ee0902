"""Spread: no failure domain of the named kind carries more than its share of a demand."""

from __future__ import annotations

import math

from capalloc.exact.model import ExactModel
from capalloc.instance.model import SpreadLimit
from capalloc.instance.resolution import decimal

_SHARES = 10**12
"""Parts of one rack: shares are counted in these, so a share of up to twelve decimals is counted exactly."""


def add(exact: ExactModel) -> None:
    """Every limit, at each of its nodes."""
    for spread in exact.instance.spreads:
        _add_limit(exact, spread)


def _add_limit(exact: ExactModel, spread: SpreadLimit) -> None:
    """What a node carries of the demand's racks, less what it may carry, is not positive."""
    most = math.floor(decimal(spread.max_share) * _SHARES)
    for t in exact.periods:
        racks = exact.racks(spread.demand, t)
        for share in spread.share:
            over = sum((round(share[s.position] * _SHARES) - most) * s.literal for s in racks)
            exact.model.add(over <= 0)
