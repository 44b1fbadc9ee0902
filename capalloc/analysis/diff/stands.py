"""Delivered racks that two plans stand in different places, or on different days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from capalloc.analysis.diff.places import Places
from capalloc.schema.diff import Stand, Standing
from capalloc.schema.plan import Placement, Plan


def stands_between(first: Plan, second: Plan, places: Places, start: date, end: date) -> Iterator[Stand]:
    """By day, what is cancelled first, then as one walks.

    What one plan stood before the days [start, end) the other may find standing.
    """
    old, new = ({one.rack: one for one in plan.placements} for plan in (first, second))
    found = [_stand(old.get(rack), new.get(rack), places, start, end) for rack in old.keys() | new.keys()]
    lines = [one for one in found if one is not None]
    order = {one.rack: places.spot(one.rack, _counts(one)).order for one in lines}
    yield from sorted(lines, key=lambda one: (one.date, one.change != "cancelled", order[one.rack], one.rack))


def _counts(one: Stand) -> str | None:
    """The position that counts."""
    return one.positions[1] or one.positions[0]


def _stand(old: Placement | None, new: Placement | None, places: Places, start: date, end: date) -> Stand | None:
    one = new or old
    assert one is not None
    if not start <= one.start < end or (old is not None and new is not None and _same(old, new, start)):
        return None
    was = old.start if old is not None and new is not None and old.start != new.start else None
    spot = places.spot(one.rack, one.position)
    return Stand(
        date=one.start,
        rack=one.rack,
        change=_change(old, new),
        was=was,
        positions=(old.position if old else None, new.position if new else None),
        rack_type=spot.rack_type,
        hall=spot.hall,
        row=spot.row,
        feeds=spot.feeds,
    )


def _change(old: Placement | None, new: Placement | None) -> Standing:
    if old is None or new is None:
        return "new" if old is None else "cancelled"
    return "rescheduled" if old.position == new.position else "relocated"


def _same(old: Placement, new: Placement, start: date) -> bool:
    return old.position == new.position and max(old.start, start) == max(new.start, start)
