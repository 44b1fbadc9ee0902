"""Dates of a plan: derived by hand for the twelve racks, counted rack by rack elsewhere."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from capalloc import PlannerParams, load_scenario, solve
from capalloc.analysis.picture import Pictured
from capalloc.analysis.picture.marks import Kind, Mark, marks_of
from capalloc.schema.scenario import Scenario
from tests.byhand import by_hand, contract, facility, rack_type
from tests.html.sites import hostile, over_time

EXAMPLES = Path(__file__).parents[3] / "examples"
MOVES = (Kind.HAND_OVER, Kind.START, Kind.STOP)


def pictured(scenario: Scenario) -> Pictured:
    plan = solve(scenario, params=PlannerParams(gap=0.05, time_limit=30.0)).plan
    assert plan is not None
    return Pictured(scenario, plan)


def told(marks: list[Mark], *kinds: Kind) -> list[tuple[Any, ...]]:
    return [(one.day.isoformat(), one.subject, one.amount, one.other) for one in marks if one.kind in kinds]


def test_twelve_racks_change_hands_as_the_feeder_allows() -> None:
    # The feeder carries 10 racks until August: 3 + 7, 6 + 4, 9 + 1 racks of lease and inference; then 9 + 3.
    marks = marks_of(pictured(load_scenario(EXAMPLES / "tiny.yaml")))
    assert told(marks, *MOVES) == [
        ("2026-06-01", "lease", 3, "inference"),
        ("2026-07-01", "lease", 3, "inference"),
        ("2026-08-01", "inference", 2, ""),
    ]
    assert told(marks, Kind.SUPPLY) == [("2026-08-01", "second", 500.0, "feeder")]
    # The initial term of three months ends on 1 August; notice of 90 days may be given then.
    assert told(marks, Kind.COULD_END, Kind.ENDS) == [("2026-10-30", "lease", 0, ""), ("2026-11-01", "lease", 0, "")]
    steps = [(one.day.month, one.subject, one.before, one.amount, one.unit) for one in marks if one.kind is Kind.STEP]
    assert steps == [
        (5, "inference", 0, 8, "rack"),
        (5, "lease", 0, 300, "kw"),
        (6, "lease", 300, 600, "kw"),
        (7, "inference", 8, 6, "rack"),
        (7, "lease", 600, 900, "kw"),
        (9, "inference", 6, 3, "rack"),
    ]


@pytest.mark.parametrize("scenario", [hostile(), over_time("day", date(2026, 5, 20), 45)], ids=["hostile", "days"])
def test_moves_are_those_of_the_assignments_rack_by_rack(scenario: Scenario) -> None:
    shown = pictured(scenario)
    counted: Counter[tuple[date, Kind, str, str]] = Counter()
    for rack in {one.rack for one in shown.plan.assignments}:
        spans = sorted((one.start, one.until, one.demand) for one in shown.plan.assignments if one.rack == rack)
        last = None
        for number, (start, until, demand) in enumerate(spans):
            if start > scenario.horizon.start:
                hands = last is not None and last != demand
                counted[start, Kind.HAND_OVER if hands else Kind.START, demand, last if hands and last else ""] += 1
            goes_on = number + 1 < len(spans) and spans[number + 1][0] == until
            if until < scenario.horizon.end and not goes_on:
                counted[until, Kind.STOP, demand, ""] += 1
            last = demand
    found = {(one.day, one.kind, one.subject, one.other): one.amount for one in marks_of(shown) if one.kind in MOVES}
    assert found == counted


def test_what_the_incumbent_had_serve_others_changes_hands_on_the_first_day() -> None:
    before = by_hand(contracts=[])
    plan = solve(before).plan
    assert plan is not None
    after = by_hand(workloads=[], incumbent=plan.model_dump(mode="json", by_alias=True) | {"scenario": "by-hand"})
    unknown = after.replace(incumbent=None)
    first = [one for one in marks_of(pictured(after)) if one.kind in MOVES and one.day == after.horizon.start]
    assert sum(one.amount for one in first if one.kind in (Kind.HAND_OVER, Kind.START)) == 2  # 160 kW of 80 kW
    assert not [one for one in marks_of(pictured(unknown)) if one.kind in MOVES and one.day == after.horizon.start]


def test_events_deliveries_and_supplies_have_their_days() -> None:
    racks = [{"name": f"k{n:02}", "rack_type": "hgx", "position": f"p{n}"} for n in range(8)]
    racks += [
        {"name": "late", "rack_type": "hgx", "position": "p8", "status": "planned", "available_from": "2026-06-10"},
        {"name": "gone", "rack_type": "hgx", "position": "p9", "available_until": "2026-09-01"},
        {"name": "sick", "rack_type": "hgx", "position": "p10", "status": "maintenance"},
        {"name": "old", "rack_type": "hgx", "status": "retired", "available_from": "2026-07-01"},
    ]
    supplies = [
        {"name": "gas", "node": "grid", "kw": 900, "until": "2026-09-01"},
        {"name": "line", "node": "grid", "kw": 400, "from": "2026-07-01"},
    ]
    signed = contract(name="signed", tenant="New", ramp=[{"from": "2026-07", "mw": 0.08}], until="2027-05")
    scenario = by_hand(
        facility=facility(racks=racks, supplies=supplies, rack_types=[rack_type()]),
        contracts=[contract(termination={"notice_days": 30, "by": "tenant"})],
        events=[
            {"type": "notice", "contract": "lease", "by": "tenant", "on": "2026-06-15"},
            {"type": "outage", "node": "u1", "from": "2026-08-03", "until": "2026-08-05"},
            {"type": "delay", "supply": "line", "days": 31},
            {"type": "delay", "rack_type": "hgx", "days": 5},
            {"type": "supply", "name": "more", "node": "grid", "kw": 50, "from": "2026-10"},
            {"type": "sign", "contract": signed, "on": "2026-07-10"},
        ],
    )
    marks = marks_of(pictured(scenario))
    power = [(one.kind, one.day.isoformat(), one.subject, one.was) for one in marks if one.unit == "kw"]
    assert [one for one in power if one[0] is not Kind.STEP] == [
        (Kind.SUPPLY, "2026-08-01", "line", date(2026, 7, 1)),
        (Kind.SUPPLY_ENDS, "2026-09-01", "gas", None),
        (Kind.SUPPLY, "2026-10-01", "more", None),
    ]
    assert told(marks, Kind.DELIVERY, Kind.LEAVES) == [("2026-06-15", "hgx", 1, ""), ("2026-09-01", "hgx", 1, "")]
    assert told(marks, Kind.SIGNED, Kind.NOTICE) == [
        ("2026-06-15", "lease", 0, "tenant"),
        ("2026-07-10", "signed", 0, "New"),
    ]
    # Notice of 30 days on 15 June ends the lease on 15 July; the signed one goes on beyond the horizon.
    assert told(marks, Kind.ENDS) == [("2026-07-15", "lease", 0, "")]
    lasting = [(one.kind, one.day, one.until) for one in marks if one.until is not None]
    assert lasting == [
        (Kind.MAINTENANCE, date(2026, 5, 1), date(2026, 11, 1)),
        (Kind.OUTAGE, date(2026, 8, 3), date(2026, 8, 5)),
    ]


def test_a_delayed_ramp_says_when_it_was_to_begin() -> None:
    scenario = by_hand(events=[{"type": "delay", "contract": "lease", "until": "2026-06"}])
    steps = [(one.day.month, one.was) for one in marks_of(pictured(scenario)) if one.subject == "lease" and one.unit]
    # Both steps, of 1 May and 1 July, come 31 days later.
    assert steps[0] == (6, date(2026, 5, 1))
    assert (8, date(2026, 7, 1)) in steps


def test_all_dates_lie_in_the_horizon_and_come_in_order() -> None:
    scenario = hostile()
    marks = marks_of(pictured(scenario))
    assert [one.day for one in marks] == sorted(one.day for one in marks)
    assert all(one.day <= scenario.horizon.end for one in marks)
