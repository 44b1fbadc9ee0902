"""The order of work of ``capalloc diff``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from capalloc.analysis.base import Base, about_of, base_of
from capalloc.analysis.diff.days import overlap_of, periods_of_plan
from capalloc.analysis.diff.money import demand_diffs, usd_of
from capalloc.analysis.diff.notes import notes_of
from capalloc.analysis.diff.otherwise import spans_between
from capalloc.analysis.diff.places import Places, Spot, placed_by, places_of
from capalloc.analysis.diff.risk import Bases, risk_of
from capalloc.analysis.diff.spans import Timeline, timelines
from capalloc.analysis.diff.stands import stands_between
from capalloc.analysis.diff.work import Work, work_between
from capalloc.calendar import Period
from capalloc.errors import PlanFileError
from capalloc.formats import scenario_sha256
from capalloc.schema.diff import Diff, Move, Overlap
from capalloc.schema.plan import Plan
from capalloc.schema.scenario import Scenario

Lines = dict[str, Timeline]
"""What each rack does."""
NAMES = ("the first plan", "the second plan")


def diff(first: Plan, second: Plan, *scenarios: Scenario, names: tuple[str, str] = NAMES) -> Diff:
    """What the second plan changes of the first: MW, dollars, risk, and the work of racks day by day.

    They may be of different scenarios and horizons: the days that both cover are compared. ``scenarios`` are what they
    were made from, one or both: with these it is known where racks stand, how long hand-over takes, what of the fees
    is firm, and how near nodes are to their limits. ``names`` are what refusals call the plans.

    Raises PlanFileError where a scenario is neither plan's, or a plan of it breaks its rules; NoAnswerError where the
    plans have no day in common.
    """
    plans = (first, second)
    bases = _bases(plans, scenarios, names)
    periods = [_periods(plan, base, name) for plan, base, name in zip(plans, bases, names, strict=True)]
    overlap = overlap_of(periods[0], periods[1])
    places = places_of(base.scenario for base in (bases[1], bases[0]) if base is not None)
    lines = _lines(plans, names, overlap)
    moves = tuple(_moves(plans, lines, bases, places, overlap))
    stands = tuple(stands_between(first, second, places, overlap.start, overlap.until))
    demands = tuple(demand_diffs(first, second, overlap.periods))
    alike = not overlap.first_alone and not overlap.second_alone and first.scenario_sha256 == second.scenario_sha256
    differs = moves or stands or demands or not overlap.periods
    return Diff(
        about=(about_of(first), about_of(second)),
        same=not differs,
        overlap=overlap,
        objective_usd=(first.objective_usd, second.objective_usd),
        difference_usd=second.objective_usd - first.objective_usd if alike else None,
        best_difference_usd=_between_best(first, second) if alike else None,
        usd=(usd_of(first, overlap.periods), usd_of(second, overlap.periods)),
        demands=demands,
        moves=moves,
        spans=tuple(spans_between(*lines, overlap.start, overlap.until)),
        stands=stands,
        risk=risk_of(plans, bases, overlap),
        notes=tuple(notes_of(plans, bases, overlap, moves)),
    )


def _bases(plans: tuple[Plan, Plan], scenarios: Sequence[Scenario], names: tuple[str, str]) -> Bases:
    """Each plan with its scenario, where that is given, checked."""
    known = {scenario_sha256(scenario): scenario for scenario in scenarios}
    for sha256, scenario in known.items():
        if sha256 not in {plan.scenario_sha256 for plan in plans}:
            first_for, second_for = (_made_for(plan, scenario) for plan in plans)
            made_for = f"both for {first_for}" if first_for == second_for else f"for {first_for} and {second_for}"
            raise PlanFileError(
                f"neither {names[0]} nor {names[1]} was made for the scenario '{scenario.name}' as it is, but "
                f"{made_for}; leave it out, or give theirs"
            )
    first, second = (
        base_of(known[plan.scenario_sha256], plan, name=name) if plan.scenario_sha256 in known else None
        for plan, name in zip(plans, names, strict=True)
    )
    if first is not None and second is not None and _made_alike(*plans):
        second = replace(second, compiled=partial(getattr, first, "instance"))
    return first, second


def _made_alike(first: Plan, second: Plan) -> bool:
    """Whether the scenario is compiled in the same way for both."""
    return (first.scenario_sha256, set(first.prospects)) == (second.scenario_sha256, set(second.prospects))


def _made_for(plan: Plan, scenario: Scenario) -> str:
    return "another version of it" if plan.scenario == scenario.name else f"'{plan.scenario}'"


def _periods(plan: Plan, base: Base | None, name: str) -> tuple[Period, ...]:
    return periods_of_plan(plan, name) if base is None else base.scenario.horizon.periods


def _between_best(first: Plan, second: Plan) -> tuple[float, float]:
    """What the best plan of the second's scenario is worth more than that of the first's, at least and at most."""
    return second.objective_usd - first.bound_usd, second.bound_usd - first.objective_usd


def _lines(plans: tuple[Plan, Plan], names: tuple[str, str], overlap: Overlap) -> tuple[Lines, Lines]:
    """What racks do in each plan on the days that both cover."""
    first, second = (
        timelines(plan, overlap.start, overlap.until, name) for plan, name in zip(plans, names, strict=True)
    )
    return first, second


def _moves(
    plans: tuple[Plan, Plan], lines: tuple[Lines, Lines], bases: Bases, places: Places, overlap: Overlap
) -> Iterator[Move]:
    """Work with the places where racks stand, by day: what is cancelled, then the rest, as one walks."""
    placed = placed_by(plans[0]), placed_by(plans[1])
    handover = next((base.scenario.policy.handover_days for base in (bases[1], bases[0]) if base is not None), None)
    found = []
    for work in work_between(*lines, overlap.start):
        position = placed[0 if work.change == "cancelled" else 1].get(work.rack)
        found.append((work, places.spot(work.rack, position)))
    found.sort(key=lambda one: (one[0].switch.day, one[0].change != "cancelled", one[1].order, one[0].rack))
    yield from (_move(work, spot, handover) for work, spot in found)


def _move(work: Work, spot: Spot, handover: int | None) -> Move:
    before, after = work.switch.before, work.switch.after
    return Move(
        date=work.switch.day,
        rack=work.rack,
        change=work.change,
        was=work.was,
        source=before.demand,
        to=after.demand,
        source_state=before.state,
        to_state=after.state,
        rack_type=spot.rack_type,
        hall=spot.hall,
        row=spot.row,
        position=spot.position,
        feeds=spot.feeds,
        last=work.last,
        free_since=work.free_since,
        next=work.next,
        next_on=work.next_on,
        handover_days=handover if work.last is not None else None,
    )
