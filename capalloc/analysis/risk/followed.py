"""A plan followed through a sample: planned again from each day on which something has become known, the past kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from capalloc.analysis.edits import ending
from capalloc.analysis.outcome import incumbent_of, missed_of, money_of
from capalloc.analysis.risk.known import Path, Step
from capalloc.analysis.risk.past import has_stand_ins, view
from capalloc.analysis.sampling import Fact, Failed, Late, Signing, after
from capalloc.calendar import months_between
from capalloc.cancel import CancelToken
from capalloc.errors import ScenarioError
from capalloc.instance.compile import compile_scenario
from capalloc.planner.params import PlannerParams
from capalloc.roster.ending import relative_gap
from capalloc.roster.figures import roster_usd
from capalloc.roster.read import read
from capalloc.schema.plan import Plan, Reason
from capalloc.schema.scenario import Scenario
from capalloc.schema.status import StopReason
from capalloc.solve import Result, solve

Key = tuple[str, str]
"""A demand and a period's label."""
StandIns = dict[tuple[int, int, tuple[Fact, ...]], tuple[Scenario, Plan, bool]]
"""Whether idle racks may stand in for what fails before a plan may change; by scenario and plan, which are kept so that
nothing else has their number, and by what fails and what is late."""
_MOST_STAND_INS = 64
"""That are remembered: a plan of a large site takes megabytes, and few plans serve many samples."""


@dataclass(frozen=True, slots=True)
class Shared:
    """What all samples have in common."""

    scenario: Scenario
    """Without its uncertainty."""
    plans: tuple[Plan, ...]
    leaving_usd: tuple[float, ...]
    """What it costs each to leave the scenario's own incumbent."""
    since: date
    """Until this day plans stand, and workloads want what the scenario says."""
    params: PlannerParams
    perfect: bool
    """Whether each sample is also planned with perfect information."""
    seen: dict[tuple[int, tuple[Step, ...]], Planned] = field(default_factory=dict, compare=False, repr=False)
    """Plans by the steps that led to them, where several samples begin with these (a scenario tree)."""
    stand_ins: StandIns = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Again:
    """How plans are made again where something has become known."""

    since: date
    """Until this day they stand."""
    prospects: frozenset[str]
    """Contracts that are planned though it is not known whether they are signed."""
    params: PlannerParams
    cancel: CancelToken
    stand_ins: StandIns
    """Added to."""


@dataclass(frozen=True, slots=True)
class Planned:
    """What came of following a plan up to some step."""

    plan: Plan | None
    status: str = "followed"
    detail: str = ""
    spent_usd: float = 0.0
    """What leaving the scenario's own incumbent has cost, where the plan's worth no longer counts it."""
    counted_usd: float = 0.0
    """The same, where the plan's worth still counts it: one that is made with this one as incumbent no longer does."""
    reasons: Mapping[Key, tuple[Reason, ...]] = field(default_factory=dict)
    """What kept racks from demands in periods that are of the past: in this plan they are simply kept."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a plan comes to in a sample; without figures where it could not be followed."""

    status: str
    detail: str = ""
    objective_usd: float = 0.0
    gap: float = 0.0
    money: Mapping[str, float] = field(default_factory=dict)
    kw: Mapping[Key, float] = field(default_factory=dict)
    """Delivered, of demands whose term touches the period."""
    short_kw: Mapping[Key, float] = field(default_factory=dict)
    """Less than committed, where it is."""
    reasons: Mapping[Key, tuple[Reason, ...]] = field(default_factory=dict)
    """What keeps racks from it then."""
    short_kw_months: float = 0.0


@dataclass(frozen=True, slots=True)
class Followed:
    """A sample with what each plan comes to in it."""

    outcomes: tuple[Outcome, ...]
    perfect_usd: float | None = None
    """What a plan with perfect information is worth; None where there is none, or none was asked for."""


def followed(shared: Shared, path: Path, cancel: CancelToken) -> Followed | None:
    """Follow every plan through a sample; None where nobody waits for it any longer."""
    reached = [_follow(shared, number, path, cancel) for number in range(len(shared.plans))]
    best = None
    if shared.perfect and not cancel.cancelled:
        best = _perfect(shared, path, reached, cancel)
    if cancel.cancelled:
        return None
    return Followed(tuple(outcome_of(shared.scenario, one) for one in reached), best)


def _follow(shared: Shared, number: int, path: Path, cancel: CancelToken) -> Planned:
    """Where a plan has come to after a sample's last step."""
    now = Planned(shared.plans[number], counted_usd=shared.leaving_usd[number])
    for length, step in enumerate(path.steps, start=1):
        key = (number, path.steps[:length])
        if (known := shared.seen.get(key)) is not None:
            now = known
            continue
        if now.plan is None or cancel.cancelled:
            break
        now = _planned(shared, number, step, now, cancel)
        if length <= path.common and not cancel.cancelled:
            shared.seen[key] = now
    return now


def _planned(shared: Shared, number: int, step: Step, now: Planned, cancel: CancelToken) -> Planned:
    """The plan after a step."""
    prospects = open_prospects(frozenset(shared.plans[number].prospects), step.facts)
    how = Again(shared.since, prospects, shared.params, cancel, shared.stand_ins)
    return after_step(shared.scenario, step, now, how)


