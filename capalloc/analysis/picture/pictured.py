"""A plan beside its scenario, with what the figures of a report share."""

from __future__ import annotations

from functools import cached_property

from capalloc.analysis.base import Base
from capalloc.analysis.picture.fitting import require_fitting
from capalloc.analysis.revenue import revenue_of_base
from capalloc.analysis.show.site import PlannedSite
from capalloc.calendar import Period
from capalloc.instance.model import Instance
from capalloc.metrics import Metrics, measure
from capalloc.schema.plan import Plan
from capalloc.schema.revenue import RevenueAnswer
from capalloc.schema.scenario import Scenario
from capalloc.schema.verdict import Verdict
from capalloc.verify import verify


class Pictured:
    """A plan to be shown; what only some figures need is computed when one asks for it."""

    def __init__(
        self, scenario: Scenario, plan: Plan, instance: Instance | None = None, verdict: Verdict | None = None
    ) -> None:
        """``instance`` (the scenario compiled with the plan's prospects) and ``verdict`` are made where not at hand.

        Raises PlanFileError where the plan does not fit the scenario.
        """
        self.scenario, self.plan = scenario, plan
        self.site = PlannedSite(scenario, plan, instance)
        require_fitting(plan, self.site.instance)
        self.verdict = verify(scenario, plan) if verdict is None else verdict

    @property
    def periods(self) -> tuple[Period, ...]:
        """Of the plan, in order."""
        return self.site.instance.periods

    @cached_property
    def metrics(self) -> Metrics:
        """Figures of site, contracts and demands."""
        return measure(self.scenario, self.plan, self.site.instance)

    @cached_property
    def revenue(self) -> RevenueAnswer:
        """What the plan earns, and what of it is firm."""
        return revenue_of_base(Base(self.scenario, self.plan, compiled=lambda: self.site.instance))
