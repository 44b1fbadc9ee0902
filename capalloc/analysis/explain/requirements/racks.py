"""Racks and positions: dates, maintenance, places for deliveries; repairs are other dates, and more of both."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

import numpy as np

from capalloc.analysis.edits import with_site
from capalloc.analysis.explain.family import EQUIPMENT, Family
from capalloc.analysis.explain.requirement import Kind, Requirement
from capalloc.analysis.explain.rows import SITE
from capalloc.analysis.explain.span import Span, ends_after, starts_before
from capalloc.analysis.explain.words import counted, dates
from capalloc.calendar import format_day
from capalloc.instance.model import Instance
from capalloc.schema.facility import Position, Rack
from capalloc.schema.scenario import Scenario

_MOST_COPIES = 500


def requirements(instance: Instance) -> Iterator[Requirement]:
    """Dates and maintenance of racks, and the positions that there are for deliveries."""
    yield from _rack_dates(instance.scenario)
    yield from _positions(instance.scenario, len(instance.deliveries))


def families(instance: Instance, one: Requirement, span: Span) -> Iterator[Family]:
    """Racks earlier, longer or back from maintenance; more positions."""
    match one.kind:
        case Kind.RACK_DATES:
            yield from _other_dates(instance, one)
        case Kind.MAINTENANCE:
            yield Family.of(
                one,
                len(one.racks),
                lambda s, n: _changed(s, one, n, status="active"),
                lambda n: f"{one.where}: {n:,} of {len(one.racks):,} racks back from maintenance",
                "what the repair costs",
                one.says,
            )
        case Kind.POSITIONS:
            yield Family.of(
                one,
                len(instance.deliveries),
                _some_positions,
                lambda n: f"{counted(n, 'more position')} for deliveries, any cooling",
                EQUIPMENT,
            )


def _rack_dates(scenario: Scenario) -> Iterator[Requirement]:
    """One requirement for the racks of a type that share dates and status, and one for those in maintenance."""
    groups: dict[tuple[object, ...], list[Rack]] = {}
    for rack in scenario.facility.racks:
        if rack.status == "maintenance" or (rack.status in ("active", "planned") and _matters(scenario, rack)):
            key = (rack.rack_type, rack.status, rack.position is None, rack.available_from, rack.available_until)
            groups.setdefault(key, []).append(rack)
    for racks in groups.values():
        first, many = racks[0], counted(len(racks), "rack")
        kind = Kind.MAINTENANCE if first.status == "maintenance" else Kind.RACK_DATES
        says = "in maintenance" if kind is Kind.MAINTENANCE else dates(first) or "without an available_from"
        delivered = first.position is None
        yield Requirement(
            kind,
            first.rack_type,
            f"{many} ({'delivery' if delivered else 'standing'}) {says}",
            racks=tuple(racks),
            scenario=partial(_delivered, racks=tuple(racks)) if delivered else None,
            instance=None if delivered else partial(_usable, racks=tuple(racks)),
        )


def _matters(scenario: Scenario, rack: Rack) -> bool:
    start, end = scenario.horizon.start, scenario.horizon.end
    late = rack.available_from is not None and rack.available_from > start
    early = rack.available_until is not None and rack.available_until < end
    return late or early or (rack.status == "planned" and rack.available_from is None)


def _delivered(scenario: Scenario, racks: tuple[Rack, ...]) -> Scenario:
    """The deliveries are there from the first day on."""
    names, start = {rack.name for rack in racks}, scenario.horizon.start

    def early(rack: Rack) -> Rack:
        status = "planned" if rack.status == "maintenance" else rack.status
        return rack.replace(available_from=start, available_until=None, status=status)

    return with_site(
        scenario, racks=tuple(early(rack) if rack.name in names else rack for rack in scenario.facility.racks)
    )


def _usable(instance: Instance, racks: tuple[Rack, ...]) -> Instance:
    """The standing racks may run whenever their positions are energised."""
    names = {rack.name for rack in racks}
    mine = np.array([name in names for name in instance.racks.names]) & (instance.racks.position >= 0)
    usable = instance.racks.usable.copy()
    usable[mine] |= instance.positions.ok[instance.racks.position[mine]]
    return replace(instance, racks=replace(instance.racks, usable=usable))


def keep_stays(instance: Instance, original: Instance) -> Instance:
    """Deliveries occupy positions no longer than they do in the original.

    A rack that comes earlier would otherwise need its position earlier, and dropping its date would forbid plans.
    """
    known = {int(r): i for i, r in enumerate(original.deliveries)}
    vacant, stay = instance.vacant.copy(), instance.stay.copy()
    for i, r in enumerate(instance.deliveries.tolist()):
        if r in known:
            vacant[i, : original.vacant.shape[1]] = original.vacant[known[r]]
            stay[i] = original.stay[known[r]]
    return replace(instance, vacant=vacant, stay=stay)


def _positions(scenario: Scenario, deliveries: int) -> Iterator[Requirement]:
    if deliveries:
        places = scenario.facility.positions
        says = f"{len(places):,} positions for the racks that stand and {deliveries:,} deliveries"
        yield Requirement(Kind.POSITIONS, SITE, says, scenario=partial(_more_positions, each=_each(places, deliveries)))


def _each(places: Sequence[Position], deliveries: int) -> int:
    """Copies of each sort of position that leave every delivery a choice."""
    return max(1, -(-2 * deliveries // len(_sorts(places))))


def _sorts(places: Sequence[Position]) -> list[Position]:
    """One position of each sort: the same feeds, zone and groups."""
    sorts = {(p.feed_a, p.feed_b, p.split_a, p.cooling_zone, p.row_key, p.fabric_block): p for p in places}
    return list(sorts.values())


def _more_positions(scenario: Scenario, each: int) -> Scenario:
    """The scenario with ``each`` more positions, cooled for any rack, of each of its sorts."""
    places = scenario.facility.positions
    more = (
        place.replace(name=f"{place.name} (more {n})", cooling="hybrid")
        for n in range(1, each + 1)
        for place in _sorts(places)
    )
    return with_site(scenario, positions=(*places, *more))


def _some_positions(scenario: Scenario, count: int) -> Scenario:
    """The first ``count`` copies of positions, sort by sort."""
    many = _more_positions(scenario, each=count)
    return with_site(scenario, positions=many.facility.positions[: len(scenario.facility.positions) + count])


def _other_dates(instance: Instance, one: Requirement) -> Iterator[Family]:
    first = one.racks[0]
    what = counted(len(one.racks), "rack")
    start, until = first.available_from, first.available_until
    if (start is not None or first.status == "planned") and (days := starts_before(instance, start or date.max)):
        were = "no date" if start is None else format_day(start)
        yield Family.dated(
            one, days, f"{what} from {{}} in place of {were}", lambda s, day: _changed(s, one, available_from=day)
        )
    if until is not None and (days := ends_after(instance, until)):
        says = f"{what} until {{}} in place of {format_day(until)}"
        yield Family.dated(one, days, says, lambda s, day: _changed(s, one, available_until=day))


def _changed(scenario: Scenario, one: Requirement, count: int | None = None, **changes: Any) -> Scenario:
    names = {rack.name for rack in one.racks[:count]}
    racks = (rack.replace(**changes) if rack.name in names else rack for rack in scenario.facility.racks)
    return with_site(scenario, racks=tuple(racks))


def more_racks(instance: Instance, rack_type: str, span: Span) -> Family:
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
        min(len(instance.racks.names) + 8, _MOST_COPIES),
        apply,
        lambda n: f"{counted(n, 'more rack')} of {rack_type}, with positions, from {format_day(span.start)} on",
        EQUIPMENT,
    )
