"""What hand-over costs where periods are longer than it: racks serve nobody for whole periods."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from capalloc.calendar import Period
from capalloc.instance.model import NOBODY, Instance, Ints
from capalloc.roster.read import read
from capalloc.roster.roster import Roster
from capalloc.schema.plan import DemandPeriod, Plan

_NOISE_KW = 1e-6


@dataclass(frozen=True, slots=True)
class HandOver:
    """Racks of a plan that change hands, and the days that they serve nobody for it."""

    changes: int
    """Times that a rack goes from one demand to another."""
    rack_periods: int
    """Periods that racks serve nobody for it."""
    lost_rack_days: int
    """Days of those periods beyond ``handover_days``."""
    lost_usd: float
    """What the lost days would have earned at most, not discounted: each what a rack earns a day with the demand that
    it leaves or the one that it comes to, where these have less than they want in the period of the hand-over."""


def hand_over_warnings(instance: Instance, plan: Plan) -> Iterator[str]:
    """A sentence where hand-over takes more days than it has: what that costs, and what to do about it."""
    days, unit = instance.scenario.policy.handover_days, instance.scenario.horizon.period
    least = int(instance.cools_at[0].sum())
    if sum(period.days for period in instance.periods[:least]) <= days:
        return
    found = hand_over_of(instance, read(instance, plan), plan)
    takes = f"a whole {unit}" if least == 1 else f"{least} whole {unit}s"
    finer = "week" if unit == "month" and days % 7 == 0 else "day"
    yield (
        f"handover_days: {days} takes {takes} in a plan by {unit}: {_cost(found, unit)}; with `period: {finer}` it "
        f"takes {days} days"
    )


def _cost(found: HandOver, unit: str) -> str:
    if not found.changes:
        return "no rack changes hands here, which may be why"
    worth = f", worth up to ${found.lost_usd:,.0f} to the demands on either side" if found.lost_usd >= 1 else ""
    idle = f"{found.rack_periods:,} rack-{unit}s idle, {found.lost_rack_days:,} rack-days more than needed"
    return f"racks change hands {found.changes:,} times, {idle}{worth}"


def hand_over_of(instance: Instance, roster: Roster, plan: Plan) -> HandOver:
    """What the hand-overs of a plan take; those from the incumbent take whole periods as well."""
    days, periods = instance.scenario.policy.handover_days, instance.periods
    rows = {(row.demand, row.period): row for row in plan.demands}
    changes = rack_periods = lost_days = 0
    lost_usd = 0.0
    for (left, *pair), racks in _changes(instance, roster):
        taken = int(instance.cools_at[left].sum())
        idle = sum(period.days for period in periods[left : left + taken])
        lost = racks * max(idle - days, 0)
        changes, rack_periods, lost_days = changes + racks, rack_periods + racks * taken, lost_days + lost
        found = [rows.get((instance.demand_names[demand], periods[left].label)) for demand in pair if demand >= 0]
        lost_usd += lost * max((_usd_per_rack_day(row, periods[left]) for row in found), default=0.0)
    return HandOver(changes, rack_periods, lost_days, lost_usd)


def _changes(instance: Instance, roster: Roster) -> list[tuple[tuple[int, int, int], int]]:
    """((first period without its demand, that demand, the next one), racks), for racks that change hands."""
    serving = roster.serving
    number = np.arange(serving.shape[1])
    before = np.maximum.accumulate(np.where(serving == NOBODY, -1, number), axis=1)
    last = np.concatenate([np.full((len(serving), 1), -1), before[:, :-1]], axis=1)
    previous = np.where(last >= 0, np.take_along_axis(serving, np.maximum(last, 0), axis=1), _from_incumbent(instance))
    racks, began = np.nonzero((serving != NOBODY) & (previous != NOBODY) & (previous != serving))
    found = np.stack([last[racks, began] + 1, previous[racks, began], serving[racks, began]], axis=1)
    kinds, counts = np.unique(found, axis=0, return_counts=True)
    return [((int(s), int(t), int(d)), int(n)) for (s, t, d), n in zip(kinds.tolist(), counts.tolist(), strict=True)]


def _from_incumbent(instance: Instance) -> Ints:
    """(R, 1) the demand that the incumbent had a rack serve, where its hand-over reaches into the horizon."""
    racks = instance.racks
    return np.where(racks.ready > 0, racks.last, NOBODY)[:, None]


def _usd_per_rack_day(row: DemandPeriod | None, period: Period) -> float:
    """What a rack earns a day with a demand that could use more of them; 0 where it could not."""
    if row is None or not row.racks or row.wanted_kw <= row.delivered_kw + _NOISE_KW:
        return 0.0
    return row.revenue_usd / row.racks / period.days