def after_step(scenario: Scenario, step: Step, now: Planned, how: Again, keep: Plan | None = None) -> Planned:
    """A plan of a scenario planned again where something has become known, its past kept.

    ``keep`` is a plan whose demands keep what it delivers of their commitments, as for :func:`capalloc.solve.solve`.
    """
    assert now.plan is not None
    params = replace(how.params, order_first=_order_matters(scenario, now.plan))

    def solved(known: Scenario) -> Result:
        return solve(known, prospects=how.prospects, params=params, keep=keep, cancel=how.cancel)

    try:
        idle = _stand_in(scenario, step, now.plan, how)
        known = view(scenario, step, now.plan, how.since, standing_in=idle)
        result = solved(known)
        if result.plan is None and idle:
            known = view(scenario, step, now.plan, how.since, standing_in=False)
            result = solved(known)
    except ScenarioError as fault:
        return Planned(None, "failed", str(fault))
    if result.plan is None:
        status = "infeasible" if result.outcome.reason is StopReason.INFEASIBLE else "time_limit"
        return Planned(None, status, result.outcome.detail)
    reasons = {**_reasons_before(step.day, now.plan, scenario), **now.reasons}
    if step.day <= known.horizon.start:
        return Planned(result.plan, counted_usd=leaving_usd(known, result.plan, how.prospects), reasons=reasons)
    return Planned(result.plan, spent_usd=now.spent_usd + now.counted_usd, reasons=reasons)


def _stand_in(scenario: Scenario, step: Step, plan: Plan, how: Again) -> bool:
    """Whether idle racks may stand in for what fails before a day, where all else but what is late is as was thought.

    The periods before it are looked at alone: later ones may be planned otherwise.
    """
    if not has_stand_ins(scenario, step, plan, how.since):
        return False
    facts = tuple(fact for fact in step.facts if isinstance(fact, Failed | Late))
    key = id(scenario), id(plan), facts
    if key not in how.stand_ins:
        known = ending(view(scenario, replace(step, facts=facts), plan, how.since), how.since)
        found = solve(known, prospects=frozenset(plan.prospects), params=how.params, cancel=how.cancel)
        if len(how.stand_ins) >= _MOST_STAND_INS:
            how.stand_ins.pop(next(iter(how.stand_ins)))
        how.stand_ins[key] = scenario, plan, found.plan is not None
    return how.stand_ins[key][-1]


def _order_matters(scenario: Scenario, plan: Plan) -> bool:
    """Whether a plan differs from what money alone would make, or misses a commitment that comes first even so."""
    first = {demand.name for _, demand in scenario.located_demands() if scenario.rank_of(demand, False) > 0}
    return plan.precedence is not None or any(one.demand in first and one.short_kw > 0 for one in missed_of(plan))


def _reasons_before(day: date, plan: Plan, scenario: Scenario) -> dict[Key, tuple[Reason, ...]]:
    """What kept racks from demands in periods before a day, where that is not known from an earlier plan."""
    past = {period.label for period in scenario.horizon.periods if period.start < day}
    return {(lack.demand, lack.period): lack.reasons for lack in plan.unplaced if lack.period in past}


def leaving_usd(scenario: Scenario, plan: Plan, prospects: frozenset[str]) -> float:
    """What a plan of a scenario pays to leave the incumbent that the scenario has."""
    if scenario.incumbent is None:
        return 0.0
    instance = compile_scenario(scenario.replace(incumbent=incumbent_of(scenario, plan)), prospects)
    return roster_usd(instance, read(instance, plan)) - plan.objective_usd


def open_prospects(prospects: frozenset[str], facts: tuple[Fact, ...]) -> frozenset[str]:
    """Prospects that are planned though it is not known whether they sign."""
    return prospects - {fact.contract for fact in facts if isinstance(fact, Signing)}


def _perfect(shared: Shared, path: Path, reached: list[Planned], cancel: CancelToken) -> float | None:
    """What the best plan is worth that knows all from the first day; no less than what has been reached."""
    scenario = after(shared.scenario, path.facts, shared.since)
    plans = [one.plan for one in reached if one.plan is not None]
    start = max(plans, key=lambda plan: plan.objective_usd, default=None)
    prospects = frozenset(name for one in shared.plans for name in one.prospects)
    result = solve(
        scenario, prospects=open_prospects(prospects, path.facts), params=shared.params, start=start, cancel=cancel
    )
    return None if result.plan is None else result.plan.objective_usd


def outcome_of(scenario: Scenario, reached: Planned) -> Outcome:
    """What a plan comes to; ``scenario`` is the one without its uncertainty."""
    plan = reached.plan
    if plan is None:
        return Outcome(reached.status, reached.detail)
    months = {period.label: months_between(period.start, period.end) for period in scenario.horizon.periods}
    short = {(one.demand, one.period): one.short_kw for one in missed_of(plan) if one.short_kw > 0}
    return Outcome(
        status="followed",
        objective_usd=plan.objective_usd - reached.spent_usd,
        gap=relative_gap(plan.objective_usd, plan.most_usd),
        money=money_of(scenario, plan),
        kw={(row.demand, row.period): row.delivered_kw for row in plan.demands},
        short_kw=short,
        reasons={**{(lack.demand, lack.period): lack.reasons for lack in plan.unplaced}, **reached.reasons},
        short_kw_months=sum(kw * months[period] for (_, period), kw in short.items()),
    )
