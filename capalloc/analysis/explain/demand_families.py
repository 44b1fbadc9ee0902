"""Repairs of demands, pins and policy: looser rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import numpy as np

from capalloc.analysis.explain.demand_rules import released, without_pin
from capalloc.analysis.explain.edits import (
    contract_of,
    demand_of,
    with_bring_up,
    with_demand,
    with_policy,
)
from capalloc.analysis.explain.family import CONSENT, Family
from capalloc.analysis.explain.problem import Problem
from capalloc.analysis.explain.requirement import Kind, Requirement, power
from capalloc.calendar import format_day
from capalloc.schema.scenario import Scenario
from capalloc.units import KW_PER_MW

_OFF = "what the change costs in operation"
_PINNED = "what the pin is for"
_PERCENT = 100


def demand_families(problem: Problem, one: Requirement) -> Iterator[Family]:
    """Repairs of a rule of a demand, a pin or the policy."""
    scenario, policy = problem.scenario, problem.scenario.policy
    most = len(problem.base.racks.names) + 1
    match one.kind:
        case Kind.PIN:
            pin = scenario.pins[one.index]
            yield _one(one, lambda s: without_pin(s, pin), f"{one.where}: pin dropped ({one.says})", _PINNED)
        case Kind.FREEZE:
            yield _freeze(problem, one)
        case Kind.BRING_UP_RACKS:
            now = policy.bring_up.racks_per_period or 0
            yield _count(
                one,
                most,
                lambda s, n: with_bring_up(s, racks_per_period=now + n),
                lambda n: f"bring-up: {now + n:,} racks a period in place of {now:,}",
            )
        case Kind.BRING_UP_MW:
            yield _bring_up_kw(problem, one)
        case Kind.HAND_OVER:
            days = policy.handover_days
            yield _count(
                one,
                days,
                lambda s, n: with_policy(s, handover_days=days - n),
                lambda n: f"hand-over: {days - n:,} days in place of {days:,}",
            )
        case Kind.MOVES:
            budget = policy.max_moves_per_period or 0
            yield _count(
                one,
                most,
                lambda s, n: with_policy(s, max_moves_per_period=budget + n),
                lambda n: f"moves: {budget + n:,} a period in place of {budget:,}",
            )
        case _:
            yield from _of_demand(problem, one)


def _of_demand(problem: Problem, one: Requirement) -> Iterator[Family]:
    scenario, name = problem.scenario, one.where
    match one.kind:
        case Kind.ISOLATION:
            levels = ["row", "none"] if demand_of(scenario, name).isolation == "hall" else ["none"]
            says = f"{name}: isolation {{}} in place of {demand_of(scenario, name).isolation}"
            yield _count(
                one,
                len(levels),
                lambda s, n: with_demand(s, name, isolation=levels[n - 1]),
                lambda n: says.format(levels[n - 1]),
                CONSENT,
            )
        case Kind.LOCALITY:
            yield _lots(scenario, one)
        case Kind.SPREAD:
            yield _spread(scenario, one)
        case Kind.HOMOGENEOUS:
            yield _one(
                one, lambda s: with_demand(s, name, homogeneous=False), f"{name}: several rack types at a time", CONSENT
            )
        case Kind.BUFFER:
            yield _buffer(scenario, one)
        case Kind.RACK_TYPES:
            yield _rack_types(scenario, one)
        case Kind.DEDICATION:
            says = f"{name}: {{:,}} of {len(one.racks):,} dedicated racks free for others"
            yield _count(one, len(one.racks), lambda s, n: released(s, name, n), says.format, CONSENT)
        case Kind.OVERSHOOT:
            yield _flexible(problem, one)
        case _:
            return


def _one(one: Requirement, edit: Callable[[Scenario], Scenario], says: str, unpriced: str | None = None) -> Family:
    return Family(one.kind, one.where, 1, lambda s, _: edit(s), lambda _: says, unpriced)


def _count(
    one: Requirement,
    last: int,
    edit: Callable[[Scenario, int], Scenario],
    says: Callable[[int], str],
    unpriced: str | None = _OFF,
) -> Family:
    return Family(one.kind, one.where, last, edit, says, unpriced)


def _freeze(problem: Problem, one: Requirement) -> Family:
    until = problem.scenario.policy.freeze_until
    assert until is not None
    days: list[date | None] = [p.start for p in reversed(problem.base.periods[1:]) if p.start < until]
    days.append(None)

    def says(n: int) -> str:
        day = days[n - 1]
        return "freeze: " + ("dropped" if day is None else f"until {format_day(day)} in place of {format_day(until)}")

    return _count(one, len(days), lambda s, n: with_policy(s, freeze_until=days[n - 1]), says)


def _bring_up_kw(problem: Problem, one: Requirement) -> Family:
    """kW by kW up to what all racks draw."""
    instance = problem.base
    now = round((problem.scenario.policy.bring_up.mw_per_period or 0.0) * KW_PER_MW, 6)
    draw = max(kind.nameplate_kw for kind in problem.scenario.facility.rack_types)
    most = int(draw * float(instance.positions.site_weight.max(initial=1)) * (len(instance.racks.names) + 1)) + 1
    return _count(
        one,
        most,
        lambda s, n: with_bring_up(s, mw_per_period=(now + n) / KW_PER_MW),
        lambda n: f"bring-up: site load may grow by {power(now + n)} a period, not {power(now)}",
    )


def _lots(scenario: Scenario, one: Requirement) -> Family:
    locality = demand_of(scenario, one.where).locality
    assert locality is not None
    now = locality.min_racks
    return _count(
        one,
        now - 1,
        lambda s, n: with_demand(s, one.where, locality=locality.replace(min_racks=now - n)),
        lambda n: f"{one.where}: lots of {now - n:,} racks in place of {now:,}",
        CONSENT,
    )


def _spread(scenario: Scenario, one: Requirement) -> Family:
    spread = demand_of(scenario, one.where).spread
    assert spread is not None

    def share(n: int) -> float:
        return min(round(spread.max_share + n / _PERCENT, 6), 1.0)

    last = int(np.ceil((1.0 - spread.max_share) * _PERCENT))
    says = f"{one.where}: up to {{:.4g}} of its racks on one {spread.node_kind} in place of {spread.max_share:.4g}"
    return _count(
        one,
        last,
        lambda s, n: with_demand(s, one.where, spread=spread.replace(max_share=share(n))),
        lambda n: says.format(share(n)),
        CONSENT,
    )


def _buffer(scenario: Scenario, one: Requirement) -> Family:
    now = demand_of(scenario, one.where).buffer_share

    def share(n: int) -> float:
        return max(round(now - n / _PERCENT, 6), 0.0)

    says = f"{one.where}: spares of {{:.4g}} in place of {now:.4g} of its racks"
    return _count(
        one,
        int(np.ceil(now * _PERCENT)),
        lambda s, n: with_demand(s, one.where, buffer_share=share(n)),
        lambda n: says.format(share(n)),
        CONSENT,
    )


def _rack_types(scenario: Scenario, one: Requirement) -> Family:
    """More accepted types, those of which there are most racks first."""
    demand = demand_of(scenario, one.where)
    kinds = [rack.rack_type for rack in scenario.facility.racks if rack.rack_type not in demand.rack_types]
    others = sorted(set(kinds), key=lambda kind: (-kinds.count(kind), kind))
    return _count(
        one,
        len(others),
        lambda s, n: with_demand(s, one.where, rack_types=(*demand.rack_types, *others[:n])),
        lambda n: f"{one.where}: accepts {', '.join(others[:n])} too",
        CONSENT,
    )


def _flexible(problem: Problem, one: Requirement) -> Family:
    now = contract_of(problem.scenario, one.where).flexible_mw
    most = int(sum(kind.nameplate_kw for kind in problem.scenario.facility.rack_types)) * len(problem.base.racks.names)
    says = f"{one.where}: flexible {{}} above its commitment in place of {power(now * KW_PER_MW)}"
    return _count(
        one,
        most,
        lambda s, n: with_demand(s, one.where, flexible_mw=now + n / KW_PER_MW),
        lambda n: says.format(power(now * KW_PER_MW + n)),
        CONSENT,
    )
