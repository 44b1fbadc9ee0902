"""Plans of a question about a request: each keeps what the base plan delivers of commitments and minima."""

from __future__ import annotations

from dataclasses import dataclass, replace

from capalloc.analysis.base import Base
from capalloc.analysis.quote.offer import Offer
from capalloc.analysis.quote.request import counting, forced
from capalloc.cancel import CancelToken
from capalloc.errors import InternalError
from capalloc.planner.params import PlannerParams
from capalloc.progress import OnProgress
from capalloc.schema.demand import Contract
from capalloc.schema.plan import Plan, Unplaced
from capalloc.schema.scenario import Scenario
from capalloc.solve import Result, solve

_KW = 1e-6
_COUNT_GAP = 1e-6
"""Relative gap of the search for the most that can be delivered."""


@dataclass(frozen=True)
class Most:
    """The most of a request that can be delivered."""

    kw: dict[str, float]
    """By period; what is committed, where that much can be."""
    plan: Plan
    """That delivers most in all."""
    unplaced: dict[str, Unplaced]
    """By period, why this plan delivers no more."""


@dataclass(frozen=True)
class Desk:
    """Where plans for one question are made."""

    base: Base
    params: PlannerParams
    cancel: CancelToken
    progress: OnProgress

    def serve(self, contract: Contract, stage: str) -> Offer | None:
        """The best plan that serves a request in full at no fee; None where none exists or was found in time."""
        scenario = forced(self.base.scenario, contract)
        result = self._solve(scenario, stage, self.params)
        if result.plan is None:
            return None
        _require_kept(self.base.plan, result.plan)
        return Offer(contract, self.base, result.plan, scenario, result.instance)

    def most(self, contract: Contract, stage: str) -> Most | None:
        """The most of a request that can be delivered; None where not even none of it can, or time is up."""
        gap = min(self.params.gap or _COUNT_GAP, _COUNT_GAP)
        result = self._solve(counting(self.base.scenario, contract), stage, replace(self.params, gap=gap))
        if result.plan is None:
            return None
        mine = [row for row in result.plan.demands if row.demand == contract.name]
        unplaced = {one.period: one for one in result.plan.unplaced if one.demand == contract.name}
        return Most({row.period: min(row.committed_kw, row.delivered_kw) for row in mine}, result.plan, unplaced)

    def _solve(self, scenario: Scenario, stage: str, params: PlannerParams) -> Result:
        return solve(
            scenario,
            prospects=self.base.prospects,
            allow_displacing=self.base.plan.allow_displacing,
            params=params,
            keep=self.base.plan,
            cancel=self.cancel,
            progress=lambda heard: self.progress(replace(heard, stage=stage)),
        )


def _require_kept(before: Plan, after: Plan) -> None:
    """Raise an InternalError where a demand gets less of its commitment or minimum than it got."""
    got = {(row.demand, row.period): row for row in after.demands}
    for row in before.demands:
        kept, now = min(row.committed_kw, row.delivered_kw), got[row.demand, row.period].delivered_kw
        if now < kept - _KW:
            raise InternalError(f"{row.demand} gets {now:g} kW in {row.period}, {kept - now:g} less than it keeps")
