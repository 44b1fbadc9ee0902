"""From when a request fits: its whole ramp, shifted period by period."""

from __future__ import annotations

from capalloc.analysis.quote.desk import Desk
from capalloc.analysis.quote.request import first_period, shifted
from capalloc.schema.demand import Contract


def earliest(desk: Desk, request: Contract) -> str | None:
    """The first period after the one that was asked for from which the whole ramp fits; None where there is none."""
    horizon, periods = desk.base.scenario.horizon, desk.base.instance.periods
    for number in range(1, len(periods)):
        later = shifted(request, horizon.period, number)
        if later.ramp[-1].start >= horizon.end:
            return None
        offer = desk.serve(later, "looking for a date")
        if offer is not None:
            return first_period(later, periods).label
    return None
