"""Lowers positions and racks: what stands where, what is usable when, what is pinned or held."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from capalloc.calendar import Period, add_days, parse_day
from capalloc.instance.model import NOBODY, Bools, DemandData, Ints, Positions, Racks
from capalloc.instance.pins import PlacePin, in_place, lower_pins, lower_place_pins
from capalloc.instance.power.cords import Cords
from capalloc.instance.power.forest import Forest
from capalloc.instance.power.limits import Loads
from capalloc.instance.timeline import outages, rack_start
from capalloc.schema.facility import Facility, Rack
from capalloc.schema.hardware import cooling_fits
from capalloc.schema.plan import Plan
from capalloc.schema.rules import Rule
from capalloc.schema.scenario import Scenario

UNPLANNED = -3
"""In ``Racks.last``: a demand that this scenario does not plan."""


def lower_positions(scenario: Scenario, forest: Forest, cords: Cords, periods: Sequence[Period]) -> Positions:
    """Positions with their groups, and the periods in which a rack there can run."""
    places = scenario.facility.positions
    row_names, row = _numbered([place.row_key for place in places])
    hall_names, hall = _numbered([place.hall for place in places])
    block_names, block = _numbered([place.fabric_block for place in places])
    cause, causes = _darkness(scenario, forest, cords, periods)
    site = Loads(forest, cords, scenario.facility.pue).site()
    return Positions(
        names=tuple(place.name for place in places),
        ok=cause < 0,
        cause=cause,
        causes=causes,
        row=row,
        hall=hall,
        block=block,
        row_names=row_names,
        hall_names=hall_names,
        block_names=block_names,
        fits=_fits(scenario.facility),
        site_weight=np.array([site[way] for way in range(len(site))])[cords.way],
    )


def _fits(site: Facility) -> Bools:
    """(P, K) whether the cooling of a position can hold a type."""
    by_cooling = {
        cooling: np.array([cooling_fits(cooling, kind.cooling) for kind in site.rack_types], dtype=bool)
        for cooling in {place.cooling for place in site.positions}
    }
    return np.array([by_cooling[place.cooling] for place in site.positions])


def _numbered(names: Sequence[str | None]) -> tuple[tuple[str, ...], Ints]:
    index: dict[str, int] = {}
    numbers = [-1 if name is None else index.setdefault(name, len(index)) for name in names]
    return tuple(index), np.array(numbers, dtype=np.int64)


def _darkness(
    scenario: Scenario, forest: Forest, cords: Cords, periods: Sequence[Period]
) -> tuple[Ints, tuple[tuple[Rule, str], ...]]:
    """Why each position is dark in each period: a node above it that is down, or an outage of its row or hall."""
    places = scenario.facility.positions
    numbers: dict[tuple[Rule, str], int] = {}
    by_node = np.array([numbers.setdefault(_node_cause(forest, v), v) for v in range(len(forest.nodes))])
    by_way = np.full((len(cords.feeds), len(periods)), -1, dtype=np.int64)
    for way, feeds in enumerate(cords.feeds):
        for feed, share in feeds:
            dark_by = forest.dark_by[feed]
            if share > 0 and (dark_by >= 0).any():
                by_way[way] = np.where(dark_by >= 0, by_node[dark_by], by_way[way])
    cause = by_way[cords.way]
    for outage in outages(scenario):
        if outage.node is None:
            number = numbers.setdefault((Rule.AVAILABILITY, str(outage.row or outage.hall)), len(numbers))
            touched = np.array([period.touches(outage.start, outage.until) for period in periods])
            for p, place in enumerate(places):
                if in_place(place, outage.row, outage.hall):
                    cause[p, touched] = number
    return cause, tuple(numbers)


def _node_cause(forest: Forest, v: int) -> tuple[Rule, str]:
    rule = Rule.SUPPLY if forest.supply_binds[v].any() else Rule.AVAILABILITY
    return rule, forest.nodes[v].name


def probe_day(scenario: Scenario) -> date:
    """The day on which the incumbent says who holds what when the horizon starts."""
    start = scenario.horizon.start
    plan = scenario.incumbent
    if plan is None or not plan.periods:
        return start
    try:
        first = parse_day(plan.periods[0])
    except ValueError:  # a label that is no date says nothing of when the plan began
        return start
    return add_days(start, -1) if first < start else start


def lower_racks(
    scenario: Scenario, positions: Positions, demands: Sequence[DemandData], periods: Sequence[Period]
) -> Racks:
    """Racks with their availability, eligibility, pins and what the incumbent says of them."""
    racks = scenario.facility.racks
    kinds = {kind.name: k for k, kind in enumerate(scenario.facility.rack_types)}
    kind = np.array([kinds[rack.rack_type] for rack in racks], dtype=np.int64)
    position = _standing(scenario, positions)
    usable = _available(scenario, periods)
    fixed = position >= 0
    usable[fixed] &= positions.ok[position[fixed]]
    held, last, ready = _incumbent_state(scenario, demands, periods)
    eligible = _eligible(scenario, demands, kind)
    names, in_term = [data.name for data in demands], _in_term(demands, periods)
    return Racks(
        names=tuple(rack.name for rack in racks),
        type=kind,
        position=position,
        usable=usable,
        eligible=eligible,
        pin=lower_pins(scenario, names, in_term, position, eligible, periods),
        held=held,
        last=last,
        ready=ready,
        powered_before=_powered_before(scenario, held),
    )


def _in_term(demands: Sequence[DemandData], periods: Sequence[Period]) -> Bools:
    """(D, T) periods that each demand's term touches."""
    return np.array([data.in_term for data in demands], dtype=bool).reshape(len(demands), len(periods))


