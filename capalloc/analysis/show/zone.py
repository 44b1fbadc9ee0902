"""A cooling zone: its heat against its limits, what stands in it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from capalloc.analysis.show.site import PlannedSite, kw
from capalloc.instance.model import Ints
from capalloc.schema.facility import CoolingZone
from capalloc.schema.shown import Heat, ZonePeriod, ZoneShown
from capalloc.units import W_PER_KW


def show_zone(site: PlannedSite, number: int, periods: Sequence[int]) -> ZoneShown:
    """The zone with a number in some periods."""
    zone, places = site.scenario.facility.cooling[number], site.scenario.facility.positions
    positions = np.array([p for p, place in enumerate(places) if place.cooling_zone == zone.name], dtype=np.int64)
    room = site.room.at(positions, zone.name)
    return ZoneShown(
        name=zone.name,
        positions=len(positions),
        rows=site.rows_of(positions),
        available_from=zone.available_from,
        available_until=zone.available_until,
        labels=zone.labels,
        periods=tuple(
            ZonePeriod(
                period=site.plan.periods[t],
                heat=_heat(site, zone, positions, t),
                room=site.room_record(room, t),
                held=site.held(positions, t),
            )
            for t in periods
        ),
    )


def _heat(site: PlannedSite, zone: CoolingZone, positions: Ints, t: int) -> tuple[Heat, ...]:
    kinds, total, liquid = site.scenario.facility.rack_types, 0.0, 0.0
    for group in site.holders.at(positions, t):
        total += group.draw_w
        liquid += group.draw_w * kinds[group.kind].liquid_fraction
    runs = site.instance.periods[t].inside(zone.available_from, zone.available_until)
    limits = (("liquid", liquid, zone.liquid_kw), ("air", total - liquid, zone.air_kw), ("total", total, zone.total_kw))
    return tuple(
        Heat(
            what=what,
            load_kw=max(kw(load), 0.0),
            limit_kw=limit * runs,
            headroom_kw=kw(limit * runs * W_PER_KW - load),
        )
        for what, load, limit in limits
        if limit is not None
    )
