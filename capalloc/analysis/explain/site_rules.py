"""Requirements of the site: limits of nodes and zones, static load, dates of nodes, supplies, zones and racks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import partial

import numpy as np

from capalloc.analysis.explain.edits import all_supplies, with_node, with_policy, with_site, with_supply, with_zone
from capalloc.analysis.explain.requirement import Kind, Requirement, RowKey, power
from capalloc.calendar import format_day
from capalloc.instance.model import NO_LIMIT_W, Instance, PackingRow
from capalloc.reduction.classes import binding_capable
from capalloc.schema.facility import CoolingZone, PowerNode, Rack
from capalloc.schema.record import Record
from capalloc.schema.rules import Rule
from capalloc.schema.scenario import Scenario
from capalloc.units import KW_PER_MW

_KINDS = {
    Rule.POWER: Kind.POWER,
    Rule.FAILOVER: Kind.FAILOVER,
    Rule.SUPPLY: Kind.SUPPLY,
    Rule.COOLING: Kind.COOLING,
}
SITE = "site"
"""Where the row of the reserve is."""


def row_keys(instance: Instance) -> list[RowKey]:
    """A key for each packing row that lasts when the scenario is changed elsewhere."""
    seen: Counter[tuple[str, str, str | None]] = Counter()
    keys = []
    for row in instance.rows:
        place = (row.rule.value, row.where, row.lost)
        keys.append((*place, seen[place]))
        seen[place] += 1
    return keys


def without_rows(instance: Instance, dropped: frozenset[RowKey]) -> Instance:
    """The instance without the limits of some rows."""
    unlimited = np.full(len(instance.periods), NO_LIMIT_W)
    rows = zip(instance.rows, row_keys(instance), strict=True)
    return replace(
        instance, rows=tuple(replace(row, limit_w=unlimited) if key in dropped else row for row, key in rows)
    )


def limit_requirements(instance: Instance) -> Iterator[Requirement]:
    """Limits that can be passed: of nodes normally and after a loss, of roots by supply, of cooling zones."""
    keys = row_keys(instance)
    for i in binding_capable(instance).tolist():
        row = instance.rows[i]
        if row.where != SITE:
            yield Requirement(_KINDS[row.rule], row.where, _limit_says(instance, row, keys[i]), row.lost, row=keys[i])


def heat_of(instance: Instance, key: RowKey) -> str:
    """``liquid``, ``air`` or ``total``: which heat of its zone a cooling row limits."""
    zone = next(zone for zone in instance.scenario.facility.cooling if zone.name == key[1])
    given = [heat for heat in ("liquid", "air", "total") if getattr(zone, f"{heat}_kw") is not None]
    return given[key[3]]


def _limit_says(instance: Instance, row: PackingRow, key: RowKey) -> str:
    if row.rule is Rule.FAILOVER:
        return f"limit after the loss of {row.lost}"
    if row.rule is Rule.COOLING:
        return f"limit on {heat_of(instance, key)} heat"
    return "limit by its supplies" if row.rule is Rule.SUPPLY else "limit in normal operation"


def site_requirements(scenario: Scenario) -> Iterator[Requirement]:
    """Reserve, static loads and every date of the tables."""
    if scenario.policy.reserve_mw > 0:
        says = f"{power(scenario.policy.reserve_mw * KW_PER_MW)} of headroom kept"
        yield Requirement(Kind.RESERVE, SITE, says, scenario=partial(with_policy, reserve_mw=0.0))
    for node in scenario.facility.power:
        yield from _of_node(scenario, node)
    start = scenario.horizon.start
    for supply in all_supplies(scenario):
        if supply.start is not None or supply.until is not None:
            early = supply.start and min(start, supply.start)
            says = f"{power(supply.kw)} {dates(supply, 'start', 'until')}"
            yield Requirement(
                Kind.SUPPLY_DATES,
                supply.name,
                says,
                scenario=partial(with_supply, name=supply.name, start=early, until=None),
            )
    for zone in scenario.facility.cooling:
        if _dated(zone):
            edit = partial(with_zone, name=zone.name, available_from=_early(scenario, zone), available_until=None)
            yield Requirement(Kind.ZONE_DATES, zone.name, f"cools {dates(zone)}", scenario=edit)
    yield from _rack_dates(scenario)


def _of_node(scenario: Scenario, node: PowerNode) -> Iterator[Requirement]:
    if node.static_load_kw > 0:
        says = f"{power(node.static_load_kw)} that is always there"
        yield Requirement(
            Kind.STATIC_LOAD, node.name, says, scenario=partial(with_node, name=node.name, static_load_kw=0.0)
        )
    if _dated(node):
        edit = partial(with_node, name=node.name, available_from=_early(scenario, node), available_until=None)
        yield Requirement(Kind.NODE_DATES, node.name, f"energised {dates(node)}", scenario=edit)


def _dated(record: PowerNode | CoolingZone | Rack) -> bool:
    return record.available_from is not None or record.available_until is not None


def _early(scenario: Scenario, record: PowerNode | CoolingZone) -> date | None:
    """A start that covers the horizon; it stays one where there is one, since delays need it."""
    start = record.available_from
    return start and min(start, scenario.horizon.start)


def dates(record: Record, start: str = "available_from", until: str = "available_until") -> str:
    """``from 2026-07 until 2026-09``, as far as given."""
    said = [(word, getattr(record, key)) for word, key in (("from", start), ("until", until))]
    return " ".join(f"{word} {format_day(day)}" for word, day in said if day is not None)


def _rack_dates(scenario: Scenario) -> Iterator[Requirement]:
    """One requirement for the racks of a type that share dates and status, and one for those in maintenance."""
    groups: dict[tuple[object, ...], list[Rack]] = {}
    for rack in scenario.facility.racks:
        if rack.status == "maintenance" or (rack.status in ("active", "planned") and _matters(scenario, rack)):
            key = (rack.rack_type, rack.status, rack.position is None, rack.available_from, rack.available_until)
            groups.setdefault(key, []).append(rack)
    for racks in groups.values():
        first, many = racks[0], f"{len(racks):,} rack" + "s" * (len(racks) > 1)
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
