"""A plan in one of its periods: who stands where, when further racks are to be placed beside them."""

from __future__ import annotations

from dataclasses import dataclass

from capalloc.calendar import Period, period_named
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
    """A period of the plan: its label, or a day or month in it."""

    @property
    def when(self) -> Period:
        """The period. Raises ValueError with a sentence where the plan has none of that name."""
        return period_named(self.period, self.scenario.horizon.periods)
