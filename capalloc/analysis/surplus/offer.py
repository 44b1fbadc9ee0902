"""Which idle racks could be sold in a period, or from it to the horizon's end, and what keeps the others."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import starmap

import numpy as np

from capalloc.instance.model import NOBODY, Bools, Instance, Ints
from capalloc.instance.pins import NO_PIN
from capalloc.roster.adjacency import Cause
from capalloc.roster.reasons import pins_in_place
from capalloc.roster.roster import Roster
from capalloc.schema.rules import Rule

FREE = -1
"""A rack that is idle and could be sold."""
AWAY = -2
"""A rack that takes no position on the site."""


class Offer:
    """What keeps each rack of a plan from being sold, period by period."""

    def __init__(self, instance: Instance, roster: Roster) -> None:
        self.instance, self.roster = instance, roster
        self.causes: list[Cause] = list(instance.positions.causes)
        """What a number stands for."""
        demands, places = instance.demand_names, instance.positions
        self._serves = self._numbered(Rule.EXCLUSIVITY, demands)
        self._spare = self._numbered(Rule.BUFFER, demands)
        self._moves = self._numbered(Rule.HAND_OVER, (*demands, "the incumbent's demand"))
        self._pinned = self._numbered(Rule.PINS, places.hall_names)
        self._out = self._numbered(Rule.AVAILABILITY, places.hall_names)
        self._row = self._numbered(Rule.ISOLATION, places.row_names)
        self._hall = self._numbered(Rule.ISOLATION, places.hall_names)
        self._begin, self._end = self._stays()
        self._owner = self._owners()
        self._alone = [[data.demand.isolation == level for data in instance.demands] for level in ("row", "hall")]

    def _numbered(self, rule: Rule, names: tuple[str, ...]) -> int:
        """The number of the first of some causes of one rule."""
        first = len(self.causes)
        self.causes += [(rule, name) for name in names]
        return first

    def _stays(self) -> tuple[Ints, Ints]:
        """(R,) first day on site, far away for a rack that never comes, and the day after the last, as ordinals."""
        racks = self.instance.scenario.facility.racks
        far = np.iinfo(np.int64).max
        begin = [far if day is None else day.toordinal() for day in self.instance.racks.arrival]
        end = [far if rack.available_until is None else rack.available_until.toordinal() for rack in racks]
        return np.array(begin, dtype=np.int64), np.array(end, dtype=np.int64)

    def _owners(self) -> Ints:
        """(R,) the cause that a rack is dedicated to one tenant; FREE where it is not."""
        scenario = self.instance.scenario
        tenants = tuple(dict.fromkeys(contract.tenant for contract in scenario.all_contracts))
        first = self._numbered(Rule.COMPATIBILITY, tuple(f"racks of {tenant}" for tenant in tenants))
        number = {tenant: first + i for i, tenant in enumerate(tenants)}
        return np.array([number.get(rack.tenant or "", FREE) for rack in scenario.facility.racks], dtype=np.int64)

    def kept(self, t: int) -> Ints:
        """(R,) what keeps each rack in a period, but for hand-over: the number of a cause, FREE or AWAY."""
        places, at = self.instance.positions, self.roster.position
        day = self.instance.periods[t].start.toordinal()
        here = (at >= 0) & (self._begin <= day) & (day < self._end)
        kept = np.where(here, FREE, AWAY)
        for number in self._reasons(t, places.hall[at]):
            kept = np.where((kept == FREE) & (number >= 0), number, kept)
        return kept

    def out(self, hall: Ints) -> Ints:
        """(R,) the cause that racks are not available, by the (R,) hall where each stands."""
        return self._out + hall

    def _reasons(self, t: int, hall: Ints) -> Iterator[Ints]:
        """(R,) for each rule in their order what keeps racks, below 0 where it does not."""
        instance, roster = self.instance, self.roster
        yield _numbers(self._serves, roster.serving[:, t])
        yield instance.positions.cause[roster.position, t]
        yield np.where(instance.racks.usable[:, t], FREE, self._out + hall)
        yield self._owner
        yield np.where(pins_in_place(instance, roster, t) == NO_PIN, FREE, self._pinned + hall)
        yield _numbers(self._spare, roster.buffer[:, t])
        yield from starmap(self._isolated, ((t, 0), (t, 1)))

    def _isolated(self, t: int, level: int) -> Ints:
        """(R,) racks in a row, or hall, that a demand has to itself."""
        places = self.instance.positions
        group, first = ((places.row, self._row), (places.hall, self._hall))[level]
        serving = self.roster.serving[:, t]
        alone: Bools = (serving != NOBODY) & np.array([*self._alone[level], False])[serving]
        own = group[self.roster.position]
        return np.where(np.isin(own, own[alone]), first + own, FREE)

    def handed_over_before(self, t: int) -> Ints:
        """(R,) racks that nobody may take in a period because they have just left a demand; FREE for the others."""
        kept = np.full(len(self.roster.position), FREE)
        racks = self.instance.racks
        waits = t < racks.ready
        kept[waits] = self._moves + np.where(racks.last >= 0, racks.last, len(self.instance.demands))[waits]
        for s in range(t, 0, -1):
            if not self.instance.cools_at[s, t]:
                break
            left = self.roster.serving[:, s - 1]
            kept = np.where((kept == FREE) & (left != NOBODY), self._moves + left, kept)
        return kept

    def handed_over_after(self, t: int) -> Ints:
        """(R,) racks that could not be free again in time for who has them soon after a period; FREE for the others."""
        kept = np.full(len(self.roster.position), FREE)
        for s in range(t + 1, len(self.instance.periods)):
            if not self.instance.cools_at[t + 1, s]:
                break
            comes = self.roster.serving[:, s]
            kept = np.where((kept == FREE) & (comes != NOBODY), self._moves + comes, kept)
        return kept


def _numbers(first: int, demand: Ints) -> Ints:
    """(R,) numbers of the causes of demands; FREE where there is none."""
    return np.where(demand == NOBODY, FREE, first + demand)


def later(now: Ints, after: Ints, away: Ints) -> Ints:
    """(R,) what keeps racks from a period on: what does in it, else what does later; ``away`` where they have left."""
    return np.where((now == FREE) & (after == AWAY), away, np.where(now == FREE, after, now))
