"""A row or a hall: its positions, feeds and zones, who is in it, what it has room for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from capalloc.analysis.show.site import PlannedSite, feeds_of
from capalloc.instance.model import Ints
from capalloc.instance.pins import in_place
from capalloc.instance.timeline import outages
from capalloc.schema.facility import Position
from capalloc.schema.headroom import Outage
from capalloc.schema.shown import PlacePeriod, PlaceShown


def show_hall(site: PlannedSite, hall: int, periods: Sequence[int]) -> PlaceShown:
    """The hall with a number in some periods."""
    spots, positions = site.instance.positions, site.positions_of_hall(hall)
    return _place(site, "hall", spots.hall_names[hall], site.rows_of(positions), positions, periods)


def show_row(site: PlannedSite, row: int, periods: Sequence[int]) -> PlaceShown:
    """The row with a number in some periods."""
    positions = site.positions_of_row(row)
    return _place(site, "row", site.instance.positions.row_names[row], (), positions, periods)


def _place(
    site: PlannedSite, kind: str, name: str, rows: tuple[str, ...], positions: Ints, periods: Sequence[int]
) -> PlaceShown:
    places = [site.scenario.facility.positions[p] for p in positions.tolist()]
    room = site.room.at(positions, name)
    return PlaceShown(
        kind="hall" if kind == "hall" else "row",
        name=name,
        positions=len(places),
        rows=rows,
        feeds=feeds_of(places),
        zones=tuple(dict.fromkeys(place.cooling_zone for place in places if place.cooling_zone is not None)),
        cooling=dict(Counter(place.cooling for place in places)),
        outages=tuple(_outages(site, places)),
        periods=tuple(
            PlacePeriod(
                period=site.plan.periods[t],
                room=site.room_record(room, t),
                held=site.held(positions, t),
            )
            for t in periods
        ),
    )


def _outages(site: PlannedSite, places: Sequence[Position]) -> Iterator[Outage]:
    """Outages of rows, halls and labels that touch any of the positions."""
    for one in outages(site.scenario):
        if any(in_place(place, one.row, one.hall) or one.on_label(place.labels) for place in places):
            yield Outage(what=one.place, start=one.start, until=one.until)
