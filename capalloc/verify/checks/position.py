"""A delivered rack takes one free, compatible position and stays there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from capalloc.calendar import format_day
from capalloc.schema.hardware import cooling_fits
from capalloc.schema.plan import Placement
from capalloc.schema.rules import Rule
from capalloc.schema.verdict import Violation
from capalloc.verify.case import Case, found
from capalloc.verify.fleet import Standing


def check(case: Case) -> Iterator[Violation]:
    """Placements one by one, then positions that two racks would share."""
    seen: set[str] = set()
    for placement in case.plan.placements:
        standing = case.fleet.racks.get(placement.rack)
        if standing is None:
            continue
        if placement.rack in seen:
            yield _bad(placement, f"is placed more than once, again on {placement.position}")
        seen.add(placement.rack)
        yield from _placement(case, placement, standing)
    yield from _shared(case)


def _bad(placement: Placement, what: str) -> Violation:
    return found(Rule.POSITION, placement.rack, None, 1, 0, "placements", f"rack {placement.rack} {what}")


def _placement(case: Case, placement: Placement, standing: Standing) -> Iterator[Violation]:
    place, kind = case.fleet.positions.get(placement.position), standing.kind
    if standing.rack.position is not None:
        yield _bad(placement, f"stands on {standing.rack.position} and cannot be placed on {placement.position}")
        return
    if place is None:
        yield _bad(placement, f"is placed on {placement.position}, which is no position of the facility")
    elif not cooling_fits(place.cooling, kind.cooling):
        yield _bad(placement, f"needs {kind.cooling} cooling, but position {place.name} has {place.cooling}")
    settled = case.fleet.settled.get(placement.rack)
    if settled is None:
        yield from _day(placement, case.fleet.arrival.get(placement.rack))
    elif placement.position != settled.position:
        yield _bad(placement, f"stands on {settled.position} already and cannot move to {placement.position}")
    elif placement.start != settled.start:
        day, since = format_day(placement.start), format_day(settled.start)
        yield _bad(placement, f"is placed from {day}, but stands on {settled.position} from {since} on")


def _day(placement: Placement, arrival: date | None) -> Iterator[Violation]:
    if arrival is None:
        yield _bad(placement, f"is placed on {placement.position}, but is available in no period")
    elif placement.start != arrival:
        day, first = format_day(placement.start), format_day(arrival)
        yield _bad(placement, f"is placed from {day}, but the first period in which it is available starts {first}")


def _shared(case: Case) -> Iterator[Violation]:
    """Positions with a delivery on them and two racks on the same day of the horizon."""
    here = [rack for rack in case.fleet.racks.values() if rack.rack.status != "retired"]
    taken = {rack.position.name for rack in here if rack.position is not None and rack.rack.position is None}
    standing: dict[str, list[Standing]] = {}
    for rack in here if taken else ():
        if rack.position is not None and rack.position.name in taken:
            standing.setdefault(rack.position.name, []).append(rack)
    for place, racks in sorted(standing.items()):
        yield from _overlaps(case, place, sorted(racks, key=lambda rack: (rack.start, rack.rack.name)))


def _overlaps(case: Case, place: str, racks: list[Standing]) -> Iterator[Violation]:
    horizon = case.scenario.horizon
    holder, end = "", horizon.start
    for rack in racks:
        start, until = max(rack.start, horizon.start), min(rack.end, horizon.end)
        if start < min(end, until):
            period = case.periods[case.borders.touched(start, min(end, until))[0]]
            message = f"racks {holder} and {rack.rack.name} both stand on {place} from {format_day(start)} on"
            yield found(Rule.POSITION, place, period, 2, 1, "racks", message)
        if until > end:
            holder, end = rack.rack.name, until
