"""What could be delivered of a request at most in each period, from relaxations: no plan can pass it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from capalloc.analysis.base import Base
from capalloc.analysis.quote.offer import Quantity, quantity_of
from capalloc.analysis.quote.request import counting
from capalloc.instance.compile import compile_scenario
from capalloc.instance.demands import lower_demand
from capalloc.instance.model import Bools, DemandData, Floats, Instance, Ints
from capalloc.instance.timeline import ramp_of
from capalloc.planner.model.columns import MONEY_ALONE
from capalloc.planner.model.objective import bound_usd
from capalloc.planner.search.by_window import relaxed_windows
from capalloc.precedence.delivered import keeping_all
from capalloc.reduction.classes import reduce_instance
from capalloc.roster.read import read
from capalloc.schema.demand import Contract
from capalloc.schema.scenario import Scenario
from capalloc.schema.status import Status

_NOISE = 1e-6
"""Share of a limit that solvers may round away."""


@dataclass(frozen=True)
class Limits:
    """The most that any plan can deliver of a request in each period."""

    base: Base
    kw: Floats
    """(T,)"""
    known: Bools
    """(T,) periods in which that was asked."""
    quantity: Quantity
    """Of the request itself."""

    @classmethod
    def of(cls, base: Base, request: Contract) -> Limits:
        """Those of the largest step, from the day that the request begins to the horizon's end."""
        periods, horizon = base.instance.periods, base.scenario.horizon
        largest = max(request.ramp, key=lambda step: step.amount)
        first = next(period for period in periods if period.end > request.ramp[0].start)
        always = request.replace(ramp=(largest.replace(start=first.start),), until=horizon.end)
        bounds = relaxed_windows(_held(base, counting(base.scenario, always)), MONEY_ALONE).bounds.of_periods()
        months = np.array([period.months for period in periods])
        known = np.arange(len(periods)) >= first.index
        quantity = quantity_of(_lowered(base, request), base.instance.discount)
        return cls(base, bounds / months * (1.0 + _NOISE) + _NOISE, known, quantity)

    def units(self, data: DemandData) -> Ints:
        """(T,) units that racks can add up to, up to what is committed; ``data`` is the request in whole units."""
        step = max(int(np.gcd.reduce(data.unit[list(data.types)])), 1)
        most = np.floor(self.kw / data.kw_per_unit).astype(np.int64) // step * step
        return np.minimum(most, data.committed)

    def lowered(self, contract: Contract) -> DemandData:
        """A request of the same kind in whole units."""
        return _lowered(self.base, contract)

    def allow(self, contract: Contract) -> bool:
        """Whether they leave room for a request of the same kind in every period of its term."""
        data = self.lowered(contract)
        short = data.committed * data.kw_per_unit > self.kw
        return not (short & self.known).any()


def most_with_usd(base: Base, scenario: Scenario) -> float | None:
    """Discounted USD that no plan of a scenario with the request can pass; None where no plan can exist."""
    held = _held(base, scenario)
    bounds = relaxed_windows(held, MONEY_ALONE).bounds
    if any(single.answer.status is Status.INFEASIBLE for single in bounds.found):
        return None
    return bound_usd(reduce_instance(held), bounds.total(), MONEY_ALONE)


def _held(base: Base, scenario: Scenario) -> Instance:
    """A scenario with the request, in which the demands of the base plan keep what was promised."""
    instance = compile_scenario(scenario, base.prospects)
    return keeping_all(instance, read(instance, base.plan))


def _lowered(base: Base, contract: Contract) -> DemandData:
    ramps = {contract.name: ramp_of(base.scenario, contract)}
    return lower_demand(base.scenario, contract, ramps, base.instance.periods)
