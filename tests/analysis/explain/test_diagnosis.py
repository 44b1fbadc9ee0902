"""Where no plan exists one sentence says why, from what the scenario has."""

from __future__ import annotations

import pytest

from capalloc.analysis.explain import diagnose, explain
from capalloc.schema.scenario import Scenario
from capalloc.solve import solve
from tests.analysis.explain.causes import flat, site
from tests.strategies import incumbent, scenario, workload

OWN = [workload("own")]
"""Wants two racks."""
STATIC = {"grid": {"static_load_kw": 160}}
SLIP = [{"name": "s", "node": "grid", "kw": 150.0}]
"""150.000 where 150,000 was meant."""
HELD = incumbent(assignments=[{"rack": "r0", "demand": "own", "from": "2026-04", "until": "2026-09"}])

CASES = {
    "a supply below the static load": (
        scenario(site(nodes=STATIC, supplies=SLIP), workloads=OWN),
        ("static load of grid", "supply of grid", "10 kW below the static load alone"),
    ),
    "a reserve above what there is": (
        scenario(site(nodes={"grid": {"rated_kw": 40}}), workloads=OWN, policy={"reserve_mw": 0.05}),
        ("reserve of the site", "50 kW"),
    ),
    "a supply below what has to be met, which is above the reserve too": (
        scenario(
            site(supplies=[{**SLIP[0], "kw": 0.015}, {"name": "late", "node": "grid", "kw": 90, "from": "2026-06"}]),
            contracts=[flat("lease", 20, commitment="hard")],
            policy={"reserve_mw": 0.01, "idle": "off"},
        ),
        (
            "commitment of lease (step of 20 kW from 2026-05); the supply of grid (limit by its supplies: 0.015 kW for",
            "supply dates of late",
        ),
    ),
    "a reserve above a supply that nothing else asks too much of": (
        scenario(site(supplies=SLIP), workloads=OWN, policy={"reserve_mw": 0.2, "idle": "off"}),
        ("reserve of the site (200 kW of headroom kept, of 150 kW that the site can carry for racks)",),
    ),
    "pins against each other": (
        scenario(site(), workloads=OWN, pins=[{"rack": "r0", "demand": "own"}, {"rack": "r0", "demand": "idle"}]),
        ("pin of rack r0 (serves own)", "pin of rack r0 (idle)"),
    ),
    "a pin against the freeze": (
        scenario(
            site(),
            workloads=OWN,
            incumbent=HELD,
            policy={"freeze_until": "2026-06"},
            pins=[{"rack": "r0", "demand": "idle"}],
        ),
        ("freeze", "pin of rack r0 (idle)"),
    ),
    "a hall pinned to a workload of two racks": (
        scenario(site(), workloads=OWN, pins=[{"hall": "h1", "demand": "own"}]),
        ("pin of hall h1", "overshoot of own"),
    ),
    "hard commitments": (
        scenario(
            site(3),
            contracts=[flat("lease", 20, commitment="hard"), flat("second", 20, commitment="hard"), flat("third", 10)],
        ),
        ("commitment of lease", "commitment of second", "3 racks are all"),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_the_cause_is_named_from_the_scenario(name: str) -> None:
    made, says = CASES[name]
    assert solve(made).outcome.reason == "infeasible"
    found = diagnose(made)
    assert found is not None
    assert all(part in found for part in says), found
    assert "third" not in found  # a lease of the scenario that no conflict needs
    assert ("reserve" in found) == any("reserve" in part for part in says)
    assert explain(made).status == "explained"


def test_a_scenario_with_a_plan_has_nothing_to_diagnose() -> None:
    assert diagnose(scenario(site(), workloads=OWN)) is None


def test_where_takes_the_place_of_a_pin_of_every_rack() -> None:
    """own wants two of the hall's four racks; where keeps it there, worth its two racks."""
    made: Scenario = CASES["a hall pinned to a workload of two racks"][0]
    (conflict,) = explain(made).conflicts
    worth = {repair.changes[0].says: repair.objective_usd for repair in conflict.repairs}
    # 2 racks of 8 GPUs at $2 for 61 days; 4 racks where its demand is raised
    assert worth["own: where hall h1 in place of the pin of every rack there"] == pytest.approx(2 * 8 * 2 * 61 * 24)
    assert worth["own: demand of 4 racks in place of 2 racks"] == pytest.approx(4 * 8 * 2 * 61 * 24)
