"""A plan beside its scenario, prepared for looking at."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from capalloc.analysis.show.held import Holders
from capalloc.analysis.show.loads import NodeLoads
from capalloc.analysis.show.record import Fits, Held
from capalloc.analysis.show.record import Room as RoomRecord
from capalloc.analysis.show.room import PlaceRoom, Room
from capalloc.analysis.show.standing import free_of, stands_of
from capalloc.instance.compile import compile_scenario
from capalloc.instance.model import NOBODY, Instance, Ints
from capalloc.roster.read import read
from capalloc.schema.plan import Plan
from capalloc.schema.scenario import Scenario
from capalloc.units import W_PER_KW


class PlannedSite:
    """Everything that things are described from; what only some of them need is computed when asked for."""

    def __init__(self, scenario: Scenario, plan: Plan, instance: Instance | None = None) -> None:
        """``instance`` is the scenario compiled with the plan's prospects, where that has been done."""
        self.scenario, self.plan = scenario, plan
        self.instance = instance or compile_scenario(scenario, frozenset(plan.prospects))
        self.roster = read(self.instance, plan)
        self.stands = stands_of(self.instance, self.roster, plan)
        self.free = free_of(self.instance, self.roster, self.stands)
        self.loads = NodeLoads(self.instance, self.roster)

    @cached_property
    def room(self) -> Room:
        """What every limit leaves."""
        return Room(self.instance, self.roster, self.free, self.loads)

    @cached_property
    def holders(self) -> Holders:
        """Who holds what."""
        return Holders(self.instance, self.roster, self.stands)

    def room_record(self, place: PlaceRoom, positions: Ints, t: int) -> RoomRecord:
        """What could be added at some positions in a period."""
        return RoomRecord(
            positions=len(positions),
            free=int(self.free[positions, t].sum()),
            left_kw=place.left_kw(t, after_loss=False),
            left_after_loss_kw=place.left_kw(t, after_loss=True),
            fits=tuple(self._fits(place, kind, t) for kind in range(len(self.instance.type_names))),
        )

    def _fits(self, place: PlaceRoom, kind: int, t: int) -> Fits:
        fit = place.fits(kind, t)
        return Fits(
            rack_type=self.instance.type_names[kind],
            racks=fit.racks,
            exact=fit.exact,
            rule=fit.bound.rule,
            where=fit.bound.where,
            lost=fit.bound.lost,
        )

    def held(self, positions: Ints, t: int) -> tuple[Held, ...]:
        """Who holds the racks at some positions in a period."""
        names = self.instance.demand_names
        return tuple(
            Held(
                demand=None if group.demand == NOBODY else names[group.demand],
                rack_type=self.instance.type_names[group.kind],
                racks=group.racks,
                draw_kw=group.draw_w / W_PER_KW,
            )
            for group in self.holders.at(positions, t)
        )

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
