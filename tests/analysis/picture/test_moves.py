"""Who leaves which racks when, to whom."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from capalloc import load_scenario, solve
from capalloc.analysis.picture import Pictured
from capalloc.analysis.picture.marks import Kind, marks_of
from capalloc.analysis.picture.moves import Move, moves_of
from capalloc.schema.scenario import Scenario
from tests.byhand import by_hand, workload

_TINY = Path(__file__).parents[3] / "examples" / "tiny.yaml"


def pictured(scenario: Scenario) -> Pictured:
    plan = solve(scenario).plan
    assert plan is not None
    return Pictured(scenario, plan)


@pytest.fixture(scope="module")
def tiny() -> Pictured:
    return pictured(load_scenario(_TINY))


def by_day(moves: list[Move]) -> Counter[tuple[date, str, str | None, str | None]]:
    found: Counter[tuple[date, str, str | None, str | None]] = Counter()
    for one in moves:
        found[one.day, one.work, one.source, one.target] += len(one.racks)
    return found


def test_moves_of_tiny_follow_its_ramp(tiny: Pictured) -> None:
    # The lease steps from 3 to 6 to 9 racks while the feeder carries 10: inference gives 3 up in June and in July.
    # The supply of August carries 12: inference, with 1, goes back to the 3 that it can get.
    assert by_day(list(moves_of(tiny))) == {
        (date(2026, 6, 1), "hand over", "inference", "lease"): 3,
        (date(2026, 7, 1), "hand over", "inference", "lease"): 3,
        (date(2026, 8, 1), "bring into service", None, "inference"): 2,
    }


def test_each_move_names_racks_of_one_row_that_begin_to_serve_on_its_day(tiny: Pictured) -> None:
    starts = {(one.rack, one.demand, one.start) for one in tiny.plan.assignments}
    rows = {rack.name: rack.position for rack in tiny.scenario.facility.racks}
    places = {position.name: (position.hall, position.row) for position in tiny.scenario.facility.positions}
    for one in moves_of(tiny):
        for rack in one.racks:
            assert (rack, one.target, one.day) in starts
            hall, row = places[rows[rack] or ""]
            assert (one.hall, one.row) in {(hall, row), (hall, f"{hall}/{row}")}


def test_what_counts_as_moves_is_what_the_plan_pays_for(tiny: Pictured) -> None:
    counted = sum(len(one.racks) for one in moves_of(tiny) if one.counted)
    assert counted == tiny.revenue.to_objective.moves == 6


def test_moves_are_those_of_the_calendar(tiny: Pictured) -> None:
    kinds = {Kind.HAND_OVER, Kind.START, Kind.STOP}
    marks = {(one.day, one.kind.value): one.amount for one in marks_of(tiny) if one.kind in kinds}
    moves: Counter[tuple[date, str]] = Counter()
    for one in moves_of(tiny):
        moves[one.day, one.work] += len(one.racks)
    assert marks == moves


def test_racks_that_a_workload_gives_up_to_nobody_are_released() -> None:
    # The two UPS carry 250 kW each, so 6 racks of 80 kW serve; the workload can use 8 until July, and 2 from then on.
    demand = [{"from": "2026-05", "racks": 8}, {"from": "2026-07", "racks": 2}]
    moves = list(moves_of(pictured(by_hand(contracts=[], workloads=[workload(demand=demand)]))))
    assert {(one.day, one.work, one.source, one.target) for one in moves} == {
        (date(2026, 7, 1), "release", "own", None)
    }
    assert sum(len(one.racks) for one in moves) == 4


def test_a_site_without_demands_has_no_moves() -> None:
    assert list(moves_of(pictured(by_hand(contracts=[], workloads=[])))) == []
