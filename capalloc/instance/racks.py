"""Lowers racks: what stands where, what is usable when, what is pinned or held."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from capalloc.calendar import Period, add_days, parse_day
from capalloc.instance.model import NOBODY, Bools, DemandData, Ints, Positions, Racks
from capalloc.instance.pins import PlacePin, lower_pins, lower_place_pins
from capalloc.instance.timeline import outages, rack_start
from capalloc.instance.where import Allowed
from capalloc.schema.checks.cached_check import cached_check
from capalloc.schema.facility import Facility, Rack
from capalloc.schema.plan import Plan
from capalloc.schema.scenario import Scenario

UNPLANNED = -3
"""In ``Racks.last``: a demand that this scenario does not plan."""


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
    scenario: Scenario,
    positions: Positions,
    demands: Sequence[DemandData],
    allowed: Allowed,
    periods: Sequence[Period],
) -> Racks:
    """Racks with their availability, eligibility, pins and what the incumbent says of them."""
    racks = scenario.facility.racks
    kinds = {kind.name: k for k, kind in enumerate(scenario.facility.rack_types)}
    kind = np.array([kinds[rack.rack_type] for rack in racks], dtype=np.int64)
    position = _standing(scenario, positions)
    there = _available(scenario, periods)
    usable = there & ~_out(scenario, periods)
    fixed = position >= 0
    usable[fixed] &= positions.ok[position[fixed]]
    held, last, ready = _incumbent_state(scenario, demands, periods)
    eligible = _eligible(scenario, demands, kind)
    inside = np.ones_like(eligible)
    inside[fixed] = allowed.places[allowed.kin[fixed], :, position[fixed]]
    names, in_term = [data.name for data in demands], _in_term(demands, periods)
    return Racks(
        names=tuple(rack.name for rack in racks),
        type=kind,
        position=position,
        arrival=tuple(_arrivals(there, periods)),
        usable=usable,
        eligible=eligible,
        kin=allowed.kin,
        inside=inside,
        pin=lower_pins(scenario, names, in_term, position, eligible & inside, periods),
        held=held,
        last=last,
        ready=ready,
        powered_before=_powered_before(scenario, held),
    )


def _arrivals(there: Bools, periods: Sequence[Period]) -> Iterator[date | None]:
    """The first day of the first period in which each rack is there."""
    for r, t in enumerate(there.argmax(axis=1).tolist()):
        yield periods[t].start if there[r, t] else None


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


@dataclass(frozen=True, slots=True)
class _Dates:
    """The racks of a site by what says when they are there."""

    examples: tuple[Rack, ...]
    """The first of those that are alike."""
    alike: Ints
    """(R,) index into the examples."""


@cached_check
def _dates(site: Facility) -> _Dates:
    """Found once, since scenarios of one site share them."""
    found: dict[tuple[str, str, date | None, date | None], Rack] = {}
    keys = [(rack.rack_type, rack.status, rack.available_from, rack.available_until) for rack in site.racks]
    for key, rack in zip(keys, site.racks, strict=True):
        found.setdefault(key, rack)
    number = {key: n for n, key in enumerate(found)}
    return _Dates(tuple(found.values()), np.array([number[key] for key in keys], dtype=np.int64))


def _available(scenario: Scenario, periods: Sequence[Period]) -> Bools:
    dates = _dates(scenario.facility)
    there = np.zeros((len(dates.examples), len(periods)), dtype=bool)
    for n, rack in enumerate(dates.examples):
        if rack.status == "active" or (rack.status == "planned" and rack.available_from is not None):
            span = rack_start(scenario, rack), rack.available_until
            there[n] = [period.inside(*span) for period in periods]
    return there[dates.alike]


def _out(scenario: Scenario, periods: Sequence[Period]) -> Bools:
    """(R, T) racks in an outage of one of their own labels."""
    out = np.zeros((len(scenario.facility.racks), len(periods)), dtype=bool)
    for outage in outages(scenario):
        touched = np.array([period.touches(outage.start, outage.until) for period in periods])
        mine = [r for r, rack in enumerate(scenario.facility.racks) if outage.on_label(rack.labels)]
        out[mine] |= touched
    return out


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
    latest, starts = _latest_assignments(scenario.incumbent, probe), [period.start for period in periods]
    for r, rack in enumerate(racks):
        if (found := latest.get(rack.name)) is None:
            continue
        begin_free = add_days(min(found[1], start), scenario.policy.handover_days)
        last[r] = index.get(found[0], UNPLANNED)
        ready[r] = bisect_left(starts, begin_free)
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
    start, dates = scenario.horizon.start, _dates(scenario.facility)
    ran = [r.status == "active" and (r.available_from is None or r.available_from < start) for r in dates.examples]
    return np.array(ran, dtype=bool)[dates.alike]
