"""A plan without a request and others with it, followed through the same sample side by side.

In each planning others keep what the plan without the request delivers of their commitments and minima then; with care,
what it would where all came late that is not counted on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from capalloc.analysis.promise.care import NO_CARE, Care
from capalloc.analysis.promise.term import Paid
from capalloc.analysis.risk import Again, Outcome, Path, Planned, StandIns, Step, after_step, open_prospects, outcome_of
from capalloc.analysis.sampling import Fact, Late, after
from capalloc.cancel import CancelToken
from capalloc.planner.params import PlannerParams
from capalloc.roster.ending import relative_gap
from capalloc.schema.plan import Plan
from capalloc.schema.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Wanted:
    """The scenario with the request in one way, without its uncertainty."""

    scenario: Scenario
    forced: Scenario | None = None
    """The one in which all of the request has to be served, and pays nothing; planned where that can be."""

    def where(self, late: Sequence[Late]) -> Wanted:
        """The same where that is known to come late, or never."""
        if not late:
            return self
        forced = None if self.forced is None else after(self.forced, tuple(late), date.min)
        return Wanted(after(self.scenario, tuple(late), date.min), forced)


@dataclass(frozen=True, slots=True)
class Plans:
    """The plan without the request and those with it."""

    without: Planned
    having: tuple[Planned, ...]


@dataclass(frozen=True, slots=True)
class Shared:
    """What all samples have in common."""

    without: Scenario
    """Without its uncertainty."""
    wanted: tuple[Wanted, ...]
    forecast: Plans
    """What is planned where nothing unsure happens; those with the request as it is ``wanted``."""
    request: str
    paid: Paid
    prospects: frozenset[str]
    since: date
    """Until this day plans stand."""
    params: PlannerParams
    care: Care = NO_CARE
    """What plans with the request do not count on before it is known."""
    seen: dict[tuple[Step, ...], Plans] = field(default_factory=dict, compare=False, repr=False)
    """By the steps that led there, where several samples begin with these."""
    stand_ins: StandIns = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Followed:
    """A sample with what each plan with the request comes to; the plan without it is worth ``without_usd``."""

    outcomes: tuple[Outcome, ...]
    without_usd: float = 0.0
    without_gap: float = 0.0
    paid_usd: tuple[float, ...] = ()
    """What the request pays of each outcome's objective; discounted, as that is."""
    paid_kw_months: tuple[float, ...] = ()
    """That a fee pays for: delivered, up to what is committed, and discounted."""


def followed(shared: Shared, path: Path, cancel: CancelToken) -> Followed | None:
    """Follow all plans through a sample; None where nobody waits for it any longer."""
    plans, facts = shared.forecast, tuple[Fact, ...]()
    for length, step in enumerate(path.steps, start=1):
        news, facts = step.facts != facts, step.facts
        if (known := shared.seen.get(path.steps[:length])) is not None:
            plans = known
            continue
        if cancel.cancelled:
            break
        plans = _after(shared, step, plans, news, cancel)
        if length <= path.common and not cancel.cancelled:
            shared.seen[path.steps[:length]] = plans
    return None if cancel.cancelled else _judged(shared, plans)


def _after(shared: Shared, step: Step, plans: Plans, news: bool, cancel: CancelToken) -> Plans:
    """Plans after a step; the one without the request is made anew where there are ``news``."""
    prospects = open_prospects(shared.prospects, step.facts)
    how = Again(shared.since, prospects, shared.params, cancel, shared.stand_ins)

    def again(scenario: Scenario, now: Planned, keep: Plan | None = None, at: Step = step) -> Planned:
        return now if now.plan is None else after_step(scenario, at, now, how, keep)

    without = again(shared.without, plans.without) if news else plans.without
    if without.plan is None:
        return Plans(without, (without,) * len(plans.having))
    care = shared.care.after(step.day)
    worst = without
    for then in care.steps(step.facts):
        worst = again(shared.without, worst, at=then)
    care, kept = (NO_CARE, without.plan) if worst.plan is None else (care, worst.plan)
    having = []
    for one, now in zip(shared.wanted, plans.having, strict=True):
        wanted = one.where(care.late)
        forced = None if wanted.forced is None else again(wanted.forced, now, kept)
        served = forced is not None and forced.status != "infeasible"
        having.append(forced if forced is not None and served else again(wanted.scenario, now, kept))
    return Plans(without, tuple(having))


def _judged(shared: Shared, plans: Plans) -> Followed:
    outcomes = tuple(outcome_of(one.scenario, now) for one, now in zip(shared.wanted, plans.having, strict=True))
    without = plans.without.plan
    if without is None:
        return Followed(outcomes)
    discount = dict(zip(shared.paid.labels, shared.paid.discount.tolist(), strict=True))
    rows = [
        [row for row in now.plan.demands if row.demand == shared.request] if now.plan is not None else []
        for now in plans.having
    ]
    return Followed(
        outcomes,
        without.objective_usd - plans.without.spent_usd,
        relative_gap(without.objective_usd, without.most_usd),
        tuple(sum(row.revenue_usd * discount[row.period] for row in mine) for mine in rows),
        tuple(shared.paid.kw_months(mine) for mine in rows),
    )
