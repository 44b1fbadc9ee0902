"""A placement lowered once for all checks: what stood before, what stands now, on the day that is judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from capalloc.calendar import Period, add_days
from capalloc.schema.facility import Facility, Position
from capalloc.schema.request import Placed, Request, Standing
from capalloc.verify.flow import Flow
from capalloc.verify.placed.burden import Burden, burdens, flow_against
from capalloc.verify.site import Site, site_of
from capalloc.verify.when import Borders


@dataclass(frozen=True, slots=True)
class PlacedCase:
    """What the checks look at."""

    facility: Facility
    requests: Mapping[str, Request]
    positions: Mapping[str, Position]
    holders: Mapping[str, str]
    """The rack of the facility's own table on each position that such a rack takes."""
    occupied: Sequence[Placed]
    placed: Sequence[Placed]
    added: Sequence[Placed]
    """Lines of ``placed`` that did not stand before."""
    day: Period
    """The day on which dates are judged, as a period of its own."""
    site: Site
    before: Burden
    """Load of what stood before: racks of the facility's own table, and ``occupied``."""
    now: Burden
    """Load of the racks of the facility's own table, and of ``placed``."""
    flow: Flow
    """What stands now against the limits, each raised to the load of what stood before."""


def placed_case(
    facility: Facility,
    requests: Sequence[Request],
    placed: Sequence[Placed],
    occupied: Sequence[Placed],
    on: date | None,
    standing: Standing,
) -> PlacedCase:
    """Lower a facility and requests without faults, and any lines of a placement."""
    today = on or date.today()
    day = Period(0, today, add_days(today, 1), today.isoformat())
    site = site_of(facility, (), Borders((day,)))
    racks = [rack for rack in facility.racks if standing != "none" and rack.holds(today)]
    named = {request.name: request for request in requests}
    stood = {(line.request, line.position) for line in occupied}
    lines = (occupied,) if placed is occupied else (occupied, placed)
    before, *rest = burdens(facility, site, racks, standing, named, lines)
    now = rest[0] if rest else before
    return PlacedCase(
        facility=facility,
        requests=named,
        positions={position.name: position for position in facility.positions},
        holders={rack.position or "": rack.name for rack in racks},
        occupied=occupied,
        placed=placed,
        added=[line for line in placed if (line.request, line.position) not in stood],
        day=day,
        site=site,
        before=before,
        now=now,
        flow=flow_against(before, now),
    )
