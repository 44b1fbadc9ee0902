"""What is told of a row and a rack beside its figures."""

from __future__ import annotations

from typing import Any

from capalloc import solve
from capalloc.analysis.show.answer import show
from capalloc.schema.shown import PlaceShown, RackShown
from tests.byhand import by_hand, facility


def test_outages_of_a_row_its_hall_and_a_label_of_its_positions_are_told() -> None:
    site = facility()
    positions: list[dict[str, Any]] = [{**place, "labels": {"cage": place["row"]}} for place in site["positions"]]
    days = {"type": "outage", "from": "2026-06", "until": "2026-07"}
    events = [{**days, "row": "r0"}, {**days, "hall": "h1"}, {**days, "label": {"cage": "r1"}}]
    scenario = by_hand(facility=facility(positions=positions), events=events)
    plan = solve(scenario).plan
    assert plan is not None
    shown = show(scenario, plan, ["h1/r0", "h1/r1", "k00"])
    first, second, rack = shown.things
    assert isinstance(first, PlaceShown)
    assert [one.what for one in first.outages] == ["row r0", "hall h1"]
    assert isinstance(second, PlaceShown)
    assert [one.what for one in second.outages] == ["hall h1", "cage r1"]
    assert isinstance(rack, RackShown)
    assert {one.period: one.state for one in rack.periods}["2026-06"] == "unusable"
