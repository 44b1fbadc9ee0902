"""From when a request fits: its whole ramp, shifted period by period.

What fits from one date need not fit from a later one, so every date is looked at in turn. Those that the relaxation
of some period forbids are passed over, the first of the others is planned.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from capalloc.analysis.quote.desk import Desk
from capalloc.analysis.quote.limits import Limits
from capalloc.analysis.quote.offer import Offer
from capalloc.analysis.quote.request import shifted
from capalloc.schema.demand import Contract

_STAGE = "looking for the first date from which it fits"


@dataclass(frozen=True)
class Earliest:
    """The first later date from which a request fits."""

    offer: Offer | None
    not_known: tuple[str, ...] = ()
    """Dates before it of which the planner could not say in time."""
    stopped: bool = False
    """Not every date was looked at."""

    @property
    def proven(self) -> bool:
        """It fits from no date before it."""
        return not self.not_known and not self.stopped


def earliest_after(desk: Desk, request: Contract, limits: Limits) -> Earliest:
    """The first period after the one that was asked for from which the whole ramp fits."""
    unknown: list[str] = []
    for later in later_requests(desk, request):
        if desk.cancel.cancelled:
            return Earliest(None, tuple(unknown), stopped=True)
        if not limits.allow(later):
            continue
        served = desk.serve(later, _STAGE)
        if served.offer is not None:
            return Earliest(served.offer, tuple(unknown))
        if not served.impossible:
            unknown.append(later.ramp[0].start.isoformat())
    return Earliest(None, tuple(unknown))


def later_requests(desk: Desk, request: Contract) -> Iterator[Contract]:
    """The same ramp from every later period, while every step of it begins inside the horizon."""
    horizon = desk.base.scenario.horizon
    for number in range(1, len(desk.base.instance.periods)):
        later = shifted(request, horizon.period, number)
        if later.ramp[-1].start >= horizon.end:
            return
        yield later
