"""Why no plan meets every commitment, and what would."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from capalloc.analysis.edits import forbidding
from capalloc.analysis.explain.conflicts import Conflict, find_conflict
from capalloc.analysis.explain.oracle import OutOfTimeError
from capalloc.analysis.explain.problem import Problem
from capalloc.analysis.explain.record import ConflictRecord, Explanation, Repair
from capalloc.analysis.explain.repairs import Chosen, repairs
from capalloc.analysis.explain.requirement import Commitment, Kind
from capalloc.analysis.explain.together import since, together
from capalloc.analysis.explain.wording import required
from capalloc.analysis.explain.worth import Basis
from capalloc.cancel import CancelToken
from capalloc.planner.lp.deadline import Deadline
from capalloc.planner.params import PlannerParams
from capalloc.progress import OnProgress, Progress
from capalloc.schema.checks.asked import kind_faults, names_faults, number_faults, seed_faults
from capalloc.schema.checks.fault import refuse
from capalloc.schema.plan import Plan
from capalloc.schema.scenario import Scenario
from capalloc.solve import solve

DEFAULT_TIME_LIMIT_S = 120.0
MOST_CONFLICTS = 8
"""So many conflicts are told apart; a scenario with more is repaired in turns."""
_SOLVE_SHARE = 0.25
"""Share of the time left that one plan may take."""


@dataclass(slots=True)
class _Found:
    """A conflict, in the problem that it is of, and its repairs once they are known."""

    problem: Problem
    conflict: Conflict
    after: int
    """How many repairs of conflicts before it are made in that problem."""
    ranked: list[tuple[Chosen, Repair]] = field(default_factory=list)
    """Planned and verified, the one that brings most by itself first."""


@dataclass(slots=True)
class _Work:
    """What is asked, and what is known so far."""

    scenario: Scenario
    prospects: frozenset[str]
    allow_displacing: bool
    seed: int
    deadline: Deadline
    cancel: CancelToken
    progress: OnProgress
    own: Scenario
    """The scenario as it is, with the first repair of every conflict that no commitment takes part in."""
    problem: Problem
    """The same with every commitment and minimum to be met."""
    given: list[tuple[Chosen, Repair]] = field(default_factory=list)
    """Those repairs."""
    compared: Basis | None = None
    """What repairs are compared with, once it is known."""
    found: list[_Found] = field(default_factory=list)
    complete: bool = True

    def say(self, stage: str) -> None:
        """Tell whoever watches what is done now."""
        self.progress(Progress(stage))

    def basis(self) -> Basis:
        """What repairs are compared with: the scenario as it is, and its best plan."""
        if self.compared is None:
            self.say("planning without a repair")
            self.compared = Basis.of(self.own, self.plan, self.problem.allows)
        return self.compared

    def give(self, chosen: Chosen, repair: Repair) -> None:
        """Make a repair without which there is no plan at all."""
        self.given.append((chosen, repair))
        self.own, self.compared = chosen.apply(self.own), None
        self.problem = Problem(forbidding(self.own), self.prospects, self.deadline)

    def plan(self, scenario: Scenario, start: Plan | None = None) -> Plan | None:
        """A verified plan, or None; raises OutOfTimeError when the time is up or somebody asks for what there is."""
        if self.deadline.over():
            raise OutOfTimeError
        params = PlannerParams(time_limit=max(self.deadline.left() * _SOLVE_SHARE, 1.0), seed=self.seed)
        result = solve(
            scenario,
            prospects=self.prospects,
            allow_displacing=self.allow_displacing,
            params=params,
            start=start,
            cancel=self.cancel,
        )
        if self.cancel.cancelled:
            raise OutOfTimeError
        return result.plan

    def aside(self, found: _Found | None) -> frozenset[Commitment]:
        """Commitments of every other conflict."""
        return frozenset(c for other in self.found if other is not found for c in other.conflict.months)


def explain(
    scenario: Scenario,
    *,
    prospects: frozenset[str] = frozenset(),
    allow_displacing: bool = False,
    seed: int = 0,
    time_limit: float | None = None,
    cancel: CancelToken | None = None,
    progress: OnProgress | None = None,
) -> Explanation:
    """Name what conflicts when every commitment must be met, and the cheapest repairs, each planned and verified.

    A scenario that prices shortfalls is explained as if it forbade them. ``time_limit`` bounds all of it in seconds;
    what was found until then is returned, as it is once a ``cancel`` token is set. ``progress`` hears of each stage.

    Raises ScenarioError when the scenario, the seed or the time limit is wrong.
    """
    limit = DEFAULT_TIME_LIMIT_S if time_limit is None else time_limit
    refuse((*kind_faults("scenario", scenario, Scenario), *names_faults("prospects", prospects)))
    refuse([*seed_faults(seed), *number_faults("time_limit", limit, finite=False)])
    cancel, progress = cancel or CancelToken(), progress or (lambda _: None)
    deadline = Deadline(limit, cancel)
    progress(Progress("compile"))
    hard = forbidding(scenario)
    problem = Problem(hard, prospects, deadline)
    work = _Work(scenario, prospects, allow_displacing, seed, deadline, cancel, progress, scenario, problem)
    try:
        _find(work)
        if not work.found:
            return _nothing_to_explain(work, hard)
    except OutOfTimeError:
        work.complete = False
    return _explained(work)


def _find(work: _Work) -> None:
    """Every conflict, with the commitments of those before it set aside.

    A conflict without commitments leaves no plan at all: it is repaired before others are looked for.
    """
    while len(work.found) < MOST_CONFLICTS:
        work.say(f"looking for conflict {len(work.found) + 1}")
        conflict = find_conflict(work.problem, work.aside(None))
        if conflict is None:
            return
        work.found.append(_Found(work.problem, conflict, len(work.given)))
        if not conflict.months:
            work.say(f"repairing conflict {len(work.found)}")
            ranked = _rank(work, work.found[-1])
            if not ranked:
                break
            work.give(*ranked[0])
    work.complete = False


def _nothing_to_explain(work: _Work, hard: Scenario) -> Explanation:
    work.say("planning with every commitment met")
    plan = work.plan(hard)
    if plan is None:
        raise OutOfTimeError
    return _record(work, "plan_exists", f"a plan meets every commitment; it is worth {plan.objective_usd:,.0f} USD")


def _record(work: _Work, status: str, detail: str, **parts: object) -> Explanation:
    periods = work.problem.base.periods
    return Explanation.model_validate(
        {
            "scenario": work.scenario.name,
            "prospects": tuple(sorted(work.prospects)),
            "status": status,
            "complete": work.complete,
            "shortfall_priced": _prices(work.scenario, work.prospects),
            "detail": detail,
            "periods": tuple(period.label for period in periods),
            "given": tuple(change for _, repair in work.given for change in repair.changes),
            **parts,
        }
    )


def _prices(scenario: Scenario, prospects: frozenset[str]) -> bool:
    """Whether some demand may miss what is committed to it at a price."""
    return not all(map(scenario.must_be_met, scenario.planned(prospects)))


def _explained(work: _Work) -> Explanation:
    if not work.found:
        why = "interrupted before a conflict was found"
        if not work.cancel.cancelled:
            why = "no conflict was found in time; allow more with --time-limit"
        return _record(work, "not_explained", why)
    for number, found in enumerate(work.found, 1):
        if found.conflict.months:
            work.say(f"repairing conflict {number} of {len(work.found)}")
            _rank(work, found)
    _tell_conflicts_left(work)
    together = _together(work)
    count = len(work.found)
    detail = "1 conflict" if count == 1 else f"{count} conflicts"
    if not work.complete:
        detail += "; not everything was looked at"
    records = tuple(_conflict_record(found) for found in work.found)
    return _record(work, "explained", detail, conflicts=records, together=together)


def _rank(work: _Work, found: _Found) -> list[tuple[Chosen, Repair]]:
    """Plan and verify the repairs of a conflict."""
    try:
        basis = work.basis()
        for chosen in _distinct(repairs(found.problem, found.conflict, work.aside(found))):
            repair = basis.repaired([chosen], work.plan, work.problem.allows)
            if repair is not None:
                found.ranked.append((chosen, repair))
    except OutOfTimeError:
        work.complete = False
    found.ranked.sort(key=lambda pair: _rank_key(pair[1]))
    return found.ranked


def _rank_key(repair: Repair) -> tuple[float, float]:
    """What brings most by itself comes first, then what is worth most with everything met."""
    first = repair.objective_usd if repair.alone_usd is None else repair.alone_usd
    return -first, -(repair.all_met_usd or 0.0)


def _distinct(found: Iterable[Chosen]) -> Iterator[Chosen]:
    """Repairs without those of the same quantities as one before, which suffices: a bridge is a supply as well."""
    seen = set()
    for chosen in found:
        changed = frozenset(family.key for family, _ in chosen.made)
        if changed not in seen:
            yield chosen
        seen.add(changed)


def _tell_conflicts_left(work: _Work) -> None:
    """Give the repairs that do not suffice for everything the numbers of the conflicts that keep them from it."""
    for found in work.found:
        try:
            found.ranked = [(chosen, _with_conflicts_left(work, found, chosen, one)) for chosen, one in found.ranked]
        except OutOfTimeError:
            return


def _with_conflicts_left(work: _Work, found: _Found, chosen: Chosen, repair: Repair) -> Repair:
    if repair.commitments_met:
        return repair
    changed = chosen.apply(found.problem.scenario)
    left = []
    for number, other in enumerate(work.found, 1):
        aside = [c for one in work.found if one is not found and one is not other for c in one.conflict.months]
        if other is not found and not work.problem.allows(changed, aside):
            left.append(number)
    return repair.replace(conflicts_left=tuple(left))


def _conflict_record(found: _Found) -> ConflictRecord:
    labels = [period.label for period in found.problem.base.periods]
    return ConflictRecord(
        requirements=tuple(required(found.problem, found.conflict)),
        proven_smallest=found.conflict.proven_smallest,
        periods=tuple(labels[t] for t in found.conflict.periods),
        short_kw=next(_short(found), None),
        repairs=tuple(repair for _, repair in found.ranked),
    )


def _short(found: _Found) -> Iterator[float]:
    """kW of the repair that lowers what the first demand must get alone."""
    for name in found.conflict.demands[:1]:
        for chosen, _ in found.ranked:
            family = chosen.families[0]
            alone = len(chosen.made) == 1 and family.where == name and family.kind in (Kind.COMMITMENT, Kind.MINIMUM)
            if alone and family.amount_kw is not None:
                yield family.amount_kw(chosen.numbers[0])


def _together(work: _Work) -> Repair | None:
    """A repair of every conflict at once; None where there is one conflict, or one without a repair."""
    if len(work.found) < 2 or not all(found.ranked for found in work.found):
        return None
    work.say("planning with a repair of every conflict")
    given = [chosen for chosen, _ in work.given]
    ranked = [[since(chosen, given[: found.after]) for chosen, _ in found.ranked] for found in work.found]
    try:
        chosen = together(ranked, forbidding(work.scenario), work.problem.allows)
        if chosen is not None:
            basis = Basis.of(work.scenario, work.plan, work.problem.allows) if work.given else work.basis()
            return basis.repaired([chosen], work.plan, work.problem.allows)
    except OutOfTimeError:
        work.complete = False
    return None
