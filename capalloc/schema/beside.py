"""A plan in one of its periods: who stands where, when further racks are to be placed beside them."""

from __future__ import annotations

from dataclasses import dataclass

from capalloc.calendar import Period
from capalloc.schema.plan import Plan
from capalloc.schema.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands is who the plan says: racks at their positions, with what they draw in the period.

    A rack that serves draws what its demand draws, an idle one its idle power, one that is off or not there nothing. It
    holds its position until it leaves the site, also before it arrives. Nodes, supplies, zones and positions count as
    they are on the worst day of the period.
    """

    scenario: Scenario
    plan: Plan
    period: str
    """Label of a period of the plan."""

    @property
    def when(self) -> Period:
        """The period, whose label has been checked."""
        return next(period for period in self.scenario.horizon.periods if period.label == self.period)
