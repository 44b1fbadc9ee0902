"""A request served in full at no fee, by a plan that keeps what others were promised: what that costs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from capalloc.analysis.base import Base
from capalloc.instance.demands import lower_demand
from capalloc.instance.model import DemandData, Floats, Instance, Ints
from capalloc.instance.timeline import ramp_of
from capalloc.roster.figures import delivered_racks, departures, revenue_usd
from capalloc.roster.read import read
from capalloc.roster.roster import Roster
from capalloc.schema.demand import Contract, RampStep
from capalloc.schema.plan import DemandPeriod, Plan
from capalloc.schema.quoted import Interval
from capalloc.schema.scenario import Scenario


@dataclass(frozen=True)
class Quantity:
    """How much a request asks for inside the horizon; every step counts with its fee factor."""

    kw_months: float
    discounted_kw_months: float


def quantity_of(data: DemandData, discount: Floats) -> Quantity:
    """The quantity of a request in whole units; ``discount`` is (T,)."""
    paid = [_paid_months(data, n) for n in range(len(data.accounts.stretches))]
    return Quantity(math.fsum(paid), math.fsum(np.array(paid) * discount[data.accounts.period]))


def data_of(instance: Instance, name: str) -> DemandData:
    """One of the instance's demands, by its name."""
    return instance.demands[instance.demand_names.index(name)]


def _paid_months(data: DemandData, n: int) -> float:
    """kW-months that are paid for in a stretch."""
    stretch = data.accounts.stretches[n]
    assert isinstance(stretch.step, RampStep)
    return float(data.accounts.committed[n] * data.kw_per_unit) * stretch.months * stretch.step.fee_factor


@dataclass(frozen=True)
class Offer:
    """A request as it was asked for, and the best plan that was found which serves it in full at no fee."""

    contract: Contract
    base: Base
    plan: Plan
    scenario: Scenario
    instance: Instance

    @cached_property
    def roster(self) -> Roster:
        """The plan as arrays."""
        return read(self.instance, self.plan)

    @cached_property
    def quantity(self) -> Quantity:
        """How much is asked for."""
        return quantity_of(self.data, self.instance.discount)

    @property
    def makes_room(self) -> bool:
        """Whether racks that serve it may be of use to others: what is on already takes nothing of bring-up later."""
        return self.base.instance.policy.limits_bring_up

    @property
    def without_usd(self) -> float:
        """Of the best plan that is known without the request.

        Unless bring-up is limited, a plan with it is one, once its racks stand idle.
        """
        without = self.base.plan.objective_usd
        return without if self.makes_room else max(without, self.plan.objective_usd)

    @property
    def lost_usd(self) -> float:
        """What serving it costs others, discounted; below 0 where it makes room for them."""
        return self.without_usd - self.plan.objective_usd

    @property
    def lost_interval(self) -> Interval:
        """Where the loss of the best plans lies."""
        low = self.without_usd - self.plan.bound_usd
        high = max(self.base.plan.bound_usd, self.without_usd) - self.plan.objective_usd
        least = -math.inf if self.makes_room else 0.0
        return Interval(low=min(max(low, least), self.lost_usd), high=high)

    def per_kw_month(self, usd: float) -> float | None:
        """Discounted USD for each discounted kW-month; None where none is paid for."""
        months = self.quantity.discounted_kw_months
        return usd / months if months else None

    @property
    def floor(self) -> float | None:
        """USD per kW-month below which a signature loses money."""
        return self.per_kw_month(self.lost_usd)

    @property
    def floor_interval(self) -> Interval | None:
        """Where the floor lies."""
        low, high = (self.per_kw_month(usd) for usd in (self.lost_interval.low, self.lost_interval.high))
        return None if low is None or high is None else Interval(low=low, high=high)

    @cached_property
    def racks(self) -> Ints:
        """(K, T) racks that serve it."""
        return np.asarray(delivered_racks(self.instance, self.roster)[self.number])

    @property
    def data(self) -> DemandData:
        """The request in whole units."""
        return self.instance.demands[self.number]

    @property
    def number(self) -> int:
        """Its number among the demands of the instance."""
        return self.instance.demand_names.index(self.contract.name)

    def paid_usd(self, contract: Contract) -> float:
        """What the plan's delivery earns at the fee of a contract of the same ramp, discounted."""
        ramps = {contract.name: ramp_of(self.scenario, contract)}
        data = lower_demand(self.scenario, contract, ramps, self.instance.periods)
        return float(revenue_usd(data, self.racks) @ self.instance.discount[data.accounts.period])

    @property
    def gpu_hours(self) -> float:
        """Discounted GPU-hours that are delivered, each step with its fee factor; of a ramp in GPUs up to that."""
        accounts = self.data.accounts
        gpus = (self.instance.gpus @ self.racks)[accounts.period].astype(float)
        if self.contract.ramp[0].unit == "gpus":
            gpus = np.minimum(gpus, accounts.committed * self.data.gpus_per_unit)
        paid = [one.hours * one.step.fee_factor for one in accounts.stretches if isinstance(one.step, RampStep)]
        return math.fsum(gpus * np.array(paid) * self.instance.discount[accounts.period])

    @property
    def rows(self) -> dict[str, DemandPeriod]:
        """What it gets, by period."""
        return {row.period: row for row in self.plan.demands if row.demand == self.contract.name}


def moves_usd(instance: Instance, roster: Roster) -> Floats:
    """(T,) what moves cost, not discounted."""
    cost: Floats = departures(instance, roster).astype(float) * instance.policy.move_cost_usd
    return cost
