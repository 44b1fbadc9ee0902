"""What the racks of a roster draw: serving, idle and powered, or nothing."""

from __future__ import annotations

import numpy as np

from capalloc.instance.model import NOBODY, Bools, Instance, Ints
from capalloc.roster.roster import Roster

ALL = slice(None)
"""Every period."""


def idle_powered(instance: Instance, roster: Roster, periods: slice = ALL) -> Bools:
    """(R, T) racks that would draw their idle power where they serve nobody: usable, placed, energised and not off."""
    stands = (roster.position >= 0)[:, None]
    on = instance.racks.usable[:, periods] & stands & instance.positions.ok[roster.position, periods]
    return np.asarray(on & ~roster.off[:, periods] & instance.policy.idle_powered)


def drawn_w(instance: Instance, roster: Roster, periods: slice = ALL) -> Ints:
    """(R, T) W that each rack draws in some periods."""
    kinds = instance.racks.type
    drawn = np.where(idle_powered(instance, roster, periods), instance.idle_w[kinds][:, None], 0)
    serving = roster.serving[:, periods]
    busy, t = np.nonzero(serving != NOBODY)
    drawn[busy, t] = instance.draw_w[serving[busy, t], kinds[busy]]
    return drawn
