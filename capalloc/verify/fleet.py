"""The racks over time: where each one stands, and when it can serve."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from capalloc.calendar import Period, format_day, parse_day
from capalloc.schema.checks.cached_check import cached_check
from capalloc.schema.demand import Contract, Demand
from capalloc.schema.event import Delay, Outage
from capalloc.schema.facility import Facility, Position, Rack
from capalloc.schema.hardware import RackType
from capalloc.schema.plan import Placement, Plan
from capalloc.schema.scenario import Scenario
from capalloc.verify.site import Site, Spot
from capalloc.verify.term import later
from capalloc.verify.when import NEVER, When

Why = tuple[str, ...]
"""For each period why a rack cannot serve; empty text where it can."""
_Outages = tuple[int, ...]
_Circumstances = tuple[str, date, date, date, _Outages | None]
"""Status, first and last day on site, first day on the position, outages there."""


@dataclass(frozen=True, slots=True)
class Bay:
    """Racks of one type on positions that share hall, row, block, feeds and zone; ``number`` counts bays from 0."""

    number: int
    kind: RackType
    position: Position | None
    """One of the positions; None for racks that stand nowhere."""
    spot: Spot | None
    fed: When
    """Periods in which every feed that carries a rack here in normal operation is energised."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A rack where it stands."""

    rack: Rack
    kind: RackType
    position: Position | None
    """None: a delivery that the plan places nowhere."""
    start: date
    """First day on the position."""
    end: date
    why: Why
    able: When
    """Periods in which it can serve as far as power allows."""
    bay: Bay

    @property
    def ready(self) -> When:
        """Periods in which it can serve and its feeds are energised."""
        return self.able & self.bay.fed


@dataclass(frozen=True, slots=True)
class Fleet:
    """Every rack of the facility by name, in the order of the table."""

    racks: dict[str, Standing]
    bays: tuple[Bay, ...]
    positions: dict[str, Position]
    settled: dict[str, Placement]
    """Deliveries that the incumbent has placed already."""
    tenants: dict[str, str]
    """Dedicated racks, each with its tenant."""
    arrival: dict[str, date]
    """First day of the first period in which each delivery could serve, if there is one."""

    def may_use(self, rack: str, demand: Demand) -> bool:
        """Whether the rack is free for anybody, or dedicated to the demand's tenant."""
        tenant = self.tenants.get(rack)
        return tenant is None or (isinstance(demand, Contract) and demand.tenant == tenant)


def probe_day(scenario: Scenario) -> date:
    """The day on which the incumbent is asked who holds what."""
    start = scenario.horizon.start
    plan = scenario.incumbent
    if plan is None or not plan.periods:
        return start
    first = first_day(plan)
    return start - timedelta(days=1) if first is not None and first < start else start


def first_day(plan: Plan) -> date | None:
    """The day on which the first period of a plan starts; None when its label is no date."""
    try:
        return parse_day(plan.periods[0])
    except (ValueError, IndexError):
        return None


def fleet_of(scenario: Scenario, plan: Plan, periods: tuple[Period, ...], site: Site) -> Fleet:
    """The racks of a scenario with the placements of its incumbent and of the plan."""
    settled = _settled(scenario)
    chosen: dict[str, Placement] = {}
    for placement in plan.placements:
        chosen.setdefault(placement.rack, placement)
    yard = _Yard(scenario, periods, site)
    racks = {
        rack.name: yard.standing(rack, settled.get(rack.name) or chosen.get(rack.name))
        for rack in scenario.facility.racks
    }
    tenants = {contract.tenant for contract in scenario.all_contracts}
    dedicated = {rack.name: rack.tenant for rack in scenario.facility.racks if rack.tenant in tenants and rack.tenant}
    return Fleet(racks, tuple(yard.bays.values()), yard.positions, settled, dedicated, dict(yard.arrivals()))


def _settled(scenario: Scenario) -> dict[str, Placement]:
    if scenario.incumbent is None:
        return {}
    probe = probe_day(scenario)
    deliveries = {rack.name for rack in scenario.facility.racks if rack.position is None}
    placements = reversed(scenario.incumbent.placements)
    return {place.rack: place for place in placements if place.start <= probe and place.rack in deliveries}


@cached_check
def _alike(facility: Facility) -> dict[str, int]:
    """Positions by name, numbered alike that share hall, row, block, feeds and zone."""
    numbers: dict[tuple[str | None, ...], int] = {}
    return {
        place.name: numbers.setdefault(
            (
                *(place.hall, place.row, place.fabric_block, place.feed_a, place.feed_b, place.cooling_zone),
                repr(place.split_a),
            ),
            len(numbers),
        )
        for place in facility.positions
    }


