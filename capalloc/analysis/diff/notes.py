"""What a comparison leaves out or does not know, and how to get it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from capalloc.analysis.base import Base
from capalloc.analysis.diff.risk import Bases
from capalloc.calendar import format_day
from capalloc.schema.diff import Move, Overlap
from capalloc.schema.plan import Plan

_ORDINALS = ("first", "second")


def notes_of(plans: tuple[Plan, Plan], bases: Bases, overlap: Overlap, moves: Sequence[Move]) -> Iterator[str]:
    """Sentences: which days are compared, what figures count, and what is not known without a scenario."""
    yield from _days(plans, overlap)
    yield from _prospects(plans)
    yield from _first_day(bases[1], overlap, moves)
    yield from _missing(plans, bases, moves)


def _days(plans: tuple[Plan, Plan], overlap: Overlap) -> Iterator[str]:
    alone = (overlap.first_alone, overlap.second_alone)
    if any(alone):
        days = f"from {format_day(overlap.start)} until {format_day(overlap.until)}"
        yield f"Only the days that both plans cover are compared, {days}; {_left_out(alone)}."
    if not overlap.periods:
        yield (
            "No period has the same days in both plans (months beside weeks?): racks are compared day by day, demands "
            "and dollars are not; plan both by the same period."
        )
    if any(alone) or plans[0].scenario_sha256 != plans[1].scenario_sha256:
        yield _two_problems(plans)


def _prospects(plans: tuple[Plan, Plan]) -> Iterator[str]:
    asked = [(", ".join(plan.prospects), word) for plan, word in zip(plans, _ORDINALS, strict=True) if plan.prospects]
    if asked:
        yield f"Prospects count as if signed: {' and '.join(f'{names} in the {word} plan' for names, word in asked)}."


def _first_day(second: Base | None, overlap: Overlap, moves: Sequence[Move]) -> Iterator[str]:
    """How many racks are elsewhere at once, where the second plan knows nothing of today."""
    today = sum(move.date == overlap.start for move in moves)
    if today and not (second is not None and second.scenario.incumbent is not None):
        yield (
            f"{today:,} of {len(moves):,} lines are of the first day, {format_day(overlap.start)}: the second plan "
            "puts racks elsewhere at once. A plan whose scenario names the first as `incumbent` moves a rack only "
            "where that pays."
        )


def _left_out(alone: tuple[int, int]) -> str:
    counts = [f"{number} of the {word}'s" for number, word in zip(alone, _ORDINALS, strict=True) if number]
    return f"periods left out: {' and '.join(counts)}"


def _two_problems(plans: tuple[Plan, Plan]) -> str:
    one, two = plans
    if one.scenario_sha256 == two.scenario_sha256:
        return "The objectives are of different horizons and do not compare."
    if one.scenario == two.scenario:
        return f"The plans are of two versions of '{one.scenario}': their objectives do not compare by themselves."
    return f"The plans are of '{one.scenario}' and '{two.scenario}': their objectives do not compare by themselves."


def _missing(plans: tuple[Plan, Plan], bases: Bases, moves: Sequence[Move]) -> Iterator[str]:
    if bases == (None, None):
        known = sum(move.position is not None for move in moves)
        where = f"; positions are known of racks that a plan places, {known:,} of {len(moves):,} lines" if moves else ""
        yield (
            "Without a scenario the plans are not checked, and hall, row and feeds of racks, hand-over days, firm fees "
            f"and headroom are not known{where}: --scenario SCENARIO tells."
        )
        return
    for plan, base, word in zip(plans, bases, _ORDINALS, strict=True):
        if base is None:
            yield (
                f"The {word} plan's scenario was not given ('{plan.scenario}', sha256 {plan.scenario_sha256[:12]}): "
                "it is not checked, and its firm fees and headroom are not known; a further --scenario tells."
            )
