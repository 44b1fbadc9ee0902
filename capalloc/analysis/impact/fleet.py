"""Racks of a plan as far as an outage can touch them: what they draw, whom they serve, how they are corded."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from capalloc.instance.model import NOBODY, Bools, Floats, Instance, Ints
from capalloc.instance.power.cords import Cords
from capalloc.roster.draw import drawn_w, idle_powered
from capalloc.roster.figures import kw_per_rack
from capalloc.roster.roster import Roster


@dataclass(frozen=True)
class Fleet:
    """R racks over T periods."""

    instance: Instance
    roster: Roster
    cords: Cords

    @cached_property
    def placed(self) -> Bools:
        """(R,) the rack has a position."""
        return np.asarray(self.roster.position != NOBODY)

    @cached_property
    def had(self) -> Bools:
        """(R, T) it serves a demand or is held for one."""
        return np.asarray((self.roster.serving != NOBODY) | (self.roster.buffer != NOBODY))

    @cached_property
    def on(self) -> Bools:
        """(R, T) it serves a demand, is held for one, or is idle and powered."""
        return self.placed[:, None] & (self.had | idle_powered(self.instance, self.roster))

    @cached_property
    def drawn_w(self) -> Floats:
        """(R, T) W that it draws."""
        return drawn_w(self.instance, self.roster).astype(float)

    @cached_property
    def kw(self) -> Floats:
        """(R, T) kW that it counts for the demand that it serves."""
        table = np.zeros((len(self.instance.demands) + 1, len(self.instance.type_names)))
        for d, data in enumerate(self.instance.demands):
            table[d] = kw_per_rack(self.instance, data)
        kw: Floats = table[self.roster.serving, self.instance.racks.type[:, None]]  # NOBODY is the last line: 0 kW
        return kw

    @cached_property
    def way(self) -> Ints:
        """(R,) the way in which its position is corded; 0 for a rack without one."""
        return np.where(self.placed, self.cords.way[self.roster.position], 0)

    def at(self, positions: Bools) -> Bools:
        """(R,) it stands at one of some positions, (P,)."""
        return self.placed & positions[self.roster.position]

    def by_way(self, values: Floats, racks: Bools) -> Floats:
        """(G, T) sums of (R, T) values over some racks, (R,), of each way of cording."""
        chosen = racks & self.placed
        total = np.zeros((len(self.cords.feeds), values.shape[1]))
        np.add.at(total, self.way[chosen], values[chosen])
        return total

    def of_way(self, ways: NDArray[Any]) -> NDArray[Any]:
        """(R, N) what (G, N) says of the way of each rack."""
        return np.asarray(ways[self.way])
