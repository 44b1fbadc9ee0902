"""From a scenario to a verified plan: the only place where the parts are wired together."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache, partial

from capalloc.cancel import CancelToken
from capalloc.errors import InternalError, PlanFileError
from capalloc.exact.params import ExactParams
from capalloc.formats import scenario_sha256, warnings_of
from capalloc.instance.compile import compile_scenario
from capalloc.instance.model import Instance
from capalloc.naming.racks import name_racks
from capalloc.planner.bounds.single_demands import single_demands_usd
from capalloc.planner.params import ClassPlan, PlannerParams
from capalloc.planner.strategy import plan_classes
from capalloc.progress import OnProgress, Progress
from capalloc.reduction.classes import Reduction, reduce_instance
from capalloc.roster.decode import Search, decode
from capalloc.roster.ending import Ending, relative_gap
from capalloc.roster.figures import newly_powered, roster_usd
from capalloc.roster.read import read
from capalloc.roster.roster import Roster
from capalloc.schema.checks.asked import number_faults, seed_faults
from capalloc.schema.checks.fault import refuse
from capalloc.schema.plan import DemandPrice, NodePrice, Outcome, Plan, Seconds, Stats
from capalloc.schema.scenario import Scenario
from capalloc.schema.status import Status, StopReason
from capalloc.schema.verdict import Verdict
from capalloc.verify import verify
from capalloc.version import __version__

_DEFAULTS = PlannerParams()


@dataclass(frozen=True, slots=True)
class Result:
    """What came of solving a scenario."""

    plan: Plan | None
    """A verified plan; None when there is none or none was found in time."""
    outcome: Outcome
    verdict: Verdict | None
    compiled: Callable[[], Instance] = field(repr=False, compare=False)
    """Compiles the scenario, once: a plan that was known to be enough has needed no compiling."""

    @property
    def instance(self) -> Instance:
        """The scenario as it is compiled for the search."""
        return self.compiled()

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is odd about the scenario and the plan, in sentences."""
        return (*map(str, warnings_of(self.instance.scenario)), *self.own_warnings)

    @property
    def own_warnings(self) -> tuple[str, ...]:
        """Those that reading the scenario does not tell of."""
        return self.instance.warnings


_SEARCH = ("relax", "plan", "bound")
"""Stages that count as planning."""


@dataclass(slots=True)
class _Clock:
    """Seconds by stage, and the word to whoever watches."""

    watch: OnProgress
    spent: dict[str, float] = field(default_factory=dict)
    stage: str = ""
    begun: float = 0.0

    def start(self, stage: str) -> None:
        """End the running stage and begin another."""
        self.hear(Progress(stage))

    def hear(self, progress: Progress) -> None:
        """Hear what a search tells of itself; ``relax`` and ``bound`` count as planning."""
        now = time.monotonic()
        if self.stage:
            key = "plan" if self.stage in _SEARCH else self.stage
            self.spent[key] = self.spent.get(key, 0.0) + now - self.begun
        self.stage, self.begun = progress.stage, now
        if progress.stage:
            self.watch(progress)

    def planned(self) -> float:
        """Seconds spent searching."""
        return self.spent.get("plan", 0.0)

    def seconds(self) -> Seconds:
        """Seconds so far, rounded to a millisecond."""
        return Seconds(**{stage: round(seconds, 3) for stage, seconds in self.spent.items()})


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a search found; no roster when it found nothing."""

    roster: Roster | None
    infeasible: bool
    bound_usd: float
    stats: Stats
    interrupted: bool = False
    prices: tuple[NodePrice, ...] = ()
    demand_prices: tuple[DemandPrice, ...] = ()

    def ending(self, limit: float, gap: float | None, spent: float = 0.0) -> Ending:
        """How the search ended, with what it was given and took."""
        return Ending(limit, spent, gap, self.infeasible, self.interrupted)

    def search(self, ending: Ending) -> Search:
        """What the plan cannot tell from its roster."""
        return Search(self.bound_usd, ending, self.stats, self.prices, self.demand_prices)


@dataclass(frozen=True, slots=True)
class _Known:
    """A plan to begin from, which keeps the scenario's rules."""

    plan: Plan
    roster: Roster

    def or_better(self, instance: Instance, found: _Answer) -> _Answer:
        """What was found, with this roster where it is worth more; the bound is the search's own."""
        less = found.roster is None or roster_usd(instance, found.roster) < self.plan.objective_usd
        bound = min(found.bound_usd, single_demands_usd(instance))
        return replace(found, roster=self.roster if less else found.roster, bound_usd=bound)


