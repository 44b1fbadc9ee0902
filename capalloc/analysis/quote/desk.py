"""Plans of a question about a request: each keeps what the base plan delivers of commitments and minima."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from capalloc.analysis.base import Base
from capalloc.analysis.quote.offer import Offer, data_of
from capalloc.analysis.quote.request import counting, forced
from capalloc.cancel import CancelToken
from capalloc.errors import InternalError
from capalloc.exact.params import ExactParams
from capalloc.instance.model import DemandData, Ints
from capalloc.planner.params import PlannerParams
from capalloc.precedence import keeping_all
from capalloc.progress import OnProgress
from capalloc.roster.figures import delivered_racks
from capalloc.roster.read import read
from capalloc.schema.demand import Contract
from capalloc.schema.plan import Plan, Unplaced
from capalloc.schema.scenario import Scenario
from capalloc.schema.status import StopReason
from capalloc.solve import Result, solve

_CLOSE_GAP = 1e-5
"""Gap at which a plan of a large site is good enough for a difference of two plans."""
_ROUGH_GAP = 1e-4
"""The same for alternatives."""
_COUNT_GAP = 1e-6
"""The same where nothing but the request's own kW is counted."""

_MOST_SINGLE = 24
"""Most periods that are looked at each by itself."""
_PROVEN = (StopReason.OPTIMAL, StopReason.GAP_REACHED)


@dataclass(frozen=True)
class Most:
    """The most of a request that can be delivered."""

    committed_kw: dict[str, float]
    """By period of its term."""
    kw: dict[str, float]
    """What can be delivered in each period, whatever is in the others, up to what is committed."""
    together_kw: dict[str, float]
    """What the plan that delivers most in all delivers of it."""
    plan: Plan
    unplaced: dict[str, Unplaced]
    """Why this plan delivers no more."""
    kw_per_unit: float
    proven: bool
    """Whether no plan delivers more."""

    def is_short(self, period: str) -> bool:
        """Whether less than all can be delivered in a period."""
        return self.together_kw.get(period, 0.0) < self.committed_kw.get(period, 0.0)


@dataclass(frozen=True)
class Served:
    """What came of an attempt to serve a request in full."""

    offer: Offer | None
    impossible: bool = False
    """Proven: no plan serves it in full and keeps what others were promised."""


@dataclass(frozen=True)
class Desk:
    """Where plans for one question are made."""

    base: Base
    params: PlannerParams | ExactParams
    cancel: CancelToken
    progress: OnProgress
    warnings: list[str] = field(default_factory=list)

    def serve(self, contract: Contract, stage: str, rough: bool = False) -> Served:
        """The best plan that serves a request in full at no fee."""
        scenario = forced(self.base.scenario, contract)
        result = self._solve(scenario, stage, _within(self.params, _ROUGH_GAP if rough else _CLOSE_GAP))
        if result.plan is None:
            return Served(None, result.outcome.reason is StopReason.INFEASIBLE)
        _require_kept(self.base.plan, result)
        return Served(Offer(contract, self.base, result.plan, scenario, result.instance))

    def most(self, contract: Contract, stage: str) -> Most | None:
        """The most of a request that can be delivered; None where no plan was found in time."""
        result = self._solve(counting(self.base.scenario, contract), stage, _counting(self.params))
        if result.plan is None:
            return None
        data, together = data_of(result.instance, contract.name), _delivered_kw(result, contract)
        committed = {label: round(float(data.committed[t] * data.kw_per_unit), 6) for t, label in _term(result, data)}
        single, proven = self._single_periods(contract, stage, result, committed, together)
        return Most(
            committed,
            single,
            together,
            result.plan,
            {one.period: one for one in result.plan.unplaced if one.demand == contract.name},
            data.kw_per_unit,
            proven and result.outcome.reason in _PROVEN,
        )

    def _single_periods(
        self, contract: Contract, stage: str, result: Result, committed: dict[str, float], together: dict[str, float]
    ) -> tuple[dict[str, float], bool]:
        """What can be delivered in each period by itself, where rules tie periods; and whether that is known of all."""
        instance, found = result.instance, dict(together)
        if not (instance.policy.couples_periods or len(instance.deliveries)):
            return found, True
        short = [
            period for period in instance.periods if together.get(period.label, 0.0) < committed.get(period.label, 0.0)
        ]
        for period in short[:_MOST_SINGLE]:
            if self.cancel.cancelled:
                return found, False
            single = self._solve(counting(self.base.scenario, contract, period), stage, _counting(self.params))
            if single.plan is not None:
                found[period.label] = max(found[period.label], _delivered_kw(single, contract)[period.label])
        return found, len(short) <= _MOST_SINGLE

    def _solve(self, scenario: Scenario, stage: str, params: PlannerParams | ExactParams) -> Result:
        return solve(
            scenario,
            prospects=self.base.prospects,
            allow_displacing=self.base.plan.allow_displacing,
            params=params,
            keep=self.base.plan,
            cancel=self.cancel,
            progress=lambda heard: self.progress(replace(heard, stage=stage)),
        )


def _within(params: PlannerParams | ExactParams, gap: float) -> PlannerParams | ExactParams:
    """The same with a gap for large sites, unless one was asked for; small sites are planned to the optimum."""
    if isinstance(params, ExactParams) or params.gap is not None:
        return params
    return replace(params, rolling_horizon_gap=min(params.rolling_horizon_gap, gap))


def _counting(params: PlannerParams | ExactParams) -> PlannerParams | ExactParams:
    return params if isinstance(params, ExactParams) else replace(params, gap=_COUNT_GAP)


def _term(result: Result, data: DemandData) -> list[tuple[int, str]]:
    """Periods of a demand's term, by number and label."""
    return [(t, result.instance.periods[t].label) for t in np.flatnonzero(data.in_term).tolist()]


def _delivered_kw(result: Result, contract: Contract) -> dict[str, float]:
    """By period of the term, what a plan delivers of the commitment."""
    assert result.plan is not None
    instance, number = result.instance, result.instance.demand_names.index(contract.name)
    data = data_of(instance, contract.name)
    units: Ints = data.unit @ delivered_racks(instance, read(instance, result.plan))[number]
    kw = np.minimum(units, data.committed) * data.kw_per_unit
    return {label: round(float(kw[t]), 6) for t, label in _term(result, data)}


def _require_kept(before: Plan, result: Result) -> None:
    """Raise an InternalError where a demand gets less of its commitment or minimum than it got."""
    assert result.plan is not None
    instance = result.instance
    kept = keeping_all(instance, read(instance, before))
    racks = delivered_racks(instance, read(instance, result.plan))
    for d, data in enumerate(kept.demands):
        if (data.unit @ racks[d] < data.must).any():
            raise InternalError(f"a plan for a request gives {data.name} less than it keeps")
