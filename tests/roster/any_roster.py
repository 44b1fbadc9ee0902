"""Random rosters: every rack serves somebody who accepts it, or nobody; no other rule is kept."""

from __future__ import annotations

import numpy as np

from capalloc.instance.model import NOBODY, Instance, Ints
from capalloc.roster.roster import Roster


def any_roster(instance: Instance, seed: int) -> Roster:
    """A roster of racks and placed deliveries that serve, are held or are off for a period or more."""
    rng = np.random.default_rng(seed)
    racks, periods = instance.racks, len(instance.periods)
    position = racks.position.copy()
    for i, r in enumerate(instance.deliveries):
        position[r] = rng.choice([NOBODY, *np.flatnonzero(instance.vacant[i])])
    serving, buffer = np.full((2, len(racks.names), periods), NOBODY)
    for r in np.flatnonzero(position >= 0):
        serving[r], buffer[r] = (_runs(rng, [NOBODY, *np.flatnonzero(racks.eligible[r])], periods) for _ in range(2))
    serving[~racks.usable] = NOBODY
    buffer[~racks.usable | (serving != NOBODY)] = NOBODY
    idle = racks.usable & (serving == NOBODY) & (buffer == NOBODY)
    return Roster(serving, idle & (rng.random(idle.shape) < 0.3), buffer, position)


def _runs(rng: np.random.Generator, choices: list[int], periods: int) -> Ints:
    """(T,) random choices that each last for a period or more."""
    number = np.cumsum(rng.random(periods) < 0.4)
    return np.asarray(rng.choice(choices, periods)[number - number[0]])