class _Yard:
    """Places racks and says when they can serve; equal circumstances share one answer."""

    def __init__(self, scenario: Scenario, periods: tuple[Period, ...], site: Site) -> None:
        self._racks, self._periods, self._site = scenario.facility.racks, periods, site
        self.positions = {position.name: position for position in scenario.facility.positions}
        self.bays: dict[tuple[str, int | None], Bay] = {}
        self._alike = _alike(scenario.facility)
        self._kinds = {kind.name: kind for kind in scenario.facility.rack_types}
        self._delays = [event for event in scenario.events if isinstance(event, Delay) and event.rack_type is not None]
        self._outages = [event for event in scenario.events if isinstance(event, Outage) and event.node is None]
        self._by_label = any(event.label is not None for event in self._outages)
        self._hit: dict[tuple[Hashable, ...], _Outages] = {}
        self._known: dict[_Circumstances, tuple[Why, When]] = {}

    def standing(self, rack: Rack, placement: Placement | None) -> Standing:
        """The rack where it is fixed or placed."""
        start, end = self._dates(rack)
        name = rack.position if rack.position is not None else placement and placement.position
        position = self.positions.get(name) if name else None
        on = start if rack.position is not None or placement is None else placement.start
        circumstances = rack.status, start, end, on, self._outages_at(position, rack)
        if circumstances not in self._known:
            self._known[circumstances] = self._why(circumstances)
        kind = self._kinds[rack.rack_type]
        return Standing(rack, kind, position, on, end, *self._known[circumstances], self._bay(kind, position))

    def arrivals(self) -> Iterator[tuple[str, date]]:
        """(rack, first day of its first whole period on site) of each delivery that comes in time."""
        for rack in self._racks:
            if rack.position is None and rack.status in ("active", "planned"):
                span = self._dates(rack)
                first = next((period.start for period in self._periods if period.inside(*span)), None)
                if first is not None:
                    yield rack.name, first

    def _bay(self, kind: RackType, place: Position | None) -> Bay:
        key = kind.name, None if place is None else self._alike[place.name]
        if key not in self.bays:
            spot = None if place is None else (place.feed_a, place.feed_b, place.share_a)
            fed = NEVER if spot is None else self._site.fed(spot)
            self.bays[key] = Bay(len(self.bays), kind, place, spot, fed)
        return self.bays[key]

    def _dates(self, rack: Rack) -> tuple[date, date]:
        start = rack.available_from
        if rack.status == "planned" and start is not None:
            for event in self._delays:
                if event.rack_type == rack.rack_type:
                    start = later(start, event)
        never = date.max if rack.status == "planned" else date.min
        return start or never, rack.available_until or date.max

    def _outages_at(self, position: Position | None, rack: Rack) -> _Outages | None:
        """Outages that hit the position or the rack there; None where there is no position."""
        if position is None:
            return None
        if not self._outages:
            return ()
        labels = (position.labels, rack.labels) if self._by_label else ({}, {})
        spot = (position.hall, position.row, *(tuple(each.items()) for each in labels))
        if spot not in self._hit:
            self._hit[spot] = tuple(i for i, event in enumerate(self._outages) if hits(event, position, rack))
        return self._hit[spot]

    def _why(self, circumstances: _Circumstances) -> tuple[Why, When]:
        """Reasons by period, and the periods without one."""
        status, start, end, on, outages = circumstances
        why = []
        for period in self._periods:
            reasons = (
                (status == "maintenance", "is in maintenance", None),
                (status == "retired", "is retired", None),
                (start == date.max, "is planned without an available_from", None),
                (start > period.start, "is available only from {} on", start),
                (end < period.end, "is available only until {}", end),
                (outages is None, "stands on no position", None),
                (on > period.start, "is placed only from {} on", on),
            )
            reason, day = next(((reason, day) for holds, reason, day in reasons if holds), ("", None))
            why.append(reason.format(day and format_day(day)) or self._outage(outages or (), period))
        return tuple(why), sum(1 << t for t, reason in enumerate(why) if not reason)

    def _outage(self, outages: _Outages, period: Period) -> str:
        for event in (self._outages[i] for i in outages):
            if period.touches(event.start, event.until):
                return (
                    f"is in the outage of {event.place} from {format_day(event.start)} until {format_day(event.until)}"
                )
        return ""


def hits(event: Outage, position: Position, rack: Rack | None = None) -> bool:
    """Whether an outage of a row, a hall or a label is one of the position, or of the rack there."""
    if event.label is not None:
        told = [row.labels.get(key) in values for key, values in event.label.items() for row in (position, rack) if row]
        return any(told)
    return in_row(position, event.row) if event.row is not None else position.hall == event.hall


def in_row(position: Position, row: str) -> bool:
    """Whether a reference to a row, as ``row`` or ``hall/row``, means the position's row."""
    return row in (position.row, position.row_key)
