"""A plan beside its scenario, with what the figures of a report share."""

from __future__ import annotations

from functools import cached_property
from typing import Self

import numpy as np

from capalloc.analysis.base import Base
from capalloc.analysis.picture.fitting import require_fitting
from capalloc.analysis.revenue import revenue_of_base
from capalloc.analysis.show.site import PlannedSite
from capalloc.calendar import Period
from capalloc.instance.model import Floats, Instance, Ints
from capalloc.schema.plan import Plan
from capalloc.schema.revenue import RevenueAnswer
from capalloc.schema.scenario import Scenario
from capalloc.schema.verdict import Verdict
from capalloc.units import W_PER_KW
from capalloc.verify import verify


class Pictured:
    """A plan to be shown; what only some figures need is computed when one asks for it."""

    def __init__(
        self,
        scenario: Scenario,
        plan: Plan,
        instance: Instance | None = None,
        verdict: Verdict | None = None,
        *,
        of_another: bool = False,
    ) -> None:
        """``instance`` (the scenario compiled with the plan's prospects) and ``verdict`` are made where not at hand.

        ``of_another`` says that the plan is known to be made for another scenario, or another version of this one.

        Raises PlanFileError where the plan does not fit the scenario.
        """
        self.scenario, self.plan, self.of_another = scenario, plan, of_another
        self.site = PlannedSite(scenario, plan, instance)
        require_fitting(plan, self.site.instance)
        self.verdict = verify(scenario, plan) if verdict is None else verdict

    @classmethod
    def of_base(cls, base: Base) -> Self:
        """Of a plan that is known to be of this scenario and to keep its rules."""
        kept = Verdict(verdict="ok", objective_usd=base.plan.objective_usd)
        return cls(base.scenario, base.plan, base.instance, kept)

    @property
    def periods(self) -> tuple[Period, ...]:
        """Of the plan, in order."""
        return self.site.instance.periods

    @cached_property
    def load_kw(self) -> Floats:
        """(T,) load of the roots, static load included."""
        return self._of_roots(self.site.loads.normal_w)

    @cached_property
    def limit_kw(self) -> Floats:
        """(T,) what the roots may carry in normal operation."""
        return self._of_roots(self.site.loads.forest.normal_w)

    def _of_roots(self, watts: Floats | Ints) -> Floats:
        return np.asarray(watts[list(self.site.loads.forest.roots)].sum(axis=0) / W_PER_KW)

    @cached_property
    def revenue(self) -> RevenueAnswer:
        """What the plan earns, and what of it is firm."""
        return revenue_of_base(Base(self.scenario, self.plan, compiled=lambda: self.site.instance))
