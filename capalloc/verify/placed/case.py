"""A placement lowered once for all checks: what stood before, what stands now, in the period that is judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from capalloc.calendar import Period
from capalloc.schema.facility import Facility, Position
from capalloc.schema.request import Placed, Request
from capalloc.verify.flow import Flow
from capalloc.verify.placed.burden import Burden, burdens, flow_against
from capalloc.verify.placed.stage import Stage
from capalloc.verify.site import Site


@dataclass(frozen=True, slots=True)
class PlacedCase:
    """What the checks look at."""

    facility: Facility
    requests: Mapping[str, Request]
    positions: Mapping[str, Position]
    holders: Mapping[str, str]
    """The rack of the facility's own table on each position that such a rack takes."""
    shut: frozenset[str]
    """Positions in an outage of their row, hall or label."""
    occupied: Sequence[Placed]
    placed: Sequence[Placed]
    added: Sequence[Placed]
    """Lines of ``placed`` that did not stand before."""
    day: Period
    """The day or period in which dates are judged, as a period of its own."""
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
    stage: Stage,
) -> PlacedCase:
    """Lower a facility and requests without faults, and any lines of a placement."""
    named = {request.name: request for request in requests}
    stood = {(line.request, line.position) for line in occupied}
    lines = (occupied,) if placed is occupied else (occupied, placed)
    before, *rest = burdens(facility, stage, named, lines)
    now = rest[0] if rest else before
    return PlacedCase(
        facility=facility,
        requests=named,
        positions={position.name: position for position in facility.positions},
        holders=stage.holders,
        shut=stage.shut,
        occupied=occupied,
        placed=placed,
        added=[line for line in placed if (line.request, line.position) not in stood],
        day=stage.period,
        site=stage.site,
        before=before,
        now=now,
        flow=flow_against(before, now),
    )
