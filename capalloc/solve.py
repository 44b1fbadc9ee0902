"""From a scenario to a verified plan: the only place where the parts are wired together."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from capalloc.errors import InternalError
from capalloc.formats import scenario_sha256
from capalloc.instance.classes import Reduction, reduce_instance
from capalloc.instance.compile import compile_scenario
from capalloc.instance.decode import Solved, decode
from capalloc.instance.model import Instance
from capalloc.instance.roster import Roster
from capalloc.placement.names import name_racks
from capalloc.planner.classes import ClassPlan, PlannerParams, plan_classes
from capalloc.planner.exact import solve_exact
from capalloc.schema.plan import Outcome, Plan, Seconds, Stats, Status
from capalloc.schema.scenario import Scenario
from capalloc.schema.verdict import Verdict
from capalloc.verify import verify

DEFAULT_TIME_LIMIT_S = 60.0
OPTIMAL_GAP = 1e-6
"""A plan this close to its bound is called optimal."""


@dataclass(frozen=True, slots=True)
class Result:
    """What came of solving a scenario."""

    plan: Plan | None
    """A verified plan; None when there is none or none was found in time."""
    outcome: Outcome
    verdict: Verdict | None
    warnings: tuple[str, ...]


@dataclass(slots=True)
class _Clock:
    """Seconds by stage, and the word to whoever watches."""

    watch: Callable[[str], None]
    spent: dict[str, float] = field(default_factory=dict)
    stage: str = ""
    begun: float = 0.0

    def start(self, stage: str) -> None:
        """End the running stage and begin another; ``relax`` counts as planning."""
        now = time.monotonic()
        if self.stage:
            key = "plan" if self.stage == "relax" else self.stage
            self.spent[key] = self.spent.get(key, 0.0) + now - self.begun
        self.stage, self.begun = stage, now
        if stage:
            self.watch(stage)

    def seconds(self) -> Seconds:
        """Seconds so far, rounded to a millisecond."""
        return Seconds(**{stage: round(seconds, 3) for stage, seconds in self.spent.items()})


@dataclass(frozen=True, slots=True)
class _Answer:
    roster: Roster | None
    status: str
    solved: Solved


def solve(
    scenario: Scenario,
    *,
    prospects: frozenset[str] = frozenset(),
    seed: int = 0,
    time_limit: float | None = None,
    exact: bool = False,
    progress: Callable[[str], None] | None = None,
) -> Result:
    """Plan a scenario and verify the plan.

    ``prospects`` names contracts to plan although their probability is below 1. ``time_limit`` bounds the search in
    seconds. ``exact`` plans single racks by CP-SAT: the reference for tiny scenarios. ``progress`` hears each stage.

    Raises ScenarioError when the scenario is wrong and InternalError when the verifier rejects the plan.
    """
    clock = _Clock(progress or (lambda _: None))
    clock.start("compile")
    instance = compile_scenario(scenario, prospects)
    search = _solve_exact if exact else _solve_classes
    answer = search(instance, seed, DEFAULT_TIME_LIMIT_S if time_limit is None else time_limit, clock)
    if answer.roster is None:
        return Result(None, answer.solved.outcome, None, instance.warnings)
    plan = decode(instance, answer.roster, answer.solved, scenario_sha256(scenario), prospects)
    clock.start("verify")
    verdict = verify(scenario, plan)
    clock.start("")
    if verdict.verdict != "ok":
        found = "; ".join(violation.message for violation in verdict.violations[:3])
        raise InternalError(f"the verifier rejects the plan that was made: {found}")
    plan = plan.model_copy(update={"stats": plan.stats.model_copy(update={"seconds": clock.seconds()})})
    return Result(plan, plan.termination, verdict, instance.warnings)


def _solve_classes(instance: Instance, seed: int, time_limit: float, clock: _Clock) -> _Answer:
    reduction = reduce_instance(instance)
    found = plan_classes(reduction, PlannerParams(time_limit=time_limit, seed=seed), clock.start)
    clock.start("place")
    roster = None
    if found.counts is not None:
        counts = found.counts
        roster = name_racks(reduction, counts.serve, counts.off, counts.hold, counts.place)
    solved = Solved(
        status=_status(found.status),
        outcome=_outcome(found.status, time_limit),
        bound_usd=found.bound_usd,
        prices=found.prices,
        stats=_stats(reduction, found),
    )
    return _Answer(roster, found.status, solved)


def _solve_exact(instance: Instance, seed: int, time_limit: float, clock: _Clock) -> _Answer:
    clock.start("plan")
    found = solve_exact(instance, seed=seed, time_limit=time_limit)
    periods = len(instance.periods)
    stats = Stats(racks=len(instance.racks.names), classes=len(instance.racks.names), periods=periods, windows=periods)
    solved = Solved(_status(found.status), _outcome(found.status, time_limit), found.bound_usd, stats=stats)
    return _Answer(found.roster, found.status, solved)


def _status(status: str) -> Status:
    return "optimal" if status == "optimal" else "infeasible" if status == "infeasible" else "feasible"


def _outcome(status: str, time_limit: float) -> Outcome:
    if status == "optimal":
        return Outcome(reason="optimal", detail="no plan is worth more, within the gap")
    if status == "infeasible":
        return Outcome(
            reason="infeasible", detail="no plan keeps every rule: pins, freezes or hard commitments conflict"
        )
    return Outcome(reason="time_limit", limit=time_limit, detail="the search was ended by its time limit")


def _stats(reduction: Reduction, found: ClassPlan) -> Stats:
    periods = len(reduction.instance.periods)
    return Stats(
        racks=len(reduction.instance.racks.names),
        classes=len(reduction.cells.racks),
        periods=periods,
        windows=found.windows,
        rows=found.rows,
        columns=found.columns,
    )
