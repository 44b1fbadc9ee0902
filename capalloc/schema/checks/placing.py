"""Checks between requests, the racks of them that stand already, and the facility they stand in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import chain
from typing import get_args

from capalloc.schema.beside import Beside
from capalloc.schema.checks.fault import Fault, KnownNames, duplicates
from capalloc.schema.checks.magnitude import MOST_KW, too_large
from capalloc.schema.checks.references import site_faults
from capalloc.schema.facility import Facility
from capalloc.schema.request import Placed, Request, Standing

MOST_RACK_KW = 1e5
"""A rack that draws more than this is surely a slip."""
MOST_RACKS = 10**6
"""A request of more racks than this is surely a slip."""
_USUAL_RACK_KW = (1.0, 1000.0)
"""What racks draw; below it MW may be meant, above it W."""


def placing_faults(
    facility: Facility,
    requests: Sequence[Request],
    placed: Sequence[Placed] = (),
    *,
    on: date | None = None,
    standing: Standing = "none",
    holders: Mapping[str, str] | None = None,
) -> tuple[Fault, ...]:
    """Every fault of what is to be placed, where, and of what stands there: empty when placing can begin.

    Paths start with ``facility``, ``requests`` or ``placed``. Faults of the facility or the requests come first and
    without those of ``placed``, which refers to both.
    """
    first = (*site_faults(facility), *request_faults(requests), *type_faults(facility, requests))
    return first or placed_faults(facility, requests, placed, on=on, standing=standing, holders=holders)


def request_faults(requests: Sequence[Request]) -> tuple[Fault, ...]:
    """Names given twice, racks that nobody says the draw of, and numbers beyond all measure."""
    names = ((("requests", index, "request"), request.name) for index, request in enumerate(requests))
    return tuple(chain(duplicates("request", names), _beyond(requests)))


def type_faults(facility: Facility, requests: Sequence[Request]) -> Iterator[Fault]:
    """Rack types that the facility does not have."""
    known = KnownNames("rack type", (kind.name for kind in facility.rack_types))
    for index, request in enumerate(requests):
        if request.rack_type is not None:
            yield from known.missing(("requests", index, "rack_type"), request.rack_type)


def odd_requests(requests: Sequence[Request]) -> Iterator[Fault]:
    """A fault for each request whose racks draw what no rack does, or give off more heat than they draw."""
    least, most = _USUAL_RACK_KW
    for index, request in enumerate(requests):
        power, heat = request.power_kw, request.cooling_kw
        if power is not None and not least <= power <= most:
            message = f"{request.name}: found {power:g} kW for one rack; usual are {least:g} to {most:,.0f} kW"
            yield Fault(("requests", index, "power_kw"), message)
        if power is not None and heat is not None and heat > power:
            message = f"{request.name}: found {heat:g} kW of heat for a rack that draws {power:g} kW; all heat is drawn"
            yield Fault(("requests", index, "cooling_kw"), f"{message}: leave it empty where they are equal")


def heat_as_air(facility: Facility, requests: Sequence[Request]) -> tuple[str, ...]:
    """Zones with a liquid loop of their own, and positions on it alone, in which requests count all heat as air.

    Empty where every request says how its heat leaves, by a rack type or a liquid fraction.
    """
    if all(request.rack_type is not None or request.liquid_fraction is not None for request in requests):
        return ()
    zones = {place.cooling_zone for place in facility.positions if place.cooling == "liquid"}
    return tuple(zone.name for zone in facility.cooling if zone.name in zones and zone.liquid_kw)


def placed_faults(
    facility: Facility,
    requests: Sequence[Request],
    placed: Sequence[Placed],
    *,
    on: date | None = None,
    standing: Standing = "none",
    holders: Mapping[str, str] | None = None,
) -> tuple[Fault, ...]:
    """Lines of ``placed`` that name no request or position, a position that is taken, or a rack too many.

    Racks of the facility's own table take positions as of day ``on`` (today unless given), unless ``standing`` is
    ``none``; or ``holders`` says which rack is on which position.
    """
    if holders is None:
        holders = {} if standing == "none" else _holders(facility, on or date.today())
    checks = chain(_references(facility, requests, placed), _positions(placed, holders), _too_many(requests, placed))
    return tuple(sorted(checks, key=lambda fault: fault.loc[1]))


def standing_faults(on: object, standing: object) -> Iterator[Fault]:
    """A day that is none, and a draw that nobody knows."""
    if on is not None and (not isinstance(on, date) or isinstance(on, datetime)):
        yield Fault(("on",), f"found {on!r}, expected a day, as date(2026, 5, 18)")
    if standing not in get_args(Standing):
        yield Fault(("standing",), f"found {standing!r}, expected {', '.join(get_args(Standing))}")


def beside_faults(
    facility: Facility, beside: Beside, *, on: date | None = None, standing: Standing | None = None
) -> Iterator[Fault]:
    """What does not go together with a plan that says what stands, and a period that it does not have."""
    if facility.positions != beside.scenario.facility.positions or facility.power != beside.scenario.facility.power:
        yield Fault(("facility",), "is not that of the plan's scenario")
    if on is not None:
        yield Fault(("on",), "the period of the plan says which days count; leave it out")
    if standing is not None:
        yield Fault(("standing",), "the plan says what racks draw; leave it out")
    try:
        _ = beside.when
    except ValueError as error:
        yield Fault(("period",), str(error))


def _beyond(requests: Sequence[Request]) -> Iterator[Fault]:
    for index, request in enumerate(requests):
        if request.power_kw is None and request.rack_type is None:
            yield Fault(("requests", index, "power_kw"), "is missing; give the kW of one rack, or its rack_type")
        yield from too_large(request, ("requests", index))
        for key in ("power_kw", "cooling_kw"):
            kw = getattr(request, key) or 0.0
            if MOST_RACK_KW < kw <= MOST_KW:
                message = f"found {kw:g} kW for one rack, expected at most {MOST_RACK_KW:,.0f}; mind the unit"
                yield Fault(("requests", index, key), message)
        if request.racks > MOST_RACKS:
            message = f"found {request.racks:,} racks, expected at most {MOST_RACKS:,}"
            yield Fault(("requests", index, "racks"), message)


def _holders(facility: Facility, on: date) -> dict[str, str]:
    """The rack of the facility's own table on each position that such a rack takes."""
    return {rack.position: rack.name for rack in facility.racks if rack.position is not None and rack.holds(on)}


