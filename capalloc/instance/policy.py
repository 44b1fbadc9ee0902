"""The operator's policy in whole units, as planners read it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from capalloc.instance.resolution import decimal
from capalloc.schema.scenario import Scenario
from capalloc.units import KW_PER_MW, MILLIWATTS_PER_MW, load_w


@dataclass(frozen=True, slots=True)
class Policy:
    """What the policy allows, whatever the period; None is no limit.

    What it says of dates (discount, freeze, how long a hand-over takes) is in the arrays of the instance.
    """

    idle_powered: bool
    """A rack that serves nobody draws its idle power unless it is off; else it is always off."""
    move_cost_usd: float
    """Not discounted, per departure."""
    has_hand_over: bool
    """A rack that leaves a demand serves no other for some days."""
    most_moves: int | None
    """Departures in a period."""
    most_newly_powered: int | None
    """Racks newly powered in a period."""
    most_growth_milliwatts: int | None
    """Growth of the site's load from one period to the next, rounded down."""
    reserve_w: int
    """Headroom kept between the roots' load and their capacity, rounded up."""

    @property
    def couples_periods(self) -> bool:
        """Whether it limits a period by the one before it, more than by what a move costs."""
        limits = (self.most_moves, self.most_newly_powered, self.most_growth_milliwatts)
        return self.has_hand_over or any(limit is not None for limit in limits)

    @property
    def limits_bring_up(self) -> bool:
        """Whether racks that are on already, or draw more, leave more room for those that come in the next period."""
        return self.most_newly_powered is not None or self.most_growth_milliwatts is not None

    def uncoupled(self) -> Policy:
        """The same without what couples periods."""
        return replace(self, has_hand_over=False, most_moves=None, most_newly_powered=None, most_growth_milliwatts=None)


def policy_of(scenario: Scenario) -> Policy:
    """Lower the policy of a scenario."""
    policy = scenario.policy
    growth_mw = policy.bring_up.mw_per_period
    return Policy(
        idle_powered=policy.idle == "powered",
        move_cost_usd=policy.move_cost_usd_per_rack,
        has_hand_over=policy.handover_days > 0,
        most_moves=policy.max_moves_per_period,
        most_newly_powered=policy.bring_up.racks_per_period,
        most_growth_milliwatts=None if growth_mw is None else math.floor(decimal(growth_mw) * MILLIWATTS_PER_MW),
        reserve_w=load_w(policy.reserve_mw * KW_PER_MW),
    )
