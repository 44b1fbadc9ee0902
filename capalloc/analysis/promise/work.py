"""Plans with a request, followed through the samples beside the plan without it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from capalloc.analysis.base import Base, plan_of
from capalloc.analysis.promise.care import Care
from capalloc.analysis.promise.followed import Followed, Plans, Shared, Wanted, followed
from capalloc.analysis.promise.term import Term
from capalloc.analysis.risk import (
    Again,
    Outcome,
    Path,
    Planned,
    Running,
    after_step,
    leaving_usd,
    near_enough,
    of_each,
    paths_of,
    stands_until,
)
from capalloc.analysis.sampling import Late
from capalloc.cancel import CancelToken
from capalloc.errors import NoAnswerError
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

        Until it is known whether they come ``late``, plans with the request are made as if they did. Raises
        NoAnswerError where there is none to begin with.
        """
        sure, prospects = self.scenario.replace(uncertainty=None), self.base.prospects
        if self.running.progress is not None:
            self.running.progress(Progress(f"planning {stage}"))
        without, since = self._left(sure, self.base.plan), stands_until(self.scenario)
        care = Care.of(self.scenario, late)
        keep = self._worst(sure, without, care)
        having = tuple(self._planned(one.where(care.late), keep) for one in wanted)
        shared = Shared(
            without=sure,
            wanted=tuple(wanted),
            forecast=Plans(without, having),
            request=term.contract.name,
            paid=term.paid(self.base.instance.discount),
            prospects=prospects,
            since=since,
            params=self.params,
            care=care,
        )
        return of_each(
            paths_of(self.scenario, prospects, care.known),
            shared,
            followed,
            self.running,
            failed=lambda failure: Followed((Outcome("failed", failure),) * len(wanted)),
            saying=f"{stage}: ",
        )

    def _worst(self, sure: Scenario, now: Planned, care: Care) -> Plan:
        """What the plan without the request comes to where all comes late that is not counted on."""
        cancel = self.running.cancel or CancelToken()
        how = Again(stands_until(self.scenario), self.base.prospects, self.params, cancel, {})
        for step in care.steps():
            if now.plan is not None:
                now = after_step(sure, step, now, how)
        if now.plan is None:
            raise NoAnswerError("without the request there is no plan where all comes late that may")
        return now.plan

    def _planned(self, wanted: Wanted, keep: Plan) -> Planned:
        """The plan with the request where nothing unsure happens; others keep what another delivers to them."""
        if wanted.forced is not None:
            result = self._solved(wanted.forced, keep)
            if result.plan is not None or result.outcome.reason is not StopReason.INFEASIBLE:
                return self._left(wanted.forced, plan_of(result, wanted.forced))
        return self._left(wanted.scenario, plan_of(self._solved(wanted.scenario, keep), wanted.scenario))

    def _left(self, scenario: Scenario, plan: Plan) -> Planned:
        """A plan of a scenario, with what it pays to leave the incumbent."""
        return Planned(plan, counted_usd=leaving_usd(scenario, plan, self.base.prospects))

    def _solved(self, scenario: Scenario, keep: Plan) -> Result:
        prospects, cancel = self.base.prospects, self.running.cancel
        return solve(scenario, prospects=prospects, params=self.params, keep=keep, cancel=cancel)
