"""A plan beside its scenario, prepared for looking at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import starmap

import numpy as np

from capalloc.analysis.show.held import Group, Holders
from capalloc.analysis.show.loads import NodeLoads
from capalloc.analysis.show.room import Fit, PlaceRoom, Room
from capalloc.instance.compile import compile_scenario
from capalloc.instance.model import NOBODY, Instance, Ints
from capalloc.roster.read import read
from capalloc.roster.standing import free_of, kept_of, stands_of
from capalloc.schema.facility import Position
from capalloc.schema.headroom import Fed, Fits, Held
from capalloc.schema.headroom import Room as RoomRecord
from capalloc.schema.plan import Plan
from capalloc.schema.scenario import Scenario
from capalloc.units import W_PER_KW


def kw(watts: float) -> float:
    """W in kW, without the last digits of sums."""
    return round(watts / W_PER_KW, 6) + 0.0


class PlannedSite:
    """Everything that things are described from; what only some of them need is computed when asked for."""

    def __init__(self, scenario: Scenario, plan: Plan, instance: Instance | None = None) -> None:
        """``instance`` is the scenario compiled with the plan's prospects, where that has been done."""
        self.scenario, self.plan = scenario, plan
        self.instance = instance or compile_scenario(scenario, frozenset(plan.prospects))
        self.roster = read(self.instance, plan)
        self.stands = stands_of(self.instance, self.roster, plan)
        self.free = free_of(self.instance, self.roster, self.stands)
        self.kept = kept_of(self.instance, self.roster, self.free)
        self.loads = NodeLoads(self.instance, self.roster)

    @cached_property
    def room(self) -> Room:
        """What every limit leaves."""
        return Room(self.instance, self.roster, self.free, self.loads)

    @cached_property
    def holders(self) -> Holders:
        """Who holds what."""
        return Holders(self.instance, self.roster, self.stands)

    def room_record(self, place: PlaceRoom, t: int) -> RoomRecord:
        """What could be added at the positions of a place in a period."""
        left_kw, left_after_loss_kw, fits = place.found(t)
        return RoomRecord(
            positions=len(place.positions),
            free=int(self.free[place.positions, t].sum()),
            kept=int(self.kept[place.positions, t].sum()),
            left_kw=left_kw,
            left_after_loss_kw=left_after_loss_kw,
            fits=tuple(starmap(_fits, zip(self.instance.type_names, fits, strict=True))),
        )

    def held(self, positions: Ints, t: int) -> tuple[Held, ...]:
        """Who holds the racks at some positions in a period."""
        return self.held_of(self.holders.at(positions, t))

    def held_of(self, groups: Iterable[Group]) -> tuple[Held, ...]:
        """Groups of racks with their names."""
        names = self.instance.demand_names
        return tuple(
            Held(
                demand=None if group.demand == NOBODY else names[group.demand],
                rack_type=self.instance.type_names[group.kind],
                racks=group.racks,
                draw_kw=kw(group.draw_w),
            )
            for group in groups
        )

    def rows_of(self, positions: Ints) -> tuple[str, ...]:
        """Rows that some positions are in, in order."""
        spots = self.instance.positions
        return tuple(spots.row_names[row] for row in dict.fromkeys(spots.row[positions].tolist()))

    def positions_of_row(self, row: int) -> Ints:
        """Positions of a row, by its number."""
        return np.flatnonzero(self.instance.positions.row == row)

    def positions_of_hall(self, hall: int) -> Ints:
        """Positions of a hall, by its number."""
        return np.flatnonzero(self.instance.positions.hall == hall)

    @cached_property
    def _hangs_on(self) -> list[set[int]]:
        """For each node the ways of cording with a feed at or below it."""
        ways: list[set[int]] = [set() for _ in self.loads.forest.nodes]
        for way, feeds in enumerate(self.loads.cords.feeds):
            for feed, _ in feeds:
                for node in self.loads.forest.paths[feed]:
                    ways[node].add(way)
        return ways

    def positions_below(self, node: int) -> Ints:
        """Positions with a feed at or below a node."""
        return np.flatnonzero(np.isin(self.loads.cords.way, list(self._hangs_on[node])))


def _fits(name: str, fit: Fit) -> Fits:
    return Fits(
        rack_type=name,
        racks=fit.racks,
        exact=fit.exact,
        rule=fit.bound.rule,
        where=fit.bound.where,
        lost=fit.bound.lost,
    )


def feeds_of(places: Sequence[Position]) -> tuple[Fed, ...]:
    """The ways in which positions hang on feeds, as they occur."""
    counted = Counter((place.feed_a, place.feed_b, place.share_a) for place in places)
    return tuple(
        Fed(feed_a=feed_a, feed_b=feed_b, split_a=share, positions=count)
        for (feed_a, feed_b, share), count in counted.items()
    )
