"""Why no plan meets every commitment, and what would."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from capalloc.analysis.explain.conflicts import Conflict, find_conflict
from capalloc.analysis.explain.edits import with_policy
from capalloc.analysis.explain.oracle import OutOfTimeError
from capalloc.analysis.explain.problem import Commitment, Problem
from capalloc.analysis.explain.record import Change, ConflictRecord, Explanation, Repair
from capalloc.analysis.explain.repairs import Chosen, repairs, set_aside
from capalloc.analysis.explain.requirement import Kind
from capalloc.analysis.explain.wording import required
from capalloc.schema.plan import Plan
from capalloc.schema.scenario import Scenario
from capalloc.solve import solve

DEFAULT_TIME_LIMIT_S = 120.0
MOST_CONFLICTS = 8
"""So many conflicts are told apart; a scenario with more is repaired in turns."""
_SOLVE_SHARE = 0.25
"""Share of the time left that one plan may take."""


@dataclass(slots=True)
class _Work:
    """What is asked, and what is known so far."""

    scenario: Scenario
    prospects: frozenset[str]
    seed: int
    deadline: float
    say: Callable[[str], None]
    problem: Problem
    found: list[Conflict] = field(default_factory=list)
    complete: bool = True

    def plan(self, scenario: Scenario) -> Plan | None:
        """A verified plan, or None; raises OutOfTimeError when the time is up."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise OutOfTimeError
        limit = max(left * _SOLVE_SHARE, 1.0)
        return solve(scenario, prospects=self.prospects, seed=self.seed, time_limit=limit).plan

    def aside(self, conflict: Conflict | None) -> frozenset[Commitment]:
        """Commitments of every other conflict."""
        return frozenset(c for other in self.found if other is not conflict for c in other.months)


def explain(
    scenario: Scenario,
    *,
    prospects: frozenset[str] = frozenset(),
    seed: int = 0,
    time_limit: float | None = None,
    progress: Callable[[str], None] | None = None,
) -> Explanation:
    """Name what conflicts when every commitment must be met, and the cheapest repairs, each planned and verified.

    A scenario that prices shortfalls is explained as if it forbade them. ``time_limit`` bounds all of it in seconds;
    what was found until then is returned. ``progress`` hears each stage.

    Raises ScenarioError when the scenario is wrong.
    """
    say = progress or (lambda _: None)
    deadline = time.monotonic() + (DEFAULT_TIME_LIMIT_S if time_limit is None else time_limit)
    say("compile")
    hard = with_policy(scenario, shortfall="forbid")
    work = _Work(scenario, prospects, seed, deadline, say, Problem(hard, prospects, deadline))
    try:
        _find(work)
        if not work.found:
            return _nothing_to_explain(work, hard)
    except OutOfTimeError:
        work.complete = False
    return _explained(work)


def _find(work: _Work) -> None:
    """Every conflict, with the commitments of those before it set aside."""
    while len(work.found) < MOST_CONFLICTS:
        work.say(f"looking for conflict {len(work.found) + 1}")
        conflict = find_conflict(work.problem, work.aside(None))
        if conflict is None:
            return
        work.found.append(conflict)
        if not conflict.months:
            return
    work.complete = False


def _nothing_to_explain(work: _Work, hard: Scenario) -> Explanation:
    work.say("planning with every commitment met")
    plan = work.plan(hard)
    if plan is None:
        raise OutOfTimeError
    return _record(work, "plan_exists", f"a plan meets every commitment; it is worth {plan.objective_usd:,.0f} USD")


def _record(work: _Work, status: str, detail: str, **parts: object) -> Explanation:
    policy, periods = work.scenario.policy, work.problem.base.periods
    return Explanation.model_validate(
        {
            "scenario": work.scenario.name,
            "prospects": tuple(sorted(work.prospects)),
            "status": status,
            "complete": work.complete,
            "shortfall_priced": policy.shortfall == "price",
            "detail": detail,
            "periods": tuple(period.label for period in periods),
            **parts,
        }
    )