def _references(facility: Facility, requests: Sequence[Request], placed: Sequence[Placed]) -> Iterator[Fault]:
    known = KnownNames("request", (request.name for request in requests))
    places = KnownNames("position", (position.name for position in facility.positions))
    for index, line in enumerate(placed):
        yield from known.missing(("placed", index, "request"), line.request)
        yield from places.missing(("placed", index, "position"), line.position)


def _positions(placed: Sequence[Placed], holders: Mapping[str, str]) -> Iterator[Fault]:
    seen: dict[str, str] = {}
    for index, line in enumerate(placed):
        loc = ("placed", index, "position")
        if line.position in seen:
            yield Fault(loc, f"a rack of {seen[line.position]!r} stands on position {line.position!r} already")
        elif line.position in holders:
            yield Fault(loc, f"rack {holders[line.position]!r} of the facility has position {line.position!r}")
        seen.setdefault(line.position, line.request)


def _too_many(requests: Sequence[Request], placed: Sequence[Placed]) -> Iterator[Fault]:
    asked = {request.name: request.racks for request in requests}
    standing: Counter[str] = Counter()
    for index, line in enumerate(placed):
        standing[line.request] += 1
        if line.request in asked and standing[line.request] == asked[line.request] + 1:
            message = f"more racks of {line.request!r} stand than it has: {asked[line.request]}"
            yield Fault(("placed", index, "request"), message)
