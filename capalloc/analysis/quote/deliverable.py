"""How much of a request can be delivered where not all of it can.

A plan that counts nothing but the kW-months of the request delivers most of it in all. Where rules tie periods to one
another, a period by itself may get more than that plan gives it: such periods are planned for once more.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from capalloc.analysis.quote.desk import Desk, windowed
from capalloc.analysis.quote.limits import Limits
from capalloc.analysis.quote.offer import data_of
from capalloc.analysis.quote.request import counting
from capalloc.exact.params import ExactParams
from capalloc.instance.model import DemandData, Floats, Ints
from capalloc.planner.params import PlannerParams
from capalloc.roster.figures import delivered_racks
from capalloc.roster.read import read
from capalloc.schema.demand import Contract
from capalloc.schema.plan import Plan, Unplaced
from capalloc.schema.status import Status
from capalloc.solve import Result

_STAGE = "looking for how much could be delivered"
_MOST_SINGLE = 24
"""Most periods that are planned for by themselves."""
_WIDEST_GAP = 0.01


@dataclass(frozen=True)
class Most:
    """The most of a request that can be delivered, in whole units of ``data``."""

    data: DemandData
    alone: Ints
    """(T,) in each period, whatever is delivered in the others, up to what is committed."""
    together: Ints
    """(T,) by the plan that delivers most in all."""
    plan: Plan
    unplaced: dict[str, Unplaced]
    """Why this plan delivers no more, by period."""
    unsure_kw: float
    """How much more might be deliverable, on average over the term; 0 where this is proven to be the most."""

    @property
    def short(self) -> Ints:
        """(n,) periods in which not all is delivered."""
        return np.flatnonzero(self.together < self.data.committed)

    @property
    def kw(self) -> Floats:
        """(T,) kW that can be delivered in each period."""
        kw: Floats = np.round(self.alone * self.data.kw_per_unit, 6)
        return kw


def most_of(desk: Desk, request: Contract, limits: Limits) -> Most | None:
    """The most of a request that can be delivered; None where no plan was found in time."""
    ready = limits.lowered(request)
    params = _params(desk.params, ready, limits.units(ready))
    result = desk.solve_keeping(counting(desk.base.scenario, request), _STAGE, params)
    if result.plan is None:
        return None
    data = data_of(result.instance, request.name)
    together = _delivered(result, data)
    alone, known = _alone(desk, request, limits, params, result, together)
    sure = known and (result.plan.status is Status.OPTIMAL or bool((alone >= limits.units(data)).all()))
    months = sum(stretch.months for stretch in data.accounts.stretches)
    unsure = 0.0 if sure else (result.plan.bound_usd - result.plan.objective_usd) / months
    unplaced = {one.period: one for one in result.plan.unplaced if one.demand == request.name}
    return Most(data, alone, together, result.plan, unplaced, unsure)


def _params(params: PlannerParams | ExactParams, data: DemandData, most: Ints) -> PlannerParams | ExactParams:
    """With the gap that half of the smallest rack makes in every period, on a large site."""
    rack, largest = float(data.unit[list(data.types)].min()), float(most.max(initial=0))
    return windowed(params, min(0.5 * rack / max(largest, rack), _WIDEST_GAP))


def _alone(
    desk: Desk,
    request: Contract,
    limits: Limits,
    params: PlannerParams | ExactParams,
    result: Result,
    together: Ints,
) -> tuple[Ints, bool]:
    """(T,) what can be delivered in each period by itself; and whether it was found of all of them."""
    instance, found = result.instance, together.copy()
    if not (instance.policy.couples_periods or len(instance.deliveries)):
        return found, True
    data = data_of(instance, request.name)
    short = np.flatnonzero(together < limits.units(data)).tolist()
    for t in short[:_MOST_SINGLE]:
        scenario = counting(desk.base.scenario, request, instance.periods[t])
        single = desk.solve_keeping(scenario, _STAGE, params)
        if desk.cancel.cancelled or single.plan is None:
            return found, False
        found[t] = max(found[t], _delivered(single, data)[t])
    return found, len(short) <= _MOST_SINGLE


def _delivered(result: Result, data: DemandData) -> Ints:
    """(T,) what a plan delivers of the commitment."""
    assert result.plan is not None
    racks = delivered_racks(result.instance, read(result.instance, result.plan))
    number = result.instance.demand_names.index(data.name)
    units: Ints = np.minimum(data.unit @ racks[number], data.committed)
    return units
