"""The scenario as it is known on a day, in which what a plan did before that day is kept."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from capalloc.analysis.edits import with_policy, with_site
from capalloc.analysis.outcome import incumbent_of
from capalloc.analysis.risk.known import Step
from capalloc.analysis.sampling import after
from capalloc.schema.plan import Assignment, Plan
from capalloc.schema.scenario import Scenario


def view(scenario: Scenario, step: Step, plan: Plan, since: date) -> Scenario:
    """A scenario as it is known on a day, with what the plan did before it kept; plans stand until ``since``."""
    known = _settled(after(scenario, step.facts, since), plan, step.day)
    start = known.horizon.start
    if step.day <= start:
        return known
    if step.day == since:
        plan = _without_failed(plan, scenario, known, since)
    frozen = with_policy(known, freeze_until=max(step.day, known.policy.freeze_until or start))
    return frozen.replace(incumbent=incumbent_of(frozen, plan))


def _settled(scenario: Scenario, plan: Plan, day: date) -> Scenario:
    """The scenario in which deliveries that have come stand where the plan put them."""
    start = scenario.horizon.start
    stands = {one.rack: one.position for one in plan.placements if start < one.start < day}
    if not stands:
        return scenario
    racks = (
        rack.replace(position=stands[rack.name]) if rack.name in stands and rack.position is None else rack
        for rack in scenario.facility.racks
    )
    return with_site(scenario, racks=tuple(racks))


def _without_failed(plan: Plan, before: Scenario, after_failures: Scenario, day: date) -> Plan:
    """The plan in which failed racks serve nobody until that day: where no spares stand by yet, so many are missing."""
    old = {demand.name: demand.buffer_share for _, demand in before.located_demands()}
    shares = {
        demand.name: demand.buffer_share
        for _, demand in after_failures.located_demands()
        if demand.buffer_share > old.get(demand.name, demand.buffer_share)
    }
    failed = set(_failed(plan.assignments, shares, day))
    entries = (_from(day, entry) if (entry.rack, entry.demand) in failed else entry for entry in plan.assignments)
    return plan.replace(assignments=tuple(entry for entry in entries if entry is not None))


def _from(day: date, entry: Assignment) -> Assignment | None:
    """The part of an assignment from a day on; None where there is none."""
    return entry.replace(start=max(entry.start, day)) if entry.until > day else None


def _failed(entries: Iterable[Assignment], shares: dict[str, float], day: date) -> Iterator[tuple[str, str]]:
    """Racks that serve a demand for longest before a day, as many as its share of all that do."""
    days: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for entry in entries:
        if entry.demand in shares and entry.start < day:
            days[entry.demand][entry.rack] += (min(entry.until, day) - entry.start).days
    for demand, served in days.items():
        longest = sorted(served, key=lambda rack: (-served[rack], rack))
        for rack in longest[: math.ceil(shares[demand] * len(longest))]:
            yield rack, demand
