"""The calendar: who holds which hall when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from capalloc.analysis.picture.floor import State, floor_of
from capalloc.analysis.picture.pictured import Pictured
from capalloc.analysis.picture.runs import changes
from capalloc.instance.model import NOBODY, Ints

MOST_ROWS = 16
"""Halls that a calendar shows; more are shown by the building, or the most used of them."""
_BUILDING = "building"
"""The label of positions that says in which building they are."""


@dataclass(frozen=True, slots=True)
class Held:
    """What the racks of a place do from a period on."""

    period: int
    racks: Mapping[int, int]
    """By state, as numbers of :class:`capalloc.analysis.picture.floor.State`, in their order; none is 0."""


@dataclass(frozen=True, slots=True)
class Place:
    """A hall, or a building of several, over time."""

    name: str
    halls: tuple[str, ...]
    racks: int
    """The most that stand there in any period."""
    runs: tuple[Held, ...]
    """In the periods in which it changes, from the first on."""


@dataclass(frozen=True, slots=True)
class Halls:
    """Places that a calendar has rows for."""

    kind: str
    """``hall`` or ``building``."""
    places: tuple[Place, ...]
    """In the site's order."""
    left_out: int
    """Places that are not shown: those whose racks serve least."""


def halls_of(pictured: Pictured) -> Halls:
    """Who holds which hall when; of many halls by building where positions say so, else of the most used."""
    reading = _Reading(pictured)
    groups = reading.by_hall
    kind = "hall"
    if len(groups) > MOST_ROWS and 1 < len(reading.by_building) < len(groups):
        groups, kind = reading.by_building, _BUILDING
    places = [reading.place(name, halls) for name, halls in groups.items()]
    shown = set(sorted(range(len(places)), key=lambda i: (-_served(places[i], pictured), i))[:MOST_ROWS])
    kept = tuple(place for i, place in enumerate(places) if i in shown)
    return Halls(kind, kept, len(places) - len(kept))


def _served(place: Place, pictured: Pictured) -> int:
    """Racks that serve, summed up over periods."""
    ends = [*(one.period for one in place.runs[1:]), len(pictured.periods)]
    return sum(
        racks * (end - one.period)
        for one, end in zip(place.runs, ends, strict=True)
        for state, racks in one.racks.items()
        if state >= State.SERVES
    )


class _Reading:
    def __init__(self, pictured: Pictured) -> None:
        self._pictured = pictured
        self._spots = pictured.site.instance.positions

    @property
    def by_hall(self) -> dict[str, list[int]]:
        """Each hall alone."""
        return {name: [number] for number, name in enumerate(self._spots.hall_names)}

    @cached_property
    def by_building(self) -> dict[str, list[int]]:
        """Halls by the building that their positions name; none where a position names none."""
        halls: dict[str, dict[int, None]] = defaultdict(dict)
        for position, hall in zip(self._pictured.scenario.facility.positions, self._spots.hall.tolist(), strict=True):
            halls[position.labels.get(_BUILDING, "")][hall] = None
        return {} if "" in halls else {name: list(numbers) for name, numbers in halls.items()}

    @cached_property
    def _racks(self) -> Ints:
        """(halls, states, T) racks that stand in each hall in each state."""
        floor = floor_of(self._pictured)
        stands = floor.rack != NOBODY
        states = int(State.SERVES) + 2 * len(self._pictured.site.instance.demands)
        found = np.zeros((len(self._spots.hall_names), states, stands.shape[1]), dtype=np.int64)
        p, t = np.nonzero(stands)
        np.add.at(found, (self._spots.hall[p], floor.state[p, t], t), 1)
        return found

    def place(self, name: str, halls: Sequence[int]) -> Place:
        """What stands in some halls."""
        racks = self._racks[halls].sum(axis=0)
        runs = tuple(Held(t, _some(racks[:, t])) for t in changes(*racks))
        names = tuple(self._spots.hall_names[hall] for hall in halls)
        return Place(name, names, int(racks.sum(axis=0).max(initial=0)), runs)


def _some(racks: Ints) -> dict[int, int]:
    return {state: int(racks[state]) for state in np.flatnonzero(racks).tolist()}
