"""Plans with a request, followed through the samples beside the plan without it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from capalloc.analysis.base import Base, plan_of
from capalloc.analysis.promise.followed import Followed, Plans, Shared, Wanted, followed
from capalloc.analysis.promise.term import Term
from capalloc.analysis.risk import (
    Outcome,
    Path,
    Planned,
    Running,
    leaving_usd,
    near_enough,
    of_each,
    paths_of,
    stands_until,
)
from capalloc.analysis.sampling import Late
from capalloc.planner.params import PlannerParams
from capalloc.progress import Progress
from capalloc.schema.plan import Plan
from capalloc.schema.scenario import Scenario
from capalloc.schema.status import StopReason
from capalloc.solve import Result, solve


@dataclass(frozen=True)
class Work:
    """What following takes, whatever of a request is wanted."""

    base: Base
    """The plan without the request."""
    scenario: Scenario
    """Without the request."""
    params: PlannerParams
    """As samples are planned."""
    running: Running

    @classmethod
    def of(cls, base: Base, scenario: Scenario, params: PlannerParams, running: Running) -> Work:
        """Beside a plan of it, with ``params`` as they were asked for."""
        return cls(base, scenario, near_enough(params), running)

    @property
    def stopped(self) -> bool:
        """Whether somebody asked for what there is."""
        return self.running.cancel is not None and self.running.cancel.cancelled

    def follow(
        self, term: Term, wanted: Sequence[Wanted], stage: str, late: Sequence[Late] = ()
    ) -> list[tuple[Path, Followed]]:
        """What samples come to with the request in these ways, in their order; fewer where somebody stopped.

        The plans that they begin with are made as if it was known what comes ``late``. Raises NoAnswerError where there
        are none.
        """
        sure, prospects = self.scenario.replace(uncertainty=None), self.base.prospects
        if self.running.progress is not None:
            self.running.progress(Progress(f"planning {stage}"))
        plans = [(one, self._planned(one.where(late))) for one in wanted]
        shared = Shared(
            without=sure,
            wanted=tuple(wanted),
            forecast=Plans(
                Planned(self.base.plan, counted_usd=leaving_usd(sure, self.base.plan, prospects)),
                tuple(Planned(plan, counted_usd=leaving_usd(one.scenario, plan, prospects)) for one, plan in plans),
            ),
            request=term.contract.name,
            paid=term.paid(self.base.instance.discount),
            prospects=prospects,
            since=stands_until(self.scenario),
            params=self.params,
        )
        return of_each(
            paths_of(self.scenario, prospects),
            shared,
            followed,
            self.running,
            failed=lambda failure: Followed((Outcome("failed", failure),) * len(wanted)),
            saying=f"{stage}: ",
        )

    def _planned(self, wanted: Wanted) -> Plan:
        """The plan with the request where nothing unsure happens."""
        if wanted.forced is not None:
            result = self._solved(wanted.forced)
            if result.plan is not None or result.outcome.reason is not StopReason.INFEASIBLE:
                return plan_of(result, wanted.forced)
        return plan_of(self._solved(wanted.scenario), wanted.scenario)

    def _solved(self, scenario: Scenario) -> Result:
        base = self.base
        return solve(scenario, prospects=base.prospects, params=self.params, keep=base.plan, cancel=self.running.cancel)
