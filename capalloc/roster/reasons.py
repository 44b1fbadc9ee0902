"""Why racks do not serve a demand: the rule that keeps each, and where, counted for all racks at once.

Rules are asked in a fixed order, and a rack counts for the first that keeps it away: every rack has one reason.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray

from capalloc.instance.model import Bools, Instance, Ints
from capalloc.instance.pins import NO_PIN, PIN_IDLE, merged
from capalloc.roster.adjacency import Adjacency, Cause, Kept, hand_over_reach, named
from capalloc.roster.draw import drawn_w
from capalloc.roster.equal_periods import runs_of_equal_periods
from capalloc.roster.loads import RowLoads
from capalloc.roster.roster import Roster
from capalloc.schema.plan import Reason
from capalloc.schema.rules import Rule

Asked = tuple[int, int]
"""A demand and a period."""
Keeper = Callable[[int, Ints], Kept]
"""Tells which racks one rule keeps from a demand."""


def reasons(instance: Instance, roster: Roster, asked: Iterable[Asked]) -> dict[Asked, tuple[Reason, ...]]:
    """Counted reasons why racks that a demand accepts do not serve it in a period, the most frequent first.

    What is asked is answered period by period, and once for neighbouring periods in which nothing changes.
    """
    found: dict[Asked, tuple[Reason, ...]] = {}
    ordered = sorted(asked, key=lambda one: one[1])
    if not ordered:
        return found
    loads, near = RowLoads(instance, roster.position), hand_over_reach(instance, roster)
    run = runs_of_equal_periods(len(instance.periods), _changing(instance, roster, loads, near))
    for _, group in groupby(ordered, key=lambda one: run[one[1]]):
        equal = list(group)
        moment = _Moment(instance, roster, loads, near, equal[0][1])
        known = {d: _ranked(moment.counts(d)) for d in dict.fromkeys(d for d, _ in equal)}
        found.update(((d, t), known[d]) for d, t in equal)
    return found


def _ranked(counts: Counter[Cause]) -> tuple[Reason, ...]:
    order = {rule: i for i, rule in enumerate(Rule)}
    ranked = sorted(counts.items(), key=lambda item: (-item[1], order[item[0][0]], item[0][1]))
    return tuple(Reason(rule=rule, where=where, racks=count) for (rule, where), count in ranked)


def _changing(instance: Instance, roster: Roster, loads: RowLoads, near: tuple[Bools, Bools]) -> list[NDArray[Any]]:
    """Tables with the periods last: all that a reason depends on."""
    racks, positions = instance.racks, instance.positions
    waits = np.arange(len(instance.periods)) < np.unique(racks.ready)[:, None]
    tables = [roster.serving, roster.off, racks.usable, racks.pin, positions.cause, loads.limits, waits, *near]
    return tables + [pin.periods[None, :] for pin in instance.place_pins]


class _Moment:
    """What keeps racks in one period; what its demands share is computed once."""

    def __init__(self, instance: Instance, roster: Roster, loads: RowLoads, near: tuple[Bools, Bools], t: int) -> None:
        self.instance, self.loads = instance, loads
        self.place = roster.position
        self.dark = instance.positions.cause[self.place, t]
        self.usable = np.ascontiguousarray(instance.racks.usable[:, t])
        self.serving = np.ascontiguousarray(roster.serving[:, t])
        self.pin = pins_in_place(instance, roster, t)
        self.drawn = drawn_w(instance, roster, slice(t, t + 1))[:, 0]
        self.left = loads.left_w(self.drawn, t)
        self.tightest: dict[tuple[int, int], Ints] = {}
        adjacency = Adjacency(instance, roster, near, t)
        self.keepers: tuple[Keeper, ...] = (
            self._position,
            self._where,
            self._darkness,
            self._availability,
            self._pins,
            self._exclusivity,
            self._packing,
            adjacency.isolation_by_row,
            adjacency.isolation_by_hall,
            adjacency.one_type,
            adjacency.lots,
            adjacency.hand_over_before,
            adjacency.hand_over,
        )

    def counts(self, d: int) -> Counter[Cause]:
        """Racks that a demand accepts and does not have, by the first thing that keeps each."""
        racks = np.flatnonzero(self.instance.racks.eligible[:, d] & (self.serving != d))
        counts: Counter[Cause] = Counter()
        for keeps in self.keepers:
            number, cause = keeps(d, racks)
            times = np.bincount(number[number >= 0])
            for i in np.flatnonzero(times).tolist():
                counts[cause(i)] += int(times[i])
            racks = racks[number < 0]
        if len(racks):
            name = self.instance.demands[d].name
            counts[Rule.RAMP, f"one more rack of {name} would cost more than it brings, or was not tried"] = len(racks)
        return counts

    def _position(self, _d: int, racks: Ints) -> Kept:
        return np.where(self.place[racks] < 0, 0, -1), named(Rule.POSITION, ("not placed",))

    def _where(self, d: int, racks: Ints) -> Kept:
        """Racks in halls where the demand may not stand."""
        place = self.place[racks]
        inside = self.instance.allowed[self.instance.racks.kin[racks], d, place]
        positions = self.instance.positions
        return np.where(inside, -1, positions.hall[place]), named(Rule.WHERE, positions.hall_names)

    def _darkness(self, _d: int, racks: Ints) -> Kept:
        return self.dark[racks], self.instance.positions.causes.__getitem__

    def _availability(self, _d: int, racks: Ints) -> Kept:
        positions = self.instance.positions
        hall = positions.hall[self.place[racks]]
        return np.where(self.usable[racks], -1, hall), named(Rule.AVAILABILITY, positions.hall_names)

    def _pins(self, d: int, racks: Ints) -> Kept:
        pin = self.pin[racks]
        return np.where((pin == NO_PIN) | (pin == d), -1, racks), named(Rule.PINS, self.instance.racks.names)

    def _exclusivity(self, _d: int, racks: Ints) -> Kept:
        return self.serving[racks], named(Rule.EXCLUSIVITY, self.instance.demand_names)

    def _packing(self, d: int, racks: Ints) -> Kept:
        """The row of power or cooling that has least room for what each idle rack would draw more."""
        kinds, places, drawn = self.instance.racks.type[racks], self.place[racks], self.drawn[racks]
        number = np.full(len(racks), -1)
        for kind, draw in enumerate(self.instance.demands[d].draw_w.tolist()):
            for idle in {0, int(self.instance.idle_w[kind])}:
                here = (kinds == kind) & (drawn == idle)
                if here.any():
                    number[here] = self._tightest(kind, draw - idle)[places[here]]
        return number, lambda i: (self.instance.rows[i].rule, self.instance.rows[i].where)

    def _tightest(self, kind: int, added: int) -> Ints:
        if (kind, added) not in self.tightest:
            self.tightest[kind, added] = self.loads.tightest(self.left, kind, added)
        return self.tightest[kind, added]


def pins_in_place(instance: Instance, roster: Roster, t: int) -> Ints:
    """(R,) what is pinned in a period, for deliveries by the position that they took."""
    pins = np.ascontiguousarray(instance.racks.pin[:, t])
    for place in instance.place_pins:
        takes = place.positions[roster.position] & place.periods[t]
        if place.demand != PIN_IDLE:
            inside = instance.allowed[instance.racks.kin, place.demand, roster.position]
            takes = takes & instance.racks.eligible[:, place.demand] & inside
        pins = merged(pins, place.demand, takes)
    return pins
