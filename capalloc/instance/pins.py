"""Lowers pins and the freeze: whom each rack must serve in each period.

A pin of a row or hall means the racks that stand there. For a delivery that depends on the position it takes, so
such pins are also kept by position, and :func:`pin_at` tells what holds for a rack at a place.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from capalloc.calendar import Period
from capalloc.instance.read_only import ReadOnly
from capalloc.schema.facility import Position
from capalloc.schema.scenario import IDLE, Pin, Scenario

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

NO_PIN = -2
"""The rack is free in that period."""
PIN_IDLE = -1
"""The rack serves nobody in that period."""
CLASH = -4
"""Pins, or a pin and the freeze, want different things: where the rack can run, no plan keeps them."""


@dataclass(frozen=True, slots=True)
class PlacePin(ReadOnly):
    """A pin of a row or hall."""

    positions: Bools
    """(P,) positions of the row or hall."""
    demand: int
    """A demand, or PIN_IDLE."""
    periods: Bools
    """(T,) periods that the pin and the demand's term touch."""


def in_place(place: Position, row: str | None, hall: str | None) -> bool:
    """Whether a position lies in the named row (``row`` or ``hall/row``) or hall."""
    if row is not None:
        return row in (place.row, place.row_key)
    return hall is not None and place.hall == hall


def lower_place_pins(
    scenario: Scenario, names: Sequence[str], in_term: Bools, periods: Sequence[Period]
) -> tuple[PlacePin, ...]:
    """Pins of rows and halls; ``names`` are those of the demands, ``in_term`` is (D, T)."""
    places = scenario.facility.positions
    found = []
    for pin in scenario.pins:
        if pin.rack is None and (meant := _meant(pin, names, in_term, periods)) is not None:
            there = np.array([in_place(place, pin.row, pin.hall) for place in places], dtype=bool)
            found.append(PlacePin(there, *meant))
    return tuple(found)


def lower_pins(
    scenario: Scenario,
    names: Sequence[str],
    in_term: Bools,
    position: Ints,
    eligible: Bools,
    periods: Sequence[Period],
) -> Ints:
    """(R, T) what pins and the freeze want of each rack; ``position`` is (R,), ``eligible`` (R, D) where it stands."""
    racks = scenario.facility.racks
    pins = np.full((len(racks), len(periods)), NO_PIN, dtype=np.int64)
    number = {rack.name: r for r, rack in enumerate(racks)}
    alike: dict[tuple[str, date | None, date | None], list[Pin]] = {}
    for pin in scenario.pins:
        if pin.rack is not None:
            alike.setdefault((pin.demand, pin.start, pin.until), []).append(pin)
    for same in alike.values():
        if (meant := _meant(same[0], names, in_term, periods)) is not None:
            mine = [number[pin.rack] for pin in same if pin.rack is not None]
            pins[mine] = merged(pins[mine], *meant)
    for place in lower_place_pins(scenario, names, in_term, periods):
        stands = (position >= 0) & place.positions[position]
        takes = stands if place.demand == PIN_IDLE else stands & eligible[:, place.demand]
        for r in np.flatnonzero(takes).tolist():
            pins[r] = merged(pins[r], place.demand, place.periods)
    return _freeze(scenario, names, in_term, pins, periods)


def merged(pins: Ints, demand: int | Ints, periods: Bools) -> Ints:
    """Pins of a rack (T,) or of all (R, T) with one more of each: what two agree on stays, else they clash."""
    wanted = np.where((pins == NO_PIN) | (pins == demand), demand, CLASH)
    return np.where(periods, wanted, pins)


def pin_at(pins: Ints, place_pins: Sequence[PlacePin], position: int, eligible: Bools) -> Ints:
    """(T,) what holds for a delivery at a position; ``pins`` is its (T,) own, ``eligible`` its (D,) there."""
    for place in place_pins:
        if place.positions[position] and (place.demand == PIN_IDLE or eligible[place.demand]):
            pins = merged(pins, place.demand, place.periods)
    return pins


def _meant(pin: Pin, names: Sequence[str], in_term: Bools, periods: Sequence[Period]) -> tuple[int, Bools] | None:
    """(demand, periods) that a pin means; None where its demand is not planned."""
    touched = np.array([period.touches(pin.start, pin.until) for period in periods], dtype=bool)
    if pin.demand == IDLE:
        return PIN_IDLE, touched
    if pin.demand not in names:
        return None
    d = list(names).index(pin.demand)
    return d, touched & in_term[d]


def _freeze(scenario: Scenario, names: Sequence[str], in_term: Bools, pins: Ints, periods: Sequence[Period]) -> Ints:
    until, plan = scenario.policy.freeze_until, scenario.incumbent
    if until is None or plan is None:
        return pins
    index = {name: d for d, name in enumerate(names)}
    number = {rack.name: r for r, rack in enumerate(scenario.facility.racks)}
    starts = [period.start for period in periods]
    kept = np.full(pins.shape, PIN_IDLE, dtype=np.int64)
    alike: dict[tuple[int, date, date], list[int]] = {}
    for assignment in plan.assignments:
        r, d = number.get(assignment.rack), index.get(assignment.demand)
        if r is not None and d is not None:
            alike.setdefault((d, assignment.start, assignment.until), []).append(r)
    for (d, start, end), held in alike.items():
        when = np.arange(bisect_left(starts, start), bisect_left(starts, end))
        kept[np.ix_(held, when[in_term[d, when]])] = d
    return merged(pins, kept, np.array([start < until for start in starts], dtype=bool))
