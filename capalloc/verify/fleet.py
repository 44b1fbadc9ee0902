"""The racks over time: where each one stands, and when it can serve."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from capalloc.calendar import Period, format_day, parse_day
from capalloc.schema.demand import Contract, Demand
from capalloc.schema.event import Delay, Outage
from capalloc.schema.facility import Position, Rack
from capalloc.schema.hardware import RackType
from capalloc.schema.plan import Placement, Plan
from capalloc.schema.scenario import Scenario
from capalloc.verify.term import later

Why = tuple[str, ...]
"""For each period why a rack cannot serve; empty text where it can."""


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

    def available(self, period: Period) -> bool:
        """Whether it can serve throughout the period."""
        return not self.why[period.index]


@dataclass(frozen=True, slots=True)
class Fleet:
    """Every rack of the facility by name, in the order of the table."""

    racks: dict[str, Standing]
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


def fleet_of(scenario: Scenario, plan: Plan, periods: tuple[Period, ...]) -> Fleet:
    """The racks of a scenario with the placements of its incumbent and of the plan."""
    settled = _settled(scenario)
    chosen: dict[str, Placement] = {}
    for placement in plan.placements:
        chosen.setdefault(placement.rack, placement)
    yard = _Yard(scenario, periods)
    racks = {
        rack.name: yard.standing(rack, settled.get(rack.name) or chosen.get(rack.name))
        for rack in scenario.facility.racks
    }
    tenants = {contract.tenant for contract in scenario.all_contracts}
    dedicated = {rack.name: rack.tenant for rack in scenario.facility.racks if rack.tenant in tenants and rack.tenant}
    return Fleet(racks, settled, dedicated, dict(yard.arrivals()))


def _settled(scenario: Scenario) -> dict[str, Placement]:
    if scenario.incumbent is None:
        return {}
    probe = probe_day(scenario)
    deliveries = {rack.name for rack in scenario.facility.racks if rack.position is None}
    placements = reversed(scenario.incumbent.placements)
    return {place.rack: place for place in placements if place.start <= probe and place.rack in deliveries}


class _Yard:
    """Places racks and says when they can serve; equal circumstances share one answer."""

    def __init__(self, scenario: Scenario, periods: tuple[Period, ...]) -> None:
        self._scenario, self._periods = scenario, periods
        self._positions = {position.name: position for position in scenario.facility.positions}
        self._kinds = {kind.name: kind for kind in scenario.facility.rack_types}
        self._outages = [event for event in scenario.events if isinstance(event, Outage) and event.node is None]
        self._known: dict[tuple[object, ...], Why] = {}
        self._at: dict[tuple[str, str], tuple[int, ...]] = {}

    def standing(self, rack: Rack, placement: Placement | None) -> Standing:
        """The rack where it is fixed or placed."""
        start, end = self._dates(rack)
        name = rack.position if rack.position is not None else placement and placement.position
        position = self._positions.get(name) if name else None
        on = start if rack.position is not None or placement is None else placement.start
        key = (rack.status, start, end, on, position and self._outages_at(position))
        if key not in self._known:
            self._known[key] = tuple(self._why(rack, position, (start, end), on, period) for period in self._periods)
        return Standing(rack, self._kinds[rack.rack_type], position, on, end, self._known[key])

    def arrivals(self) -> Iterator[tuple[str, date]]:
        """(rack, first day of its first whole period on site) of each delivery that comes in time."""
        for rack in self._scenario.facility.racks:
            if rack.position is None and rack.status in ("active", "planned"):
                span = self._dates(rack)
                first = next((period.start for period in self._periods if period.inside(*span)), None)
                if first is not None:
                    yield rack.name, first

    def _dates(self, rack: Rack) -> tuple[date, date]:
        start = rack.available_from
        if rack.status == "planned" and start is not None:
            for event in self._scenario.events:
                if isinstance(event, Delay) and event.rack_type == rack.rack_type:
                    start = later(start, event)
        never = date.max if rack.status == "planned" else date.min
        return start or never, rack.available_until or date.max

    def _why(self, rack: Rack, position: Position | None, dates: tuple[date, date], on: date, period: Period) -> str:
        start, end = dates
        reasons = (
            (rack.status == "maintenance", "is in maintenance"),
            (rack.status == "retired", "is retired"),
            (start == date.max, "is planned without an available_from"),
            (start > period.start, f"is available only from {format_day(start)} on"),
            (end < period.end, f"is available only until {format_day(end)}"),
            (position is None, "stands on no position"),
            (on > period.start, f"is placed only from {format_day(on)} on"),
        )
        why = next((reason for holds, reason in reasons if holds), "")
        return why or (self._outage(position, period) if position is not None else "")

    def _outages_at(self, position: Position) -> tuple[int, ...]:
        """Numbers of the outages of the position's row or hall."""
        if not self._outages:
            return ()
        row = (position.hall, position.row)
        if row not in self._at:
            self._at[row] = tuple(i for i, event in enumerate(self._outages) if _hit(event, position))
        return self._at[row]

    def _outage(self, position: Position, period: Period) -> str:
        for i in self._outages_at(position):
            event = self._outages[i]
            if period.touches(event.start, event.until):
                place = f"row {event.row}" if event.row is not None else f"hall {event.hall}"
                return f"is in the outage of {place} from {format_day(event.start)} until {format_day(event.until)}"
        return ""


def _hit(event: Outage, position: Position) -> bool:
    return in_row(position, event.row) if event.row is not None else position.hall == event.hall


def in_row(position: Position, row: str) -> bool:
    """Whether a reference to a row, as ``row`` or ``hall/row``, means the position's row."""
    return row in (position.row, position.row_key)
