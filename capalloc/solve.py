"""From a scenario to a verified plan: the only place where the parts are wired together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, partial
from itertools import chain
from weakref import WeakValueDictionary

from capalloc.cancel import CancelToken
from capalloc.engines import Clock, Engine
from capalloc.errors import InternalError, PlanFileError
from capalloc.exact.params import ExactParams
from capalloc.formats import scenario_sha256, warnings_of
from capalloc.instance.compile import compile_scenario
from capalloc.instance.model import Instance
from capalloc.memory import memory_for, needed_mb
from capalloc.metrics.bring_up import bring_up_warnings
from capalloc.metrics.hand_over import hand_over_warnings
from capalloc.planner.bounds.single_demands import single_demands_usd
from capalloc.planner.params import PlannerParams
from capalloc.precedence.planned import Planned, plan_in_order, plan_keeping
from capalloc.progress import OnProgress
from capalloc.roster.decode import Search, decode
from capalloc.roster.ending import Ending, relative_gap
from capalloc.roster.read import read
from capalloc.roster.roster import Roster
from capalloc.schema.checks.asked import kind_faults, names_faults, number_faults, seed_faults
from capalloc.schema.checks.fault import refuse
from capalloc.schema.plan import Outcome, Plan
from capalloc.schema.scenario import Scenario
from capalloc.schema.status import Status, StopReason
from capalloc.schema.verdict import Verdict
from capalloc.verify import verify
from capalloc.version import __version__

_DEFAULTS = PlannerParams()
_made: WeakValueDictionary[int, Plan] = WeakValueDictionary()
"""Plans that searches of this process have come to, by identity, while somebody holds them: their bounds are proven."""


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
        if self.plan is None:
            return self.instance.warnings
        of_plan = (hand_over_warnings(self.instance, self.plan), bring_up_warnings(self.instance, self.plan))
        return (*self.instance.warnings, *chain(*of_plan))


def solve(
    scenario: Scenario,
    *,
    prospects: frozenset[str] = frozenset(),
    allow_displacing: bool = False,
    params: PlannerParams | ExactParams = _DEFAULTS,
    start: Plan | None = None,
    keep: Plan | None = None,
    cancel: CancelToken | None = None,
    progress: OnProgress | None = None,
) -> Result:
    """Plan a scenario and verify the plan.

    ``prospects`` names contracts to plan although their probability is below 1; unless ``allow_displacing``, signed
    contracts get what they would get without them. ``params`` says how, and for how many seconds: with ExactParams
    single racks are planned by CP-SAT, the reference for tiny scenarios. A ``cancel`` token that is set, by any thread,
    ends the search with the best plan there is. ``progress`` hears of each stage, and of every better plan and bound.

    ``start`` is a plan to begin from: where it keeps the scenario's rules, and serves first who comes first, the answer
    is worth no less. Where it is the very object that this process has made for this question, and near enough to its
    bound, it is the answer at once. Of any other, as of one out of a file, figures and rules are verified and what it
    says of its bound is not believed: a search proves one anew.

    ``keep`` is a plan of the same racks and periods whose demands keep what it delivers of their commitments and
    minima: as much has to be delivered to them in each period again, and beside that money alone decides. Where that
    cannot be, there is no plan.

    It may run on any thread, and several times at once. HiGHS, which searches for whole racks, cannot be stopped: a
    call of it that a cancelled search leaves behind ends at its own time limit, on a daemon thread; and it may print
    a line to standard output when it repairs a solution.

    Raises ScenarioError when the scenario or a parameter is wrong, TooLittleMemoryError with what it takes where memory
    is short, and InternalError when the verifier rejects the plan.
    """
    _refuse_kinds(scenario, prospects, params)
    _refuse_wrong(params)
    with memory_for(_needed_mb(scenario, prospects)):
        clock = Clock(progress or (lambda _: None))
        asked = _Asked(scenario, scenario_sha256(scenario), prospects, allow_displacing, params, start, keep)
        return _solved(asked, Engine(params, cancel, clock), clock)


def _needed_mb(scenario: Scenario, prospects: frozenset[str]) -> float:
    demands = sum(1 for _ in scenario.planned(prospects))
    return needed_mb(len(scenario.facility.racks), demands, len(scenario.horizon.periods))


@dataclass(frozen=True, slots=True)
class _Asked:
    """What :func:`solve` was asked."""

    scenario: Scenario
    sha256: str
    prospects: frozenset[str]
    allow_displacing: bool
    params: PlannerParams | ExactParams
    start: Plan | None
    keep: Plan | None

    @property
    def same(self) -> bool:
        """Whether the plan to begin from is an answer to this very question."""
        return self.start is not None and _question(self.start) == (
            self.sha256,
            __version__,
            tuple(sorted(self.prospects)),
            self.allow_displacing,
        )

    def made(self) -> Plan | None:
        """The plan to begin from, where this process has made it for this question and a search would end with it."""
        if self.start is None or self.keep is not None or not self.same or _made.get(id(self.start)) is not self.start:
            return None
        demands = sum(1 for _ in self.scenario.planned(self.prospects))
        return self.start if _near_enough(self.start, demands, self.params) else None


def _solved(asked: _Asked, engine: Engine, clock: Clock) -> Result:
    """Solve what was asked rightly."""
    clock.start("compile")
    compiled = cache(partial(compile_scenario, asked.scenario, asked.prospects))
    made = asked.made()
    if made is not None:
        verdict = _judged(asked.scenario, made, clock)
        if verdict.verdict == "ok":
            return Result(_timed(made, clock), made.termination, verdict, compiled)
    planned = _planned(asked, compiled(), engine)
    answer = planned.answer
    if answer.roster is None:
        return Result(None, answer.ending(asked.params.time_limit, engine.gap).without_plan(), None, compiled)
    clock.start("place")
    search = Search(
        answer.bound_usd,
        answer.ending(asked.params.time_limit, engine.gap, clock.planned()),
        answer.stats,
        answer.prices,
        answer.demand_prices,
        asked.allow_displacing,
        planned.precedence,
    )
    plan = decode(compiled(), answer.roster, asked.sha256, asked.prospects, search)
    verdict = _judged(asked.scenario, plan, clock)
    if verdict.verdict != "ok":
        found = "; ".join(violation.message for violation in verdict.violations[:3])
        raise InternalError(f"the verifier rejects the plan that was made: {found}")
    plan = _timed(plan, clock)
    return Result(plan, plan.termination, verdict, compiled)


def _planned(asked: _Asked, instance: Instance, engine: Engine) -> Planned:
    """What serves first comes first, or what is kept is."""
    known = None if asked.start is None else _known(asked, instance, asked.start)
    if asked.keep is None:
        return plan_in_order(instance, asked.allow_displacing, engine, known)
    return plan_keeping(instance, read(instance, asked.keep), engine, known)


def _judged(scenario: Scenario, plan: Plan, clock: Clock) -> Verdict:
    clock.start("verify")
    verdict = verify(scenario, plan)
    clock.start("")
    return verdict


def _refuse_kinds(scenario: object, prospects: object, params: object) -> None:
    """Raise a ScenarioError for what is no scenario, no set of names, or no parameters."""
    faults = [*kind_faults("scenario", scenario, Scenario), *names_faults("prospects", prospects)]
    refuse((*faults, *kind_faults("params", params, PlannerParams, ExactParams)))


def _refuse_wrong(params: PlannerParams | ExactParams) -> None:
    """Raise a ScenarioError for a number that no search can be asked for."""
    faults = [*seed_faults(params.seed), *number_faults("time_limit", params.time_limit, finite=False)]
    if isinstance(params, PlannerParams) and params.gap is not None:
        faults += number_faults("gap", params.gap, finite=False)
    refuse(faults)


def _known(asked: _Asked, instance: Instance, start: Plan) -> Roster | None:
    """The roster of the plan to begin from, as one of this scenario; None where it does not fit, or breaks a rule."""
    try:
        roster = read(instance, start)
    except PlanFileError:
        return None
    if not asked.same:
        unproven = Search(single_demands_usd(instance), Ending(0.0), start.stats)
        start = decode(instance, roster, asked.sha256, asked.prospects, unproven)
    return roster if verify(asked.scenario, start).verdict == "ok" else None


def _question(plan: Plan) -> tuple[str, str, tuple[str, ...], bool]:
    """What a plan is the answer to."""
    return plan.scenario_sha256, plan.capalloc, plan.prospects, plan.allow_displacing


def _near_enough(plan: Plan, demands: int, params: PlannerParams | ExactParams) -> bool:
    """Whether a search for a plan of this size would end with it."""
    if plan.termination.reason not in (StopReason.OPTIMAL, StopReason.GAP_REACHED):
        return False
    status, _ = Ending(0.0).with_plan(plan.objective_usd, plan.bound_usd)
    if plan.status is not status or status is Status.OPTIMAL or isinstance(params, ExactParams):
        return plan.status is status is Status.OPTIMAL
    columns = plan.stats.classes * demands * plan.stats.windows
    return relative_gap(plan.objective_usd, plan.bound_usd) <= params.resolved().gap_of(columns)


def _timed(plan: Plan, clock: Clock) -> Plan:
    """The plan of a search, with its seconds; known from now on as made here."""
    timed = plan.replace(stats=plan.stats.replace(seconds=clock.seconds()))
    _made[id(timed)] = timed
    return timed
