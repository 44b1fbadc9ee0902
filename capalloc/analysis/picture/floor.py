"""The floor: where positions are, and what stands at each of them period by period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from functools import cached_property

import numpy as np

from capalloc.analysis.picture.pictured import Pictured
from capalloc.analysis.show.headroom import used_share
from capalloc.instance.model import NOBODY, Bools, Floats, Ints
from capalloc.instance.timeline import rack_start


class State(IntEnum):
    """What a position is like in a period; to ``SERVES`` twice the demand's number is added, and 1 for a spare."""

    EMPTY = 0
    """No rack stands there."""
    AWAITED = 1
    """Free until a rack arrives."""
    IDLE = 2
    """Powered, serves nobody."""
    OFF = 3
    """Switched off."""
    MAINTENANCE = 4
    """A rack stands there that is in maintenance, or in an outage of its own."""
    PARTLY = 5
    """A rack stands there that arrives or leaves within the period, and so can serve nobody in it."""
    DARK = 6
    """Without power, or in an outage of node, row, hall or label."""
    SERVES = 7


def serves(demand: int, *, spare: bool = False) -> int:
    """The state of a position whose rack serves a demand, or is held for it."""
    return State.SERVES + 2 * demand + spare


@dataclass(frozen=True, slots=True)
class Floor:
    """P positions over T periods."""

    state: Ints
    """(P, T) see :class:`State`."""
    rack: Ints
    """(P, T) the rack that stands there; NOBODY where none does."""


def floor_of(pictured: Pictured) -> Floor:
    """What stands where and does what."""
    return _Reading(pictured).floor


class _Reading:
    def __init__(self, pictured: Pictured) -> None:
        self.site = pictured.site
        self.shape = self.site.free.shape

    @cached_property
    def floor(self) -> Floor:
        rack = self._rack()
        state = np.full(self.shape, int(State.EMPTY))
        state[self.site.kept] = State.AWAITED
        p, t = np.nonzero(rack != NOBODY)
        state[p, t] = self._of_racks()[rack[p, t], t]
        dark = ~self.site.instance.positions.ok
        state[dark & (state < State.SERVES)] = State.DARK
        return Floor(state, rack)

    def _rack(self) -> Ints:
        rack = np.full(self.shape, NOBODY)
        r, t = np.nonzero(self.site.stands)
        rack[self.site.roster.position[r], t] = r
        return rack

    def _of_racks(self) -> Ints:
        """(R, T) what each rack does where it stands."""
        roster, site = self.site.roster, self.site.instance
        powered = site.policy.idle_powered & ~roster.off
        state = np.where(powered, int(State.IDLE), int(State.OFF))
        state[~site.racks.usable] = State.PARTLY
        state[self._maintained()] = State.MAINTENANCE
        spare = roster.buffer != NOBODY
        state[spare] = State.SERVES + 2 * roster.buffer[spare] + 1
        serving = roster.serving != NOBODY
        state[serving] = State.SERVES + 2 * roster.serving[serving]
        return state

    def _maintained(self) -> Bools:
        """(R, T) there for the whole period, and not usable."""
        scenario, usable = self.site.scenario, self.site.instance.racks.usable
        maintained = np.zeros(usable.shape, dtype=bool)
        for r in np.flatnonzero(~usable.all(axis=1)).tolist():
            rack = scenario.facility.racks[r]
            stay = rack_start(scenario, rack) or date.min, rack.available_until or date.max
            there = [period.inside(*stay) for period in self.site.instance.periods]
            maintained[r] = ~usable[r] & np.array(there)
        return maintained


def feed_use(pictured: Pictured) -> Floats:
    """(P, T) how far the fullest node above each position is used, as a share of the limit that it is nearest to.

    Limits are those of normal operation, and of what follows the loss that asks most of a node.
    """
    use, cords = used_share(pictured.site), pictured.site.loads.cords
    above = np.array([use[list(path)].max(axis=0) for path in pictured.site.loads.forest.paths])
    of_way = np.array([above[[feed for feed, _ in feeds]].max(axis=0) for feeds in cords.feeds])
    found: Floats = of_way[cords.way]
    return found
