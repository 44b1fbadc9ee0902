"""A plan without a request and one with it, followed through the same sample side by side.

In each planning others keep what the plan without the request delivers of their commitments and minima then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from capalloc.analysis.risk import Outcome, Path, Planned, Step, after_step, open_prospects, outcome_of
from capalloc.cancel import CancelToken
from capalloc.planner.params import PlannerParams
from capalloc.schema.plan import Plan
from capalloc.schema.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Pair:
    """The plan without the request and the one with it."""

    without: Planned
    having: Planned


@dataclass(frozen=True, slots=True)
class Shared:
    """What all samples have in common."""

    without: Scenario
    having: Scenario
    """Both without their uncertainty."""
    forced: Scenario | None
    """The one with the request in which all of it has to be served, and pays nothing; planned where that can be."""
    forecast: Pair
    """What is planned where nothing unsure happens."""
    request: str
    prospects: frozenset[str]
    since: date
    """Until this day plans stand."""
    params: PlannerParams
    discount: Mapping[str, float]
    """By period."""
    seen: dict[tuple[Step, ...], Pair] = field(default_factory=dict, compare=False, repr=False)
    """By the steps that led there, where several samples begin with these."""


@dataclass(frozen=True, slots=True)
class Followed:
    """What a sample comes to with the request; a plan without it is worth ``without_usd``."""

    outcome: Outcome
    without_usd: float = 0.0
    paid_usd: float = 0.0
    """What the request pays of the outcome's objective; discounted, as that is."""
    paid_kw_months: float = 0.0
    """That the fee pays for: delivered to it, up to what is committed, and discounted."""


def followed(shared: Shared, path: Path, cancel: CancelToken) -> Followed | None:
    """Follow both plans through a sample; None where nobody waits for it any longer."""
    pair = shared.forecast
    for length, step in enumerate(path.steps, start=1):
        if (known := shared.seen.get(path.steps[:length])) is not None:
            pair = known
            continue
        if pair.having.plan is None or cancel.cancelled:
            break
        pair = _after(shared, step, pair, cancel)
        if length <= path.common and not cancel.cancelled:
            shared.seen[path.steps[:length]] = pair
    return None if cancel.cancelled else _judged(shared, pair)


def _after(shared: Shared, step: Step, pair: Pair, cancel: CancelToken) -> Pair:
    prospects = open_prospects(shared.prospects, step.facts)

    def after(scenario: Scenario, now: Planned, keep: Plan | None = None) -> Planned:
        how = {"prospects": prospects, "params": shared.params, "cancel": cancel}
        return after_step(scenario, step, now, shared.since, keep=keep, **how)  # type: ignore[arg-type]

    without = after(shared.without, pair.without)
    if without.plan is None:
        return Pair(without, without)
    if shared.forced is not None:
        forced = after(shared.forced, pair.having, without.plan)
        if forced.status != "infeasible":
            return Pair(without, forced)
    return Pair(without, after(shared.having, pair.having, without.plan))


def _judged(shared: Shared, pair: Pair) -> Followed:
    outcome = outcome_of(shared.having, pair.having)
    if pair.having.plan is None or pair.without.plan is None:
        return Followed(outcome)
    months = {period.label: period.months for period in shared.having.horizon.periods}
    rows = [row for row in pair.having.plan.demands if row.demand == shared.request]
    return Followed(
        outcome,
        pair.without.plan.objective_usd - pair.without.spent_usd,
        sum(row.revenue_usd * shared.discount[row.period] for row in rows),
        sum(min(row.delivered_kw, row.committed_kw) * months[row.period] * shared.discount[row.period] for row in rows),
    )
