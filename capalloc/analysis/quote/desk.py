"""Plans of a question about a request: each keeps what the base plan delivers of commitments and minima."""

from __future__ import annotations

from dataclasses import dataclass, replace

from capalloc.analysis.base import Base
from capalloc.analysis.quote.limits import most_with_usd
from capalloc.analysis.quote.offer import Offer
from capalloc.analysis.quote.request import forced
from capalloc.cancel import CancelToken
from capalloc.errors import InternalError
from capalloc.exact.params import ExactParams
from capalloc.planner.params import PlannerParams
from capalloc.precedence.delivered import keeping_all
from capalloc.progress import OnProgress
from capalloc.roster.figures import delivered_racks
from capalloc.roster.read import read
from capalloc.schema.demand import Contract
from capalloc.schema.plan import Plan
from capalloc.schema.scenario import Scenario
from capalloc.schema.status import StopReason
from capalloc.solve import Result, solve

_WIDEST_GAP = 1e-3
_WHOLE_COLUMNS = 300
"""Columns of who serves whom up to which a site is small, and planned to the optimum."""


@dataclass(frozen=True)
class Care:
    """How close a plan with a request has to be, on a site too large for the optimum."""

    loss_share: float
    """Gap as a share of what serving the request costs."""
    closest_gap: float
    time_share: float
    """Of the time limit, where no gap was asked for."""

    def params(self, params: PlannerParams | ExactParams, lost: float) -> PlannerParams | ExactParams:
        """How to plan where at least ``lost``, a share of what the site is worth, is lost."""
        gap = min(max(self.loss_share * lost, self.closest_gap), _WIDEST_GAP)
        share = self.time_share if getattr(params, "gap", None) is None else 1.0
        return windowed(replace(params, time_limit=params.time_limit * share), gap)


CLOSE = Care(0.02, 1e-6, 0.2)
"""Of the request itself; where a gap is given, that and all the time count."""
ROUGH = Care(0.1, 1e-4, 0.2)
"""Of alternatives."""


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

    def serve(self, contract: Contract, stage: str, care: Care = CLOSE) -> Served:
        """The best plan that serves a request in full at no fee."""
        scenario = forced(self.base.scenario, contract)
        bound = most_with_usd(self.base, scenario)
        if bound is None:
            return Served(None, impossible=True)
        params = care.params(self.params, _share_lost(self.base.plan, bound))
        result = self.solve_keeping(scenario, stage, params)
        if result.plan is None:
            return Served(None, result.outcome.reason is StopReason.INFEASIBLE)
        _require_kept(self.base.plan, result)
        return Served(Offer(contract, self.base, result.plan, scenario, result.instance))

    def solve_keeping(self, scenario: Scenario, stage: str, params: PlannerParams | ExactParams) -> Result:
        """A plan in which every demand of the base plan keeps what that delivers of its commitment or minimum."""
        return solve(
            scenario,
            prospects=self.base.prospects,
            allow_displacing=self.base.plan.allow_displacing,
            params=params,
            keep=self.base.plan,
            cancel=self.cancel,
            progress=lambda heard: self.progress(replace(heard, stage=stage)),
        )


def _share_lost(plan: Plan, bound_usd: float) -> float:
    """What a request costs at least, as a share of what the plan without it is worth."""
    return max(plan.objective_usd - bound_usd, 0.0) / max(abs(plan.objective_usd), 1.0)


def windowed(params: PlannerParams | ExactParams, gap: float) -> PlannerParams | ExactParams:
    """The same with a gap for large sites, planned window by window; small sites are planned to the optimum."""
    if isinstance(params, ExactParams):
        return params
    close = gap if params.gap is None else params.gap
    return replace(
        params,
        gap=None,
        rolling_horizon_gap=close,
        first_gap=close,
        most_columns=min(params.most_columns, _WHOLE_COLUMNS),
    )


def _require_kept(before: Plan, result: Result) -> None:
    """Raise an InternalError where a demand gets less of its commitment or minimum than it got."""
    assert result.plan is not None
    instance = result.instance
    kept = keeping_all(instance, read(instance, before))
    racks = delivered_racks(instance, read(instance, result.plan))
    for d, data in enumerate(kept.demands):
        if (data.unit @ racks[d] < data.must).any():
            raise InternalError(f"a plan for a request gives {data.name} less than it keeps")
