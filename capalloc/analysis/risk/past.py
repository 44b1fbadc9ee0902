"""The scenario as it is known on a day, in which what a plan did before that day is kept."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date

from capalloc.analysis.edits import with_policy, with_site
from capalloc.analysis.outcome import incumbent_of
from capalloc.analysis.risk.known import Step
from capalloc.analysis.sampling import after
from capalloc.instance.timeline import rack_start
from capalloc.schema.checks.site import planned_from
from capalloc.schema.event import Delay, Event
from capalloc.schema.facility import Rack
from capalloc.schema.plan import Assignment, Plan
from capalloc.schema.scenario import Scenario


def view(scenario: Scenario, step: Step, plan: Plan, since: date, *, standing_in: bool = True) -> Scenario:
    """A scenario as it is known on a day, with what the plan did before it kept; plans stand until ``since``.

    Idle racks stand in for those that fail before ``since`` unless they are not ``standing_in``.
    """
    known = _settled(after(scenario, step.facts, since), plan, step.day)
    start = known.horizon.start
    if step.day <= start:
        return known
    if step.day == since:
        plan = _without_failed(plan, scenario, known, since, _idle(scenario, plan, since) if standing_in else ())
    frozen = with_policy(known, freeze_until=max(step.day, known.policy.freeze_until or start))
    return frozen.replace(incumbent=incumbent_of(frozen, plan))


def _settled(scenario: Scenario, plan: Plan, day: date) -> Scenario:
    """The scenario in which deliveries that have come stand where the plan put them, since the day they came."""
    start = scenario.horizon.start
    stands = {one.rack: one.position for one in plan.placements if start < one.start < day}
    if not stands:
        return scenario

    def settled(rack: Rack) -> Rack:
        if rack.name not in stands or rack.position is not None:
            return rack
        return rack.replace(position=stands[rack.name], available_from=rack_start(scenario, rack), status="active")

    known = with_site(scenario, racks=tuple(map(settled, scenario.facility.racks)))
    return known.replace(events=tuple(event for event in known.events if not _delays_nothing(event, known)))


def _delays_nothing(event: Event, scenario: Scenario) -> bool:
    """Whether an event delays deliveries all of which have come."""
    if not isinstance(event, Delay) or event.rack_type is None:
        return False
    return not planned_from(scenario.facility, event.rack_type)


def has_stand_ins(scenario: Scenario, step: Step, plan: Plan, since: date) -> bool:
    """Whether idle racks may stand in on a day for what fails before it, so that a view without them is another."""
    return step.day == since > scenario.horizon.start and any(_idle(scenario, plan, since))


def _idle(scenario: Scenario, plan: Plan, day: date) -> tuple[Rack, ...]:
    """Racks that stand before a day, and that nobody has until then."""
    taken = {one.rack for one in (*plan.assignments, *plan.buffers) if one.start < day}
    start = scenario.horizon.start
    return tuple(
        rack
        for rack in scenario.facility.racks
        if rack.position is not None and rack.stands(start) and rack.stays(day) and rack.name not in taken
    )


def _without_failed(plan: Plan, before: Scenario, after_failures: Scenario, day: date, idle: Iterable[Rack]) -> Plan:
    """The plan in which failed racks serve nobody until that day, but for those that idle ones stand in for."""
    old = {demand.name: demand for _, demand in before.located_demands()}
    asking = [
        demand
        for _, demand in after_failures.located_demands()
        if demand.name in old and demand.buffer_share > old[demand.name].buffer_share
    ]
    missing: set[tuple[str, str]] = set()
    left = Counter(rack.rack_type for rack in idle)
    served = _served(plan.assignments, day)
    for demand in sorted(asking, key=lambda one: -before.rank_of(old[one.name], False)):
        racks = served.get(demand.name, [])
        needed = math.ceil(demand.buffer_share * len(racks)) - math.ceil(old[demand.name].buffer_share * len(racks))
        for rack_type in demand.rack_types:
            found = min(needed, left[rack_type])
            needed, left[rack_type] = needed - found, left[rack_type] - found
        missing.update((rack, demand.name) for rack in racks[:needed])
    entries = (_from(day, entry) if (entry.rack, entry.demand) in missing else entry for entry in plan.assignments)
    return plan.replace(assignments=tuple(entry for entry in entries if entry is not None))


def _from(day: date, entry: Assignment) -> Assignment | None:
    """The part of an assignment from a day on; None where there is none."""
    return entry.replace(start=max(entry.start, day)) if entry.until > day else None


def _served(entries: Iterable[Assignment], day: date) -> dict[str, list[str]]:
    """Racks that serve each demand before a day, those first that do for longest."""
    days: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for entry in entries:
        if entry.start < day:
            days[entry.demand][entry.rack] += (min(entry.until, day) - entry.start).days
    return {demand: sorted(served, key=lambda rack: (-served[rack], rack)) for demand, served in days.items()}
