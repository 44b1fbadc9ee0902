"""The plan that a question starts from: one that was given and holds, or one that is made for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from capalloc.calendar import Period, period_named
from capalloc.cancel import CancelToken
from capalloc.errors import NoAnswerError, PlanFileError, Problem, ScenarioError
from capalloc.formats import plan_sha256, scenario_sha256
from capalloc.instance.compile import compile_scenario
from capalloc.instance.model import Instance
from capalloc.progress import OnProgress
from capalloc.roster.read import read
from capalloc.roster.roster import Roster
from capalloc.schema.about import About
from capalloc.schema.plan import Plan
from capalloc.schema.scenario import Scenario
from capalloc.verify import verify

if TYPE_CHECKING:
    from capalloc.exact.params import ExactParams
    from capalloc.planner.params import PlannerParams
    from capalloc.solve import Result

Found = TypeVar("Found")

_FAULTS_SHOWN = 3


@dataclass(frozen=True)
class Base:
    """A scenario and a plan of it that keeps every rule."""

    scenario: Scenario
    plan: Plan
    planned_now: bool = False
    """Whether the plan was made for the question."""
    compiled: Callable[[], Instance] | None = field(default=None, repr=False, compare=False)

    @property
    def prospects(self) -> frozenset[str]:
        """Prospects that the plan serves because they were asked for."""
        return frozenset(self.plan.prospects)

    @cached_property
    def instance(self) -> Instance:
        """The scenario, compiled with the plan's prospects."""
        return self.compiled() if self.compiled else compile_scenario(self.scenario, self.prospects)

    @cached_property
    def roster(self) -> Roster:
        """The plan as arrays."""
        return read(self.instance, self.plan)

    @cached_property
    def about(self) -> About:
        """What an answer says it is about."""
        return about_of(self.plan, self.planned_now)


def about_of(plan: Plan, planned_now: bool = False) -> About:
    """What an answer says of a plan."""
    return About(
        scenario=plan.scenario,
        scenario_sha256=plan.scenario_sha256,
        plan_sha256=plan_sha256(plan),
        planned_now=planned_now,
        prospects=plan.prospects,
        status=plan.status,
        objective_usd=plan.objective_usd,
        bound_usd=plan.bound_usd,
        gap=plan.gap,
    )


def base_of(scenario: Scenario, plan: Plan, *, name: str = "the plan") -> Base:
    """A plan that was made for this scenario and keeps its rules; ``name`` is what a refusal calls it.

    Raises PlanFileError where it was made for another scenario, or another version of this one, or where the verifier
    rejects it.
    """
    if plan.scenario_sha256 != scenario_sha256(scenario):
        other = "another version of it" if plan.scenario == scenario.name else f"'{plan.scenario}'"
        raise PlanFileError(
            f"{name}: was made for {other}, not for the scenario '{scenario.name}' as it is; plan that with "
            "`capalloc plan SCENARIO -o PLAN`"
        )
    verdict = verify(scenario, plan)
    if verdict.verdict != "ok":
        found = "; ".join(violation.message for violation in verdict.violations[:_FAULTS_SHOWN])
        more = len(verdict.violations) - _FAULTS_SHOWN
        rest = f"; and {more} more" if more > 0 else ""
        raise PlanFileError(f"{name}: breaks the scenario's rules: {found}{rest}")
    return Base(scenario, plan)


def period_asked(periods: Sequence[Period], text: str) -> int:
    """The number of the period that a label names, or a day or month in it. Raises ScenarioError for none."""
    return asked_by(period_named, text, periods).index


def asked_by(named: Callable[[str, Sequence[Period]], Found], text: str, periods: Sequence[Period]) -> Found:
    """What the option ``--period`` names, by a function of :mod:`capalloc.calendar`. Raises ScenarioError for none."""
    try:
        return named(text, periods)
    except ValueError as error:
        raise ScenarioError([Problem("", 0, "--period", str(error))]) from error


def planned_base(
    scenario: Scenario,
    *,
    prospects: frozenset[str] = frozenset(),
    params: PlannerParams | ExactParams | None = None,
    cancel: CancelToken | None = None,
    progress: OnProgress | None = None,
) -> Base:
    """The best plan of a scenario, made now. Raises NoAnswerError where there is none, and says why."""
    from capalloc.planner.params import PlannerParams
    from capalloc.solve import solve  # questions of a plan that is at hand do without a solver

    made = params or PlannerParams()
    result = solve(scenario, prospects=prospects, params=made, cancel=cancel, progress=progress)
    return Base(scenario, plan_of(result, scenario), planned_now=True, compiled=result.compiled)


def given_or_planned(
    scenario: Scenario,
    plan: Plan | None,
    *,
    prospects: frozenset[str] = frozenset(),
    params: PlannerParams | ExactParams | None = None,
    cancel: CancelToken | None = None,
    progress: OnProgress | None = None,
) -> Base:
    """A plan that was given, as :func:`base_of`, or where none was, one made now, as :func:`planned_base`."""
    if plan is not None:
        return base_of(scenario, plan)
    return planned_base(scenario, prospects=prospects, params=params, cancel=cancel, progress=progress)


def plan_of(result: Result, scenario: Scenario) -> Plan:
    """The plan of a result; raises NoAnswerError with the reason where there is none."""
    if result.plan is None:
        detail = result.outcome.detail or result.outcome.reason.value
        raise NoAnswerError(f"the scenario '{scenario.name}' has no plan to ask about: {detail}")
    return result.plan
