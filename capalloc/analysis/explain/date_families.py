"""Repairs of dates and numbers: earlier or later, more racks, more positions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

from capalloc.analysis.explain.edits import (
    all_supplies,
    with_node,
    with_site,
    with_supply,
    with_zone,
)
from capalloc.analysis.explain.family import EQUIPMENT, Family
from capalloc.analysis.explain.problem import Problem, more_positions
from capalloc.analysis.explain.requirement import Kind, Requirement
from capalloc.analysis.explain.span import Span
from capalloc.calendar import format_day
from capalloc.schema.facility import Rack
from capalloc.schema.scenario import Scenario

_MOST_COPIES = 500


def _earlier(problem: Problem, day: date) -> list[date]:
    """First days of periods before a day, the latest first."""
    return [period.start for period in reversed(problem.base.periods) if period.start < day]


def _later(problem: Problem, day: date) -> list[date]:
    return [period.end for period in problem.base.periods if period.end > day]


def dates(problem: Problem, one: Requirement, span: Span) -> Iterator[Family]:
    """An earlier start, or a later end."""
    edit: Callable[..., Scenario]
    edit, keys, records = {
        Kind.SUPPLY_DATES: (with_supply, ("start", "until"), all_supplies(problem.scenario)),
        Kind.NODE_DATES: (with_node, ("available_from", "available_until"), problem.scenario.facility.power),
        Kind.ZONE_DATES: (with_zone, ("available_from", "available_until"), problem.scenario.facility.cooling),
    }[one.kind]
    record: Any = next(record for record in records if record.name == one.where)
    start, until = (getattr(record, key) for key in keys)
    if start is not None and (days := _earlier(problem, start)):
        yield _dated(
            one,
            days,
            f"from {{}} in place of {format_day(start)}",
            lambda s, day: edit(s, record.name, **{keys[0]: day}),
        )
    if until is not None and (days := _later(problem, until)):
        yield _dated(
            one,
            days,
            f"until {{}} in place of {format_day(until)}",
            lambda s, day: edit(s, record.name, **{keys[1]: day}),
        )


def _dated(one: Requirement, days: Sequence[date], says: str, edit: Callable[[Scenario, date], Scenario]) -> Family:
    return Family(
        one.kind,
        one.where,
        len(days),
        lambda s, n: edit(s, days[n - 1]),
        lambda n: f"{one.where}: {says.format(format_day(days[n - 1]))}",
        "what the earlier or later date costs",
    )


def rack_dates(problem: Problem, one: Requirement, span: Span) -> Iterator[Family]:
    first = one.racks[0]
    what = f"{len(one.racks):,} rack" + "s" * (len(one.racks) > 1)
    start, until = first.available_from, first.available_until
    if (start is not None or first.status == "planned") and (days := _earlier(problem, start or date.max)):
        were = "no date" if start is None else format_day(start)
        yield _dated(
            one, days, f"{what} from {{}} in place of {were}", lambda s, day: _racks(s, one, available_from=day)
        )
    if until is not None and (days := _later(problem, until)):
        says = f"{what} until {{}} in place of {format_day(until)}"
        yield _dated(one, days, says, lambda s, day: _racks(s, one, available_until=day))


def _racks(scenario: Scenario, one: Requirement, count: int | None = None, **changes: Any) -> Scenario:
    names = {rack.name for rack in one.racks[:count]}
    racks = (rack.replace(**changes) if rack.name in names else rack for rack in scenario.facility.racks)
    return with_site(scenario, racks=tuple(racks))


def from_maintenance(one: Requirement) -> Family:
    return Family(
        one.kind,
        one.where,
        len(one.racks),
        lambda s, n: _racks(s, one, n, status="active"),
        lambda n: f"{one.where}: {n:,} of {len(one.racks):,} racks back from maintenance",
        "what the repair costs",
    )


def positions(problem: Problem, one: Requirement) -> Family:
    deliveries = len(problem.base.deliveries)
    return Family(
        one.kind,
        one.where,
        deliveries,
        _some_positions,
        lambda n: f"{n:,} more position{'s' * (n > 1)} for deliveries, any cooling",
        EQUIPMENT,
    )


def _some_positions(scenario: Scenario, count: int) -> Scenario:
    """The first ``count`` copies of positions, sort by sort."""
    many = more_positions(scenario, each=count)
    return with_site(scenario, positions=many.facility.positions[: len(scenario.facility.positions) + count])


def more_racks(problem: Problem, rack_type: str, span: Span) -> Family:
    """Further racks of a type with positions to stand on."""

    def apply(scenario: Scenario, count: int) -> Scenario:
        names = {rack.name for rack in scenario.facility.racks}
        fresh = (name for n in range(1, len(names) + count + 1) if (name := f"further rack {n}") not in names)
        more = [
            Rack(name=name, rack_type=rack_type, status="planned", available_from=span.start)
            for name, _ in zip(fresh, range(count), strict=False)
        ]
        placed = _some_positions(scenario, count)
        return with_site(placed, racks=(*scenario.facility.racks, *more))

    return Family(
        Kind.RACKS,
        rack_type,
        min(len(problem.base.racks.names) + 8, _MOST_COPIES),
        apply,
        lambda n: f"{n:,} more rack{'s' * (n > 1)} of {rack_type}, with positions, {span.says}",
        EQUIPMENT,
    )
