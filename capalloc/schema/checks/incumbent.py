"""Checks of the incumbent: it must say one thing of each rack, on the days that count, and what it placed must fit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from capalloc.calendar import add_days, format_day, parse_day
from capalloc.schema.checks.fault import Fault
from capalloc.schema.facility import Rack
from capalloc.schema.hardware import cooling_fits
from capalloc.schema.plan import Assignment, Placement, Plan
from capalloc.schema.plan_days import days_of_plan
from capalloc.schema.scenario import Scenario


def incumbent_faults(scenario: Scenario) -> Iterator[Fault]:
    """Racks that serve two demands at once, and deliveries that stand where they cannot."""
    if scenario.incumbent is not None:
        yield from _overlaps(scenario.incumbent)
        yield from _placements(scenario, scenario.incumbent)
        yield from _unfrozen(scenario, scenario.incumbent)


def of_another_site(scenario: Scenario) -> Fault | None:
    """A fault where the incumbent names racks, none of which is here, or positions, most of which are not."""
    plan, site = scenario.incumbent, scenario.facility
    if plan is None:
        return None
    positions = {placement.position for placement in plan.placements}
    racks = {entry.rack for entry in plan.assignments} | {placement.rack for placement in plan.placements}
    strange = len(positions - {position.name for position in site.positions})
    if 2 * strange <= len(positions) or strange == 1:
        if not racks or not racks.isdisjoint(rack.name for rack in site.racks):
            return None
        found = f"none of the {len(racks):,} racks that it names is here"
    else:
        found = f"{strange:,} of the {len(positions):,} positions that it names are not here"
    message = f"a plan of {plan.scenario!r}, of another site as it seems: {found}; name today's plan of this site"
    return Fault(("incumbent",), message)


def incumbent_of_other_days(scenario: Scenario) -> Iterator[Fault]:
    """An incumbent that does not say what stands on the day before the horizon, nor begins with it."""
    days = None if scenario.incumbent is None else days_of_plan(scenario.incumbent)
    start = scenario.horizon.start
    if days is None or days[0] <= start <= days[1]:
        return
    first, end = map(format_day, days)
    begin = f"; or begin the horizon with {end}" if days[1] < start else ""
    message = (
        f"the plan covers {first} until {end}, so it says nothing of {add_days(start, -1)}, the day before the "
        "horizon: no rack counts as serving anybody today, and to leave costs nothing; name a plan of that day"
    )
    yield Fault(("incumbent",), message + begin)


def _unfrozen(scenario: Scenario, plan: Plan) -> Iterator[Fault]:
    """A freeze of days that the incumbent does not cover, in which nothing could be kept but idle racks."""
    days, until, horizon = days_of_plan(plan), scenario.policy.freeze_until, scenario.horizon
    if days is None or until is None or until <= horizon.start:
        return
    if days[0] > horizon.start or days[1] < min(until, horizon.end):
        first, end = map(format_day, days)
        sooner = f", freeze until {end} at most" if days[0] <= horizon.start < days[1] else ""
        message = (
            f"keeps the incumbent's assignments from {format_day(horizon.start)} until {format_day(until)}, but that "
            f"plan covers {first} until {end}: what it does not say cannot be kept; name a plan that covers these "
            f"days{sooner}, or leave freeze_until out"
        )
        yield Fault(("policy", "freeze_until"), message)


def _overlaps(plan: Plan) -> Iterator[Fault]:
    latest: dict[str, Assignment] = {}
    numbered = enumerate(plan.assignments)
    for index, entry in sorted(numbered, key=lambda item: (item[1].rack, item[1].start, item[1].until)):
        before = latest.get(entry.rack)
        if before is not None and entry.start < before.until:
            message = f"rack {entry.rack!r} serves {before.demand!r} until {format_day(before.until)} already"
            yield Fault(("incumbent", "assignments", index, "from"), message)
        if before is None or entry.until > before.until:
            latest[entry.rack] = entry


def _placements(scenario: Scenario, plan: Plan) -> Iterator[Fault]:
    """Faults of the deliveries that stand when the horizon starts; later ones are placed anew."""
    site, start = scenario.facility, scenario.horizon.start
    racks = {rack.name: rack for rack in site.racks if rack.position is None and rack.status != "retired"}
    cooling = {position.name: position.cooling for position in site.positions}
    kinds = {kind.name: kind.cooling for kind in site.rack_types}
    taken = [(rack.position, _stay(rack), rack.name) for rack in site.racks if rack.status != "retired"]
    seen: set[str] = set()
    for index, placement in enumerate(plan.placements):
        rack, loc = racks.get(placement.rack), ("incumbent", "placements", index)
        if rack is None or placement.position not in cooling or not _settled(placement, plan, start):
            continue
        if rack.name in seen:
            yield Fault((*loc, "rack"), f"rack {rack.name!r} is placed more than once")
            continue
        seen.add(rack.name)
        if rack.rack_type in kinds and not cooling_fits(cooling[placement.position], kinds[rack.rack_type]):
            message = f"position {placement.position!r} has {cooling[placement.position]} cooling"
            yield Fault((*loc, "position"), f"{message}, but a {rack.rack_type} needs {kinds[rack.rack_type]}")
        until = rack.available_until or date.max
        for position, (begin, end), name in taken:
            if position == placement.position and max(begin, start) < min(end, until, scenario.horizon.end):
                yield Fault((*loc, "position"), f"rack {name!r} stands on position {position!r} at that time")
        taken.append((placement.position, (start, until), rack.name))


def _stay(rack: Rack) -> tuple[date, date]:
    return rack.available_from or date.min, rack.available_until or date.max


def _settled(placement: Placement, plan: Plan, start: date) -> bool:
    """Whether the delivery stands already when the horizon starts."""
    if placement.start >= start and plan.periods:
        try:
            return placement.start == start and parse_day(plan.periods[0]) >= start
        except ValueError:
            return placement.start == start
    return placement.start <= start
