"""Racks that go dark or are left with one feed, one by one and by row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from capalloc.analysis.impact.state import State
from capalloc.instance.model import NOBODY, Instance, Ints
from capalloc.schema.demand import Contract
from capalloc.schema.impact import RackHit, RowHit


class Owners:
    """Who has each rack in a period."""

    def __init__(self, state: State, t: int) -> None:
        roster = state.fleet.roster
        self._serving = roster.serving[:, t]
        self.demand: Ints = np.where(self._serving != NOBODY, self._serving, roster.buffer[:, t])
        """(R,) whom it serves or is held for; NOBODY."""

    def does(self, r: int) -> str:
        """What a rack does by the plan."""
        if self._serving[r] != NOBODY:
            return "serves"
        return "idle" if self.demand[r] == NOBODY else "spare"


def rack_hits(instance: Instance, state: State, t: int) -> Iterator[RackHit]:
    """Every rack that goes dark, then every one that is left with one feed, in the order of the site's table."""
    owners = Owners(state, t)
    for hit, racks in (("dark", state.dark), ("one feed", state.on_one_feed)):
        for r in np.flatnonzero(racks[:, t]).tolist():
            yield _rack_hit(instance, state, owners, r, hit)


def _rack_hit(instance: Instance, state: State, owners: Owners, r: int, hit: str) -> RackHit:
    place = instance.scenario.facility.positions[int(state.fleet.roster.position[r])]
    demand = None if owners.demand[r] == NOBODY else instance.demands[owners.demand[r]].demand
    return RackHit(
        rack=instance.racks.names[r],
        hit="dark" if hit == "dark" else "one feed",
        does=owners.does(r),
        demand=None if demand is None else demand.name,
        tenant=demand.tenant if isinstance(demand, Contract) else None,
        rack_type=instance.type_names[int(instance.racks.type[r])],
        hall=place.hall,
        row=place.row,
        position=place.name,
    )


def row_hits(instance: Instance, state: State, t: int) -> Iterator[RowHit]:
    """Demand by demand the rows in which racks are dark or left with one feed, in the order of the site."""
    of, spots, owner = state.fleet.roster.position, instance.positions, Owners(state, t).demand
    for d, demand in enumerate((*instance.demand_names, None)):
        own = state.fleet.on[:, t] & (owner == (d if demand is not None else NOBODY))
        groups = (own, own & state.dark[:, t], own & state.on_one_feed[:, t])
        if groups[1].any() or groups[2].any():
            counts = [np.bincount(spots.row[of[racks]], minlength=len(spots.row_names)).tolist() for racks in groups]
            yield from _rows(demand, spots.row_names, zip(*counts, strict=True))


def _rows(demand: str | None, names: Sequence[str], counts: Iterable[tuple[int, int, int]]) -> Iterator[RowHit]:
    for name, (racks, dark, on_one_feed) in zip(names, counts, strict=True):
        if dark or on_one_feed:
            hall, _, row = name.partition("/")
            yield RowHit(demand=demand, hall=hall, row=row, racks=racks, dark=dark, on_one_feed=on_one_feed)
