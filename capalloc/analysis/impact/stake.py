"""What is at stake while racks of a demand are dark: fees or value that go, and penalties that come."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from capalloc.instance.model import DemandData, Ints
from capalloc.roster.figures import penalty_usd, revenue_usd


@dataclass(frozen=True, slots=True)
class Stake:
    """USD, not discounted, at the terms of one period."""

    usd_per_month: float
    usd_per_hour: float


NOTHING = Stake(0.0, 0.0)


def stake_of(data: DemandData, racks: Ints, lost: Ints, t: int) -> Stake:
    """What a demand that (K, T) racks serve earns less, and pays more, while (K,) of them are dark in a period."""
    here = [n for n, stretch in enumerate(data.accounts.stretches) if stretch.period == t]
    less = racks.copy()
    less[:, t] -= lost
    usd = _earned(data, racks, here) - _earned(data, less, here)
    stretches = [data.accounts.stretches[n] for n in here]
    months, hours = sum(one.months for one in stretches), sum(one.hours for one in stretches)
    return Stake(max(usd / months, 0.0), max(usd / hours, 0.0)) if here else NOTHING


def _earned(data: DemandData, racks: Ints, here: list[int]) -> float:
    return float(np.sum((revenue_usd(data, racks) - penalty_usd(data, racks))[here]))
