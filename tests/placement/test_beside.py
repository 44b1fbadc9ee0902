"""Placing beside a plan: what stands is who the plan says in a period.

Of the site by hand: u1 and u2 carry 250 kW each in normal operation, 500 kW after the loss of the other; racks of 80 kW
nameplate, 64 kW expected, 8 kW idle on p0 .. p9; p10 and p11 are free.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capalloc.errors import ScenarioError
from capalloc.formats.fingerprint import scenario_sha256
from capalloc.instance.compile import compile_scenario
from capalloc.placement.floor import Floor
from capalloc.placement.problem.lower import lower_scene
from capalloc.placement.problem.scene import scene_of
from capalloc.placing import place
from capalloc.roster.decode import Search, decode
from capalloc.roster.ending import Ending
from capalloc.schema.beside import Beside
from capalloc.schema.placing import Placing
from capalloc.schema.plan import Plan, Stats
from capalloc.schema.request import Placed, Request
from capalloc.schema.scenario import Scenario
from capalloc.units import KW_PER_MILLIWATT
from capalloc.verify import overloaded
from capalloc.verify.checks.cooling import NO_HEAT
from capalloc.verify.placed.burden import burdens
from capalloc.verify.placed.stage import stage_of
from tests.byhand import by_hand, contract, facility, workload
from tests.roster.any_roster import any_roster
from tests.strategies import random_scenario

Record = dict[str, Any]
SIX = Request(name="six", racks=12, power_kw=6.0)


def plan_of(scenario: Scenario, **changes: Any) -> Plan:
    """A plan in which k00 and k01 serve the lease from May on, and k02 the own workload in May."""
    lines = [
        {"rack": "k00", "demand": "lease", "from": "2026-05", "until": "2026-11"},
        {"rack": "k01", "demand": "lease", "from": "2026-05", "until": "2026-11"},
        {"rack": "k02", "demand": "own", "from": "2026-05", "until": "2026-06"},
    ]
    record = {
        "capalloc": "0",
        "scenario": scenario.name,
        "scenario_sha256": scenario_sha256(scenario),
        "status": "feasible",
        "termination": {"reason": "time_limit"},
        "objective_usd": 0.0,
        "bound_usd": 0.0,
        "gap": 0.0,
        "periods": [period.label for period in scenario.horizon.periods],
        "assignments": lines,
    }
    return Plan.model_validate(record | changes)


def beside(scenario: Scenario, period: str, **changes: Any) -> Beside:
    return Beside(scenario, plan_of(scenario, **changes), period)


def placed(stands: Beside, *requests: Request) -> Placing:
    return place(stands.scenario.facility, requests, beside=stands, time_limit=0)


def loads_kw(stands: Beside) -> dict[str, float]:
    problem = lower_scene(scene_of(stands.scenario.facility, beside=stands))
    return {
        node.name: round(float(load) * KW_PER_MILLIWATT, 6)
        for node, load in zip(problem.forest.nodes, problem.empty.load, strict=True)
    }


@pytest.mark.parametrize(
    ("changes", "period", "ups_kw"),
    [
        # half of two racks at nameplate, one more in May, and of idle racks: 7 in May, 8 in June
        ({}, "2026-05", 80 + 40 + 7 * 4),
        ({}, "2026-06", 80 + 8 * 4),
        ({"policy": {"idle": "off"}}, "2026-06", 80),
        ({"contracts": [contract(draw="expected")]}, "2026-06", 64 + 8 * 4),
        ({"contracts": [contract(draw="expected", utilization=0.5)]}, "2026-06", 32 + 8 * 4),
        ({"workloads": [workload(utilization=0.75)]}, "2026-05", 80 + 30 + 7 * 4),
    ],
)
def test_racks_draw_what_they_do_in_the_period(changes: Record, period: str, ups_kw: float) -> None:
    # the grid carries 1.25 times the IT load, and 10 kW of its own
    assert loads_kw(beside(by_hand(**changes), period)) == {
        "grid": 2 * ups_kw * 1.25 + 10,
        "u1": ups_kw,
        "u2": ups_kw,
    }


def test_racks_that_are_off_draw_nothing() -> None:
    off = [{"rack": "k05", "from": "2026-06", "until": "2026-07"}]
    assert loads_kw(beside(by_hand(), "2026-06", off=off))["u1"] == 80 + 7 * 4


def test_what_fits_beside_the_plan_is_what_the_period_leaves() -> None:
    # A rack of 250 kW puts 125 on each UPS: in June 112 kW stand there, in May 148, of which 125 more are 273
    stands = by_hand()
    big = Request(name="big", racks=1, power_kw=250.0)
    assert placed(beside(stands, "2026-06"), big).racks_placed == 1
    assert placed(beside(stands, "2026-05"), big).racks_placed == 0
    assert Floor(stands.facility, beside=beside(stands, "2026-06")).slots(1, 250.0).site == 1
    assert Floor(stands.facility, beside=beside(stands, "2026-05")).slots(1, 250.0).site == 0


def test_every_rack_that_is_not_gone_holds_its_position() -> None:
    racks = [{"name": f"k{i:02}", "rack_type": "hgx", "position": f"p{i}"} for i in range(8)]
    racks += [
        {"name": "gone", "rack_type": "hgx", "position": "p8", "available_until": "2026-06"},
        {"name": "later", "rack_type": "hgx", "status": "planned", "available_from": "2026-08"},
    ]
    scenario = by_hand(facility=facility(racks=racks))
    delivery = [{"rack": "later", "position": "p11", "from": "2026-08"}]
    found = placed(beside(scenario, "2026-06", placements=delivery), SIX)
    assert {line.position for line in found.placed} == {"p8", "p9", "p10"}
    # p8 is held in May, the delivery draws from August on: half of its 8 kW idle
    assert placed(beside(scenario, "2026-05", placements=delivery), SIX).racks_placed == 2
    assert loads_kw(beside(scenario, "2026-08", placements=delivery))["u1"] == 80 + 7 * 4
    assert loads_kw(beside(scenario, "2026-07", placements=delivery))["u1"] == 80 + 6 * 4


def test_a_line_of_what_stands_takes_no_position_of_the_plan() -> None:
    stands = beside(by_hand(), "2026-05")
    with pytest.raises(ScenarioError, match="rack 'k03' of the facility has position 'p3'"):
        place(
            stands.scenario.facility,
            [SIX],
            occupied=[Placed(request="six", position="p3")],
            beside=stands,
            time_limit=0,
        )


@pytest.mark.parametrize(
    ("changes", "period", "racks"),
    [
        # the second row's positions p10 and p11 in an outage that touches July; a supply that ends within August
        ({"events": [{"type": "outage", "row": "r2", "from": "2026-07-30", "until": "2026-08"}]}, "2026-06", 2),
        ({"events": [{"type": "outage", "row": "r2", "from": "2026-07-30", "until": "2026-08"}]}, "2026-07", 0),
        ({"events": [{"type": "outage", "row": "r2", "from": "2026-07-30", "until": "2026-08"}]}, "2026-08", 2),
        ({"events": [{"type": "outage", "node": "u2", "from": "2026-07-30", "until": "2026-08"}]}, "2026-07", 0),
    ],
)
def test_outages_count_where_they_touch_the_period(changes: Record, period: str, racks: int) -> None:
    assert placed(beside(by_hand(**changes), period), SIX).racks_placed == racks


@pytest.mark.parametrize(("until", "racks"), [("2026-07", 2), ("2026-06-30", 0)])
def test_of_supplies_the_least_of_the_days_counts(until: str, racks: int) -> None:
    # June draws 2 x 112 x 1.25 + 10 = 290 kW; 305 leave 12 kW of IT, two racks of 6
    supplies = [{"name": "s", "node": "grid", "kw": 305, "until": until}]
    supplies += [{"name": "t", "node": "grid", "kw": 100, "from": until}]
    stands = beside(by_hand(facility=facility(supplies=supplies)), "2026-06")
    assert placed(stands, SIX).racks_placed == racks


@pytest.mark.parametrize(("until", "racks"), [("2026-07", 2), ("2026-06-30", 0)])
def test_a_zone_counts_in_periods_that_it_is_there_throughout(until: str, racks: int) -> None:
    # nobody's heat but the requests': of k00 .. k09 none is in the zone
    places = [
        place | ({"cooling_zone": "z"} if place["name"] in ("p10", "p11") else {}) for place in facility()["positions"]
    ]
    zones = [{"name": "z", "total_kw": 12, "available_until": until}]
    scenario = by_hand(facility=facility(positions=places, cooling=zones))
    assert placed(beside(scenario, "2026-06"), SIX).racks_placed == racks


@pytest.mark.parametrize(
    ("changes", "options", "says"),
    [
        ({}, {"period": "2026-13"}, "period: found '2026-13', expected a period of the plan, from 2026-05 to"),
        ({"scenario_sha256": "0"}, {}, "plan: was made for another scenario, or for another version of this one"),
        ({"periods": ["2026-05"]}, {}, "plan: periods: found 1 from 2026-05 to 2026-05, expected 6"),
    ],
)
def test_a_plan_that_says_nothing_of_the_period_is_refused(changes: Record, options: Record, says: str) -> None:
    scenario = by_hand()
    stands = beside(scenario, **({"period": "2026-05"} | options), **changes)
    for ask in (lambda: placed(stands, SIX), lambda: Floor(scenario.facility, beside=stands)):
        with pytest.raises(ScenarioError) as raised:
            ask()
        assert str(raised.value).startswith(says)


@pytest.mark.parametrize(
    ("options", "key"), [({"on": np.datetime64("2026-05-01").item()}, "on"), ({"standing": "expected"}, "standing")]
)
def test_a_plan_leaves_nothing_to_say_of_days_and_draws(options: Record, key: str) -> None:
    stands = beside(by_hand(), "2026-05")
    with pytest.raises(ScenarioError, match=f"{key}: the .*plan says"):
        place(stands.scenario.facility, [SIX], beside=stands, **options)
    other = by_hand(facility=facility(positions=facility()["positions"][:10]))
    with pytest.raises(ScenarioError, match="facility: is not that of the plan's scenario"):
        place(other.facility, [SIX], beside=stands)


@settings(deadline=None, max_examples=60)
@given(seed=st.integers(0, 10_000))
def test_the_checker_reads_the_same_loads_from_any_plan(seed: int) -> None:
    scenario = random_scenario(seed)
    instance = compile_scenario(scenario)
    roster, sha = any_roster(instance, seed), scenario_sha256(scenario)
    plan = decode(instance, roster, sha, frozenset(), Search(0.0, Ending(60.0), Stats()))
    for period in scenario.horizon.periods:
        stands = Beside(scenario, plan, period.label)
        problem = lower_scene(scene_of(scenario.facility, beside=stands))
        stage = stage_of(scenario.facility, None, "nameplate", stands)
        (burden,) = burdens(scenario.facility, stage, {}, [()])
        told = [float(burden.meter.load_kw(v)) for v in range(len(scenario.facility.power))]
        heat = [sum(burden.heat.get(zone.name, NO_HEAT)) for zone in scenario.facility.cooling]
        assert problem.empty.load * KW_PER_MILLIWATT == pytest.approx(told, abs=1e-2)
        assert problem.empty.heat[:, 0] * KW_PER_MILLIWATT == pytest.approx(list(map(float, heat)), abs=1e-2)
        assert scene_of(scenario.facility, beside=stands).holders == dict(stage.holders)
        found = placed(stands, Request(name="q", racks=5, power_kw=3.0), Request(name="r", racks=2, rack_type="a"))
        assert found.bound is not None
        overloaded(scenario.facility, beside=stands)
