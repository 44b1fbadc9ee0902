"""The site: reserve, static loads, and the dates of nodes, supplies and zones; repairs are less load, other dates."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from typing import Any

import numpy as np

from capalloc.analysis.edits import all_supplies, node_of, with_node, with_policy, with_supply, with_zone
from capalloc.analysis.explain.family import EQUIPMENT, Family
from capalloc.analysis.explain.requirement import Kind, Requirement
from capalloc.analysis.explain.requirements.limits import bridge
from capalloc.analysis.explain.rows import SITE
from capalloc.analysis.explain.span import Span, ends_after, starts_before
from capalloc.analysis.explain.words import dates, power
from capalloc.calendar import format_day
from capalloc.instance.model import Instance
from capalloc.schema.facility import CoolingZone, PowerNode
from capalloc.schema.scenario import Scenario
from capalloc.units import KW_PER_MW


def requirements(instance: Instance) -> Iterator[Requirement]:
    """Reserve, then static load and dates of each node, dates of supplies and of zones."""
    scenario = instance.scenario
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


def families(instance: Instance, one: Requirement, span: Span) -> Iterator[Family]:
    """Less load or reserve, an earlier start, a later end, or a further supply while one is missing."""
    match one.kind:
        case Kind.STATIC_LOAD:
            node = node_of(instance.scenario, one.where)
            yield _less(
                one, node.static_load_kw, lambda s, kw: with_node(s, node.name, static_load_kw=kw), "static load"
            )
        case Kind.RESERVE:
            reserve = instance.scenario.policy.reserve_mw * KW_PER_MW
            yield _less(one, reserve, lambda s, kw: with_policy(s, reserve_mw=kw / KW_PER_MW), "reserve", None)
        case Kind.SUPPLY_DATES | Kind.NODE_DATES | Kind.ZONE_DATES:
            yield from _other_dates(instance, one)
            yield from bridge(instance, one, span)


def _of_node(scenario: Scenario, node: PowerNode) -> Iterator[Requirement]:
    if node.static_load_kw > 0:
        says = f"{power(node.static_load_kw)} that is always there"
        yield Requirement(
            Kind.STATIC_LOAD, node.name, says, scenario=partial(with_node, name=node.name, static_load_kw=0.0)
        )
    if _dated(node):
        edit = partial(with_node, name=node.name, available_from=_early(scenario, node), available_until=None)
        yield Requirement(Kind.NODE_DATES, node.name, f"energised {dates(node)}", scenario=edit)


def _dated(record: PowerNode | CoolingZone) -> bool:
    return record.available_from is not None or record.available_until is not None


def _early(scenario: Scenario, record: PowerNode | CoolingZone) -> date | None:
    """A start that covers the horizon; it stays one where there is one, since delays need it."""
    start = record.available_from
    return start and min(start, scenario.horizon.start)


def _other_dates(instance: Instance, one: Requirement) -> Iterator[Family]:
    """An earlier start, or a later end."""
    edit: Callable[..., Scenario]
    edit, keys, records = {
        Kind.SUPPLY_DATES: (with_supply, ("start", "until"), all_supplies(instance.scenario)),
        Kind.NODE_DATES: (with_node, ("available_from", "available_until"), instance.scenario.facility.power),
        Kind.ZONE_DATES: (with_zone, ("available_from", "available_until"), instance.scenario.facility.cooling),
    }[one.kind]
    record: Any = next(record for record in records if record.name == one.where)
    start, until = (getattr(record, key) for key in keys)
    if start is not None and (days := starts_before(instance, start)):
        yield Family.dated(
            one,
            days,
            f"from {{}} in place of {format_day(start)}",
            lambda s, day: edit(s, record.name, **{keys[0]: day}),
        )
    if until is not None and (days := ends_after(instance, until)):
        yield Family.dated(
            one,
            days,
            f"until {{}} in place of {format_day(until)}",
            lambda s, day: edit(s, record.name, **{keys[1]: day}),
        )


def _less(
    one: Requirement,
    now_kw: float,
    edit: Callable[[Scenario, float], Scenario],
    word: str,
    unpriced: str | None = EQUIPMENT,
) -> Family:
    """Less of a load or of a reserve, by whole kW down to none."""

    def left(kw: int) -> float:
        return max(round(now_kw - kw, 6), 0.0)

    return Family(
        one.kind,
        one.where,
        int(np.ceil(now_kw)),
        lambda s, kw: edit(s, left(kw)),
        lambda kw: f"{one.where}: {word} {power(left(kw))} in place of {power(now_kw)}",
        unpriced,
    )