def place_pins(scenario: Scenario, demands: Sequence[DemandData], periods: Sequence[Period]) -> tuple[PlacePin, ...]:
    """Pins of rows and halls, for deliveries."""
    return lower_place_pins(scenario, [data.name for data in demands], _in_term(demands, periods), periods)


def _standing(scenario: Scenario, positions: Positions) -> Ints:
    index = {name: p for p, name in enumerate(positions.names)}
    placed: dict[str, str] = {}
    if scenario.incumbent is not None:
        probe = probe_day(scenario)
        placed = {
            placement.rack: placement.position
            for placement in scenario.incumbent.placements
            if placement.start <= probe
        }
    stand = [rack.position or placed.get(rack.name) for rack in scenario.facility.racks]
    return np.array([NOBODY if name is None else index.get(name, NOBODY) for name in stand], dtype=np.int64)


def _available(scenario: Scenario, periods: Sequence[Period]) -> Bools:
    usable = np.zeros((len(scenario.facility.racks), len(periods)), dtype=bool)
    known: dict[tuple[date | None, date | None], Bools] = {}
    starts = {}
    for r, rack in enumerate(scenario.facility.racks):
        if rack.status not in ("active", "planned") or (rack.status == "planned" and rack.available_from is None):
            continue
        asked = (rack.rack_type, rack.status, rack.available_from)
        if asked not in starts:
            starts[asked] = rack_start(scenario, rack)
        dates = (starts[asked], rack.available_until)
        if dates not in known:
            known[dates] = np.array([period.inside(*dates) for period in periods])
        usable[r] = known[dates]
    return usable


def _eligible(scenario: Scenario, demands: Sequence[DemandData], kind: Ints) -> Bools:
    tenants = {contract.tenant for contract in scenario.all_contracts}
    eligible = np.zeros((len(kind), len(demands)), dtype=bool)
    owner = np.array([rack.tenant if rack.tenant in tenants else "" for rack in scenario.facility.racks], dtype=object)
    for d, data in enumerate(demands):
        tenant = getattr(data.demand, "tenant", None)
        eligible[:, d] = np.isin(kind, data.types) & ((owner == "") | (owner == tenant))
    return eligible


def _incumbent_state(
    scenario: Scenario, demands: Sequence[DemandData], periods: Sequence[Period]
) -> tuple[Ints, Ints, Ints]:
    """(held, last, ready) of every rack; see :class:`Racks`."""
    racks: tuple[Rack, ...] = scenario.facility.racks
    held, last = np.full(len(racks), NOBODY), np.full(len(racks), NOBODY)
    ready = np.zeros(len(racks), dtype=np.int64)
    if scenario.incumbent is None:
        return held, last, ready
    probe, start = probe_day(scenario), scenario.horizon.start
    index = {data.name: d for d, data in enumerate(demands)}
    latest = _latest_assignments(scenario.incumbent, probe)
    for r, rack in enumerate(racks):
        if (found := latest.get(rack.name)) is None:
            continue
        begin_free = add_days(min(found[1], start), scenario.policy.handover_days)
        last[r] = index.get(found[0], UNPLANNED)
        ready[r] = sum(period.start < begin_free for period in periods)
        if found[1] > probe:
            held[r] = index.get(found[0], NOBODY)
    return held, last, ready


def _latest_assignments(plan: Plan, probe: date) -> dict[str, tuple[str, date]]:
    latest: dict[str, tuple[str, date]] = {}
    for assignment in sorted(plan.assignments, key=lambda a: a.start):
        if assignment.start <= probe:
            latest[assignment.rack] = (assignment.demand, assignment.until)
    return latest


def _powered_before(scenario: Scenario, held: Ints) -> Bools:
    if scenario.incumbent is not None and scenario.policy.idle == "off":
        return np.asarray(held != NOBODY)
    start = scenario.horizon.start
    return np.array(
        [
            r.status == "active" and (r.available_from is None or r.available_from < start)
            for r in scenario.facility.racks
        ]
    )