def solve(
    scenario: Scenario,
    *,
    prospects: frozenset[str] = frozenset(),
    params: PlannerParams | ExactParams = _DEFAULTS,
    start: Plan | None = None,
    cancel: CancelToken | None = None,
    progress: OnProgress | None = None,
) -> Result:
    """Plan a scenario and verify the plan.

    ``prospects`` names contracts to plan although their probability is below 1. ``params`` says how, and for how many
    seconds: with ExactParams single racks are planned by CP-SAT, the reference for tiny scenarios. A ``cancel`` token
    that is set, by any thread, ends the search with the best plan there is. ``progress`` hears of each stage, and of
    every better plan and bound.

    ``start`` is a plan to begin from: where it keeps the scenario's rules, the answer is worth no less. A plan of this
    very scenario, version and set of prospects that is near enough to its bound is the answer at once. Its figures and
    rules are verified anew; its bound is taken as the plan has it, since proving it takes as long as planning: begin
    from plans that nobody has edited.

    It may run on any thread, and several times at once. HiGHS, which searches for whole racks, cannot be stopped: a
    call of it that a cancelled search leaves behind ends at its own time limit, on a daemon thread; and it may print
    a line to standard output when it repairs a solution.

    Raises ScenarioError when the scenario or a parameter is wrong and InternalError when the verifier rejects the plan.
    """
    _refuse_wrong(params)
    clock = _Clock(progress or (lambda _: None))
    clock.start("compile")
    compiled = cache(partial(compile_scenario, scenario, prospects))
    sha256 = scenario_sha256(scenario)
    ours = (sha256, __version__, tuple(sorted(prospects)))
    same = start is not None and (start.scenario_sha256, start.capalloc, start.prospects) == ours
    if start is not None and same and _near_enough(start, sum(1 for _ in scenario.planned(prospects)), params):
        clock.start("verify")
        verdict = verify(scenario, start)
        if verdict.verdict == "ok":
            clock.start("")
            return Result(_timed(start, clock), start.termination, verdict, compiled)
    instance = compiled()
    known = None if start is None else _known(scenario, instance, start, sha256, prospects, same)
    if isinstance(params, ExactParams):
        answer, gap = _solve_exact(instance, params, cancel, clock), None
    else:
        answer, gap = _solve_classes(instance, params, cancel, clock), params.gap
    if known is not None and not answer.infeasible:
        answer = known.or_better(instance, answer)
    if answer.roster is None:
        return Result(None, answer.ending(params.time_limit, gap).without_plan(), None, compiled)
    clock.start("place")
    search = answer.search(answer.ending(params.time_limit, gap, clock.planned()))
    plan = decode(instance, answer.roster, sha256, prospects, search)
    clock.start("verify")
    verdict = verify(scenario, plan)
    clock.start("")
    if verdict.verdict != "ok":
        found = "; ".join(violation.message for violation in verdict.violations[:3])
        raise InternalError(f"the verifier rejects the plan that was made: {found}")
    plan = _timed(plan, clock)
    return Result(plan, plan.termination, verdict, compiled)


def _refuse_wrong(params: PlannerParams | ExactParams) -> None:
    """Raise a ScenarioError for a number that no search can be asked for."""
    faults = [*seed_faults(params.seed), *number_faults("time_limit", params.time_limit, finite=False)]
    if isinstance(params, PlannerParams) and params.gap is not None:
        faults += number_faults("gap", params.gap, finite=False)
    refuse(faults)


