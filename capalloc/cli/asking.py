"""What commands that ask a question share: the scenario, and the plan that the question starts from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from capalloc.cli.exits import say
from capalloc.cli.loading import load
from capalloc.cli.plan import load_with_prospects, require_known
from capalloc.progress import OnProgress, Progress

if TYPE_CHECKING:
    from capalloc.analysis.base import Base
    from capalloc.cancel import CancelToken
    from capalloc.planner.params import PlannerParams
    from capalloc.schema.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question is asked of."""

    scenario: Path
    plan: Path | None
    """None: one is made first."""
    prospects: frozenset[str] = frozenset()
    seed: int = 0
    time_limit: float | None = None
    plan_required: bool = False
    """The command makes none."""
    gap: float | None = None
    """How near to their bounds plans have to be; None: as near as the answer needs."""

    @property
    def params(self) -> PlannerParams:
        """How plans are made for the answer."""
        from capalloc.planner.params import PlannerParams

        params = PlannerParams(seed=self.seed, gap=self.gap)
        return params if self.time_limit is None else replace(params, time_limit=self.time_limit)


def load_for(asked: Asked, progress: OnProgress) -> Scenario:
    """The scenario that is asked of, for those who look at it before a plan is made. Raises ScenarioError."""
    progress(Progress("load"))
    return load(asked.scenario) if asked.plan else load_with_prospects(asked.scenario, asked.prospects)


def base_for(
    asked: Asked, progress: OnProgress, cancel: CancelToken | None = None, loaded: Scenario | None = None
) -> Base:
    """The plan that a question starts from: read and judged, or made now, which is said on stderr.

    ``loaded`` is the scenario where it has been read.
    Raises ScenarioError or PlanFileError for bad input, NoAnswerError where the scenario has no plan.
    """
    scenario = loaded or load_for(asked, progress)
    if asked.plan is None:
        return _made(asked, scenario, progress, cancel)
    return _read(asked, scenario, asked.plan, progress)


def _read(asked: Asked, scenario: Scenario, path: Path, progress: OnProgress) -> Base:
    from capalloc.analysis.base import base_of
    from capalloc.errors import Problem, ScenarioError
    from capalloc.formats import load_plan

    plan = load_plan(path)
    require_known(asked.prospects, scenario, asked.scenario)
    other = sorted(asked.prospects - set(plan.prospects))
    if other:
        wanted = " ".join(f"--prospect {name}" for name in sorted(asked.prospects))
        first = f"`capalloc plan {asked.scenario} {wanted} -o PLAN` makes a plan that does"
        leave = "" if asked.plan_required else ", or leave --plan out"
        message = f"found {', '.join(other)}, which {path} does not plan; {first}{leave}"
        raise ScenarioError([Problem("", 0, "--prospect", message)])
    progress(Progress("verify"))
    return base_of(scenario, plan, name=str(path))


def _made(asked: Asked, scenario: Scenario, progress: OnProgress, cancel: CancelToken | None) -> Base:
    from capalloc.analysis.base import planned_base
    from capalloc.report.figures import gap_between

    base = planned_base(scenario, prospects=asked.prospects, params=asked.params, cancel=cancel, progress=progress)
    plan = base.plan
    say(f"no --plan given: planned first, {plan.status}, {gap_between(plan.objective_usd, plan.bound_usd, plan.gap)}")
    return base


def day_asked(text: str | None, option: str) -> date | None:
    """The day that an option names, if it is given. Raises ScenarioError."""
    from capalloc.calendar import parse_day
    from capalloc.errors import Problem, ScenarioError
    from capalloc.schema.checks.magnitude import EARLIEST, LATEST

    if text is None:
        return None
    try:
        day = parse_day(text)
    except ValueError as error:
        raise ScenarioError([Problem("", 0, option, str(error))]) from error
    if not EARLIEST <= day <= LATEST:
        message = f"found {text}, expected a date from {EARLIEST.year} to {LATEST.year}"
        raise ScenarioError([Problem("", 0, option, message)])
    return day
