"""A rack, and a position: where it is, whom it serves when."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from capalloc.analysis.show.site import PlannedSite, feeds_of, kw
from capalloc.instance.model import NOBODY
from capalloc.instance.timeline import rack_start
from capalloc.schema.shown import PositionPeriod, PositionShown, RackPeriod, RackShown


def show_rack(site: PlannedSite, r: int, periods: Sequence[int]) -> RackShown:
    """The rack with a number in some periods."""
    rack, p = site.scenario.facility.racks[r], int(site.roster.position[r])
    kind = site.scenario.facility.rack_types[int(site.instance.racks.type[r])]
    place = None if p == NOBODY else site.scenario.facility.positions[p]
    return RackShown(
        name=rack.name,
        rack_type=kind.name,
        gpus=kind.gpus,
        nameplate_kw=kind.nameplate_kw,
        expected_kw=kind.expected_kw,
        idle_kw=kind.idle_kw,
        status=rack.status,
        tenant=rack.tenant,
        position=None if place is None else place.name,
        placed_by_plan=rack.position is None and place is not None,
        row=None if place is None else place.row_key,
        feeds=() if place is None else feeds_of([place]),
        zone=None if place is None else place.cooling_zone,
        available_from=rack_start(site.scenario, rack),
        available_until=rack.available_until,
        labels=rack.labels,
        periods=tuple(_rack_period(site, r, t) for t in periods),
    )


def _rack_period(site: PlannedSite, r: int, t: int) -> RackPeriod:
    roster, names = site.roster, site.instance.demand_names
    draw_kw = kw(site.holders.drawn[r, t])
    label = site.plan.periods[t]
    for state, of in (("serves", roster.serving), ("spare", roster.buffer)):
        if of[r, t] != NOBODY:
            return RackPeriod(period=label, state=state, demand=names[int(of[r, t])], draw_kw=draw_kw)
    return RackPeriod(period=label, state=_at_rest(site, r, t), demand=None, draw_kw=draw_kw)


def _at_rest(site: PlannedSite, r: int, t: int) -> str:
    """What a rack does that nobody has."""
    if not site.stands[r, t]:
        return "away"
    dark = not site.instance.positions.ok[int(site.roster.position[r]), t]
    if dark or not site.instance.racks.usable[r, t]:
        return "unusable"
    return "idle" if site.instance.policy.idle_powered and not site.roster.off[r, t] else "off"


def show_position(site: PlannedSite, p: int, periods: Sequence[int]) -> PositionShown:
    """The position with a number in some periods."""
    place, spots = site.scenario.facility.positions[p], site.instance.positions
    positions = np.array([p], dtype=np.int64)
    room = site.room.at(positions, place.name)
    return PositionShown(
        name=place.name,
        row=place.row_key,
        index=place.index,
        feeds=feeds_of([place]),
        zone=place.cooling_zone,
        fabric_block=place.fabric_block,
        cooling=place.cooling,
        labels=place.labels,
        periods=tuple(
            PositionPeriod(
                period=site.plan.periods[t],
                dark_by=None if spots.ok[p, t] else spots.causes[int(spots.cause[p, t])][1],
                racks=tuple(site.instance.racks.names[r] for r in _racks_at(site, p, t)),
                room=site.room_record(room, t),
                held=site.held(positions, t),
            )
            for t in periods
        ),
    )


def _racks_at(site: PlannedSite, p: int, t: int) -> list[int]:
    return np.flatnonzero(site.stands[:, t] & (site.roster.position == p)).tolist()