def _known(
    scenario: Scenario, instance: Instance, start: Plan, sha256: str, prospects: frozenset[str], same: bool
) -> _Known | None:
    """The plan to begin from as one of this scenario; None where it does not fit, or breaks a rule."""
    try:
        roster = read(instance, start)
    except PlanFileError:
        return None
    if not same:
        start = decode(
            instance, roster, sha256, prospects, Search(single_demands_usd(instance), Ending(0.0), start.stats)
        )
    return _Known(start, roster) if verify(scenario, start).verdict == "ok" else None


def _near_enough(plan: Plan, demands: int, params: PlannerParams | ExactParams) -> bool:
    """Whether a search for a plan of this size would end with it."""
    if plan.termination.reason not in (StopReason.OPTIMAL, StopReason.GAP_REACHED):
        return False
    status, _ = Ending(0.0).with_plan(plan.objective_usd, plan.bound_usd)
    if plan.status is not status or status is Status.OPTIMAL or isinstance(params, ExactParams):
        return plan.status is status is Status.OPTIMAL
    columns = plan.stats.classes * demands * plan.stats.windows
    return relative_gap(plan.objective_usd, plan.bound_usd) <= params.resolved().gap_of(columns)


def _timed(plan: Plan, clock: _Clock) -> Plan:
    return plan.replace(stats=plan.stats.replace(seconds=clock.seconds()))


def _solve_classes(instance: Instance, params: PlannerParams, cancel: CancelToken | None, clock: _Clock) -> _Answer:
    """Plan by classes, or rack by rack where a class is too coarse.

    Counts do not tell whether the idle racks that are off are those that still cool after a hand-over. Rarely, with
    hand-overs longer than a period, more racks then need powering than bring-up allows.
    """
    begun = time.monotonic()
    answer = _solve_reduced(instance, False, params, cancel, clock)
    limit = instance.policy.most_newly_powered
    if answer.roster is None or limit is None or (newly_powered(instance, answer.roster) <= limit).all():
        return answer
    left = max(params.time_limit - (time.monotonic() - begun), 0.0)
    per_rack = _solve_reduced(instance, True, replace(params, time_limit=left), cancel, clock)
    return replace(per_rack, bound_usd=min(answer.bound_usd, per_rack.bound_usd))


def _solve_reduced(
    instance: Instance, per_rack: bool, params: PlannerParams, cancel: CancelToken | None, clock: _Clock
) -> _Answer:
    reduction = reduce_instance(instance, per_rack=per_rack)
    found = plan_classes(reduction, params, cancel, clock.hear)
    clock.start("place")
    roster = None
    if found.counts is not None:
        roster = name_racks(reduction, found.counts)
    prices = found.prices, found.demand_prices
    return _Answer(
        roster, found.status is Status.INFEASIBLE, found.bound_usd, _stats(reduction, found), found.interrupted, *prices
    )


def _solve_exact(instance: Instance, params: ExactParams, cancel: CancelToken | None, clock: _Clock) -> _Answer:
    clock.start("plan")
    from capalloc.exact.solve import solve_exact  # CP-SAT brings pandas along: only for those who ask for it

    found = solve_exact(instance, params, cancel)
    racks, periods = len(instance.racks.names), len(instance.periods)
    stats = Stats(racks=racks, classes=racks, periods=periods, windows=periods)
    return _Answer(found.roster, found.status is Status.INFEASIBLE, found.bound_usd, stats, found.interrupted)


def _stats(reduction: Reduction, found: ClassPlan) -> Stats:
    periods = len(reduction.instance.periods)
    return Stats(
        racks=len(reduction.instance.racks.names),
        classes=len(reduction.classes.racks),
        periods=periods,
        windows=found.windows,
        rows=found.rows,
        columns=found.columns,
    )
