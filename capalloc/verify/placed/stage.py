"""What stands before anything is placed, when, and between which limits: a facility on a day, or a plan's period."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from capalloc.calendar import Period, add_days
from capalloc.schema.beside import Beside
from capalloc.schema.event import Outage
from capalloc.schema.facility import Facility, Position, Rack
from capalloc.schema.hardware import RackType
from capalloc.schema.request import Standing
from capalloc.schema.scenario import Scenario
from capalloc.verify.exact import exact
from capalloc.verify.fleet import Fleet, fleet_of, hits
from capalloc.verify.measure import NOBODY, draw_kw
from capalloc.verify.roster import Roster, roster_of
from capalloc.verify.site import Site, Spot, site_of
from capalloc.verify.when import Borders

Key = tuple[str, ...]
"""``rack``, its type and whom it serves; or ``request`` and a request."""
Bay = tuple[Spot, str | None]
"""Spot and cooling zone: positions with the same two are one to power and cooling."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What one rack draws and gives off, in kW."""

    draw: Fraction
    liquid: Fraction
    air: Fraction

    @classmethod
    def of(cls, kw: Fraction, kind: RackType) -> Ask:
        """Of a rack of a type that draws so much."""
        wet = kw * exact(kind.liquid_fraction)
        return cls(kw, wet, kw - wet)


@dataclass(frozen=True, slots=True)
class Stage:
    """The racks of the facility's own table in one period."""

    period: Period
    """As a period of its own."""
    site: Site
    holders: Mapping[str, str]
    """The rack on each position that one holds."""
    shut: frozenset[str]
    """Positions in an outage of their row, hall or label."""
    asks: Mapping[Key, Ask]
    standing: Counter[tuple[Bay, Key]]
    """Racks that draw something."""


def stage_of(facility: Facility, on: date | None, standing: Standing | None, beside: Beside | None) -> Stage:
    """A facility on a day, today unless given, whose racks draw as ``standing`` says; or a plan in a period."""
    if beside is not None:
        return _beside(beside)
    today = on or date.today()
    day = Period(0, today, add_days(today, 1), today.isoformat())
    racks = [rack for rack in facility.racks if standing != "none" and rack.holds(today)]
    kinds = {kind.name: kind for kind in facility.rack_types}
    draws = {name: kind.expected_kw if standing == "expected" else kind.nameplate_kw for name, kind in kinds.items()}
    return Stage(
        period=day,
        site=site_of(facility, (), Borders((day,))),
        holders={rack.position or "": rack.name for rack in racks},
        shut=frozenset(),
        asks={("rack", name, NOBODY): Ask.of(exact(draws[name]), kind) for name, kind in kinds.items()},
        standing=_counted(facility.positions, racks),
    )


def bay_of(place: Position) -> Bay:
    """Where a rack on a position draws, and where its heat goes."""
    (feed_a, share_a), *rest = place.shares
    return (feed_a, rest[0][0] if rest else None, share_a), place.cooling_zone


def _counted(positions: Sequence[Position], racks: Sequence[Rack]) -> Counter[tuple[Bay, Key]]:
    bays = {place.name: bay_of(place) for place in positions}
    return Counter((bays[rack.position or ""], ("rack", rack.rack_type, NOBODY)) for rack in racks)


def _beside(beside: Beside) -> Stage:
    """Who the plan says serves whom where, read over all its periods."""
    scenario, plan = beside.scenario, beside.plan
    periods = scenario.horizon.periods
    borders, index = Borders(periods), beside.when.index
    fleet = fleet_of(scenario, plan, periods, site_of(scenario.facility, scenario.events, borders))
    planned = [demand.name for demand in scenario.planned(frozenset(plan.prospects))]
    roster = roster_of(scenario, plan, borders, planned, fleet)
    alone = Period(0, periods[index].start, periods[index].end, periods[index].label)
    return Stage(
        period=alone,
        site=site_of(scenario.facility, scenario.events, Borders((alone,))),
        holders=dict(_holders(fleet, alone)),
        shut=_shut(scenario, alone),
        asks=dict(_asks(scenario)),
        standing=_drawing(roster, index),
    )


def _holders(fleet: Fleet, period: Period) -> Iterator[tuple[str, str]]:
    for name, standing in fleet.racks.items():
        if standing.position is not None and standing.rack.status != "retired" and standing.end > period.start:
            yield standing.position.name, name


def _shut(scenario: Scenario, period: Period) -> frozenset[str]:
    now = [
        event
        for event in scenario.events
        if isinstance(event, Outage) and event.node is None and period.touches(event.start, event.until)
    ]
    return frozenset(place.name for place in scenario.facility.positions if any(hits(event, place) for event in now))


def _asks(scenario: Scenario) -> Iterator[tuple[Key, Ask]]:
    for kind in scenario.facility.rack_types:
        yield ("rack", kind.name, NOBODY), Ask.of(exact(kind.idle_kw), kind)
        for demand in (*scenario.workloads, *scenario.all_contracts):
            kw = draw_kw(demand, kind) * exact(demand.utilization)
            yield ("rack", kind.name, demand.name), Ask.of(kw, kind)


def _drawing(roster: Roster, index: int) -> Counter[tuple[Bay, Key]]:
    racks: Counter[tuple[Bay, Key]] = Counter()
    for batch in (*roster.serving, *roster.idling):
        place = batch.bay.position
        if batch.first <= index < batch.end and place is not None:
            racks[bay_of(place), ("rack", batch.bay.kind.name, batch.demand)] += batch.racks
    return racks