def _explained(work: _Work) -> Explanation:
    if not work.found:
        return _record(work, "not_explained", "no conflict was found in time; allow more with --time-limit")
    best: list[Chosen | None] = []
    records = []
    for number, conflict in enumerate(work.found, 1):
        work.say(f"repairing conflict {number} of {len(work.found)}")
        ranked = sorted(_checked(work, conflict), key=lambda pair: -pair[1].objective_usd)
        best.append(ranked[0][0] if ranked else None)
        records.append(_conflict_record(work, conflict, ranked))
    together = _together(work, best)
    count = len(records)
    detail = "1 conflict" if count == 1 else f"{count} conflicts"
    if not work.complete:
        detail += "; the time limit came before everything was looked at"
    return _record(work, "explained", detail, conflicts=tuple(records), together=together)


def _checked(work: _Work, conflict: Conflict) -> list[tuple[Chosen, Repair]]:
    """The repairs for which a plan was made and verified."""
    checked: list[tuple[Chosen, Repair]] = []
    aside = work.aside(conflict)
    try:
        paid = _paid(work, aside)
        for chosen in repairs(work.problem, conflict, aside):
            plan = work.plan(set_aside(work.problem, chosen.apply(work.problem.scenario), aside))
            if plan is not None:
                checked.append((chosen, _repair(work, [chosen], plan, paid)))
    except OutOfTimeError:
        work.complete = False
    return checked


def _paid(work: _Work, aside: frozenset[Commitment]) -> Plan | None:
    """The plan that pays for its shortfalls."""
    return work.plan(set_aside(work.problem, with_policy(work.problem.scenario, shortfall="price"), aside))


def _repair(work: _Work, made: Sequence[Chosen], plan: Plan, paid: Plan | None) -> Repair:
    pairs = [pair for chosen in made for pair in chosen.made]
    changes = tuple(Change(kind=family.kind, where=family.where, says=family.says(n)) for family, n in pairs)
    return Repair(
        changes=changes,
        objective_usd=plan.objective_usd,
        against_shortfall_usd=None if paid is None else plan.objective_usd - paid.objective_usd,
        lost_fee_usd=None if paid is None else _promised(work, paid) - _fees(work, plan),
        not_counted=tuple(dict.fromkeys(family.unpriced for family, _ in pairs if family.unpriced)),
    )


def _promised(work: _Work, paid: Plan) -> float:
    """Fees of full delivery."""
    return _fees(work, paid) + sum(shortfall.lost_fee_usd for shortfall in paid.shortfalls)


def _fees(work: _Work, plan: Plan) -> float:
    contracts = {contract.name for contract in work.scenario.all_contracts}
    return sum(row.revenue_usd for row in plan.demands if row.demand in contracts)


def _conflict_record(work: _Work, conflict: Conflict, ranked: Sequence[tuple[Chosen, Repair]]) -> ConflictRecord:
    labels = [period.label for period in work.problem.base.periods]
    return ConflictRecord(
        requirements=tuple(required(work.problem, conflict)),
        proven_smallest=conflict.proven_smallest,
        periods=tuple(labels[t] for t in conflict.periods),
        short_kw=next(_short(conflict, ranked), None),
        repairs=tuple(repair for _, repair in ranked),
    )


def _short(conflict: Conflict, ranked: Sequence[tuple[Chosen, Repair]]) -> Iterator[float]:
    for name in conflict.contracts[:1]:
        for chosen, _ in ranked:
            family = chosen.families[0]
            if (family.kind, family.where) == (Kind.COMMITMENT, name) and family.amount_kw is not None:
                yield family.amount_kw(chosen.numbers[0])


def _together(work: _Work, best: Sequence[Chosen | None]) -> Repair | None:
    made = [chosen for chosen in best if chosen is not None]
    if len(best) < 2 or len(made) < len(best) or not work.complete:
        return None
    work.say("planning with the cheapest repair of every conflict")
    try:
        scenario = work.problem.scenario
        for chosen in made:
            scenario = chosen.apply(scenario)
        plan = work.plan(scenario)
        return None if plan is None else _repair(work, made, plan, _paid(work, frozenset()))
    except OutOfTimeError:
        work.complete = False
        return None
