"""The floor of a plan: what each position is like, and how far its feeds are used."""

from __future__ import annotations

import numpy as np
import pytest

from capalloc import solve
from capalloc.analysis.picture import Pictured
from capalloc.analysis.picture.floor import State, feed_use, floor_of, serves
from capalloc.schema.scenario import Scenario
from tests.byhand import by_hand, facility
from tests.html.sites import EXAMPLES


def pictured(scenario: Scenario) -> Pictured:
    plan = solve(scenario).plan
    assert plan is not None
    return Pictured(scenario, plan)


@pytest.fixture(scope="module")
def tiny() -> Pictured:
    return pictured(EXAMPLES["tiny"]())


@pytest.fixture(scope="module")
def odd() -> Pictured:
    """k00 in maintenance, k10 to come on 15 June, nothing at p11, row r1 (p4 to p7) out in July."""
    site = facility()
    racks = [
        {**site["racks"][0], "status": "maintenance"},
        *site["racks"][1:],
        {"name": "k10", "rack_type": "hgx", "position": "p10", "status": "planned", "available_from": "2026-06-15"},
    ]
    outage = {"type": "outage", "row": "h1/r1", "from": "2026-07", "until": "2026-08"}
    return pictured(by_hand(facility=site | {"racks": racks}, contracts=[], events=[outage]))


def test_as_many_positions_serve_a_demand_as_the_plan_says_racks_do(tiny: Pictured) -> None:
    state, periods = floor_of(tiny).state, list(tiny.plan.periods)
    for row in tiny.plan.demands:
        number = tiny.site.instance.demand_names.index(row.demand)
        assert np.count_nonzero(state[:, periods.index(row.period)] == serves(number)) == row.racks


def test_racks_that_serve_nobody_are_off_where_the_policy_says_so(tiny: Pictured) -> None:
    # 12 racks, the feeder carries 10 until August: two are off in May, June and July.
    off = np.count_nonzero(floor_of(tiny).state == State.OFF, axis=0)
    assert off.tolist() == [2, 2, 2, 0, 0, 0]


def test_a_rack_in_maintenance_is_told_from_idle_ones(odd: Pictured) -> None:
    assert set(floor_of(odd).state[0].tolist()) == {State.MAINTENANCE}


def test_a_rack_to_come_is_awaited_then_arrives_then_is_there(odd: Pictured) -> None:
    floor = floor_of(odd)
    assert floor.state[10, :2].tolist() == [State.AWAITED, State.PARTLY]
    assert set(floor.state[10, 2:].tolist()) <= {State.IDLE, serves(0)}
    assert floor.rack[10].tolist() == [-1, 10, 10, 10, 10, 10]


def test_a_position_without_a_rack_is_empty(odd: Pictured) -> None:
    assert set(floor_of(odd).state[11].tolist()) == {State.EMPTY}


def test_positions_in_an_outage_are_dark(odd: Pictured) -> None:
    dark = floor_of(odd).state == State.DARK
    assert np.argwhere(dark).tolist() == [[p, 2] for p in (4, 5, 6, 7)]


def test_feeds_are_as_full_as_the_fullest_node_above_them(tiny: Pictured) -> None:
    # Ten racks of 80 kW at 1.25 ask 1,000 kW of the feeder's 1,000 until August. Then it carries 1,200 of 1,500, and a
    # UPS, after the loss of another, 480 of 495 kW.
    use = feed_use(tiny)
    assert use[:, :3] == pytest.approx(1.0)
    assert use[:, 3:] == pytest.approx(480 / 495)
