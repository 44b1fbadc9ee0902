"""The policy: commissioning limits, hand-over, budget of moves, freeze; repairs are laxer values."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial

from capalloc.analysis.edits import with_bring_up, with_policy
from capalloc.analysis.explain.family import Family
from capalloc.analysis.explain.requirement import Kind, Requirement
from capalloc.analysis.explain.span import Span, starts_before
from capalloc.analysis.explain.words import power
from capalloc.calendar import format_day
from capalloc.instance.model import Instance
from capalloc.units import KW_PER_MW


def requirements(instance: Instance) -> Iterator[Requirement]:
    """Bring-up limits, hand-over, budget of moves, freeze."""
    policy = instance.scenario.policy
    bring_up = policy.bring_up
    if bring_up.racks_per_period is not None:
        says = f"at most {bring_up.racks_per_period} racks newly powered in a period"
        yield Requirement(Kind.BRING_UP_RACKS, "policy", says, scenario=partial(with_bring_up, racks_per_period=None))
    if bring_up.mw_per_period is not None:
        says = f"site load grows by at most {power(bring_up.mw_per_period * KW_PER_MW)} in a period"
        yield Requirement(Kind.BRING_UP_MW, "policy", says, scenario=partial(with_bring_up, mw_per_period=None))
    if policy.handover_days > 0:
        says = f"{policy.handover_days} days of hand-over between two demands"
        yield Requirement(Kind.HAND_OVER, "policy", says, scenario=partial(with_policy, handover_days=0))
    if policy.max_moves_per_period is not None:
        says = f"at most {policy.max_moves_per_period} moves in a period"
        yield Requirement(Kind.MOVES, "policy", says, scenario=partial(with_policy, max_moves_per_period=None))
    if policy.freeze_until is not None:
        says = f"assignments before {format_day(policy.freeze_until)} kept as they were"
        yield Requirement(Kind.FREEZE, "policy", says, scenario=partial(with_policy, freeze_until=None))


def families(instance: Instance, one: Requirement, span: Span) -> Iterator[Family]:
    """Higher limits, fewer days of hand-over, an earlier end of the freeze."""
    policy = instance.scenario.policy
    most = len(instance.racks.names) + 1
    match one.kind:
        case Kind.FREEZE:
            yield _freeze(instance, one)
        case Kind.BRING_UP_RACKS:
            now = policy.bring_up.racks_per_period or 0
            yield Family.of(
                one,
                most,
                lambda s, n: with_bring_up(s, racks_per_period=now + n),
                lambda n: f"bring-up: {now + n:,} racks a period in place of {now:,}",
            )
        case Kind.BRING_UP_MW:
            yield _bring_up_kw(instance, one)
        case Kind.HAND_OVER:
            days = policy.handover_days
            yield Family.of(
                one,
                days,
                lambda s, n: with_policy(s, handover_days=days - n),
                lambda n: f"hand-over: {days - n:,} days in place of {days:,}",
            )
        case Kind.MOVES:
            budget = policy.max_moves_per_period or 0
            yield Family.of(
                one,
                most,
                lambda s, n: with_policy(s, max_moves_per_period=budget + n),
                lambda n: f"moves: {budget + n:,} a period in place of {budget:,}",
            )


def _freeze(instance: Instance, one: Requirement) -> Family:
    until = instance.scenario.policy.freeze_until
    assert until is not None
    days: list[date | None] = [day for day in starts_before(instance, until) if day != instance.periods[0].start]
    days.append(None)

    def says(n: int) -> str:
        day = days[n - 1]
        return "freeze: " + ("dropped" if day is None else f"until {format_day(day)} in place of {format_day(until)}")

    return Family.of(one, len(days), lambda s, n: with_policy(s, freeze_until=days[n - 1]), says)


def _bring_up_kw(instance: Instance, one: Requirement) -> Family:
    """kW by kW up to what all racks draw."""
    scenario = instance.scenario
    now = round((scenario.policy.bring_up.mw_per_period or 0.0) * KW_PER_MW, 6)
    draw = max(kind.nameplate_kw for kind in scenario.facility.rack_types)
    most = int(draw * float(instance.positions.site_weight.max(initial=1)) * (len(instance.racks.names) + 1)) + 1
    return Family.of(
        one,
        most,
        lambda s, n: with_bring_up(s, mw_per_period=(now + n) / KW_PER_MW),
        lambda n: f"bring-up: site load may grow by {power(now + n)} a period, not {power(now)}",
    )
