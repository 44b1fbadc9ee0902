"""Generated scenarios: of the size asked for, the same for the same seed, without faults, tight."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capalloc.errors import ScenarioError
from capalloc.formats import scenario_sha256
from capalloc.instance.compile import compile_scenario
from capalloc.naming.racks import name_racks
from capalloc.planner.params import PlannerParams
from capalloc.planner.strategy import plan_classes
from capalloc.reduction.classes import reduce_instance
from capalloc.roster.decode import Search, decode
from capalloc.roster.ending import Ending
from capalloc.schema.checks.references import faults
from capalloc.schema.demand import Contract, Workload
from capalloc.schema.plan import Plan, Stats
from capalloc.schema.rules import Rule
from capalloc.schema.scenario import Scenario
from capalloc.solve import solve
from capalloc.synthetic.generate import generate
from capalloc.verify import verify
from tests.models.tightness import tight_rules


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    racks=st.integers(1, 400),
    halls=st.integers(1, 8),
    periods=st.integers(1, 40),
    demands=st.integers(1, 12),
    seed=st.integers(0, 2**32),
)
def test_any_size_gives_a_scenario_without_faults(
    racks: int, halls: int, periods: int, demands: int, seed: int
) -> None:
    scenario = generate(racks, halls, periods, demands, seed)
    assert faults(scenario) == ()
    assert len(scenario.facility.racks) == racks
    assert len(scenario.horizon.periods) == periods
    assert len(scenario.workloads) + len(scenario.contracts) == demands
    # a hall has at least one row of eight
    assert len({position.hall for position in scenario.facility.positions}) == min(halls, -(-racks // 8))


def test_a_large_site_has_no_faults_either() -> None:
    scenario = generate(5_000, halls=4, periods=24, demands=8, seed=1)
    assert faults(scenario) == ()


def test_the_same_seed_gives_the_same_scenario_and_another_seed_another() -> None:
    assert generate(200, seed=3) == generate(200, seed=3)
    assert generate(200, seed=3) != generate(200, seed=4)


@pytest.mark.parametrize("size", [(0, 1, 1, 1), (1, 0, 1, 1), (1, 1, 0, 1), (1, 1, 1, 0)])
def test_a_size_below_one_is_refused(size: tuple[int, int, int, int]) -> None:
    with pytest.raises(ScenarioError, match="found 0, expected 1 to "):
        generate(*size)


@pytest.mark.parametrize(
    ("size", "says"),
    [
        ({"racks": 10**9}, "racks: found 1,000,000,000, expected 1 to 1,000,000"),
        ({"racks": 9, "periods": 100_000}, "periods: found 100,000, expected 1 to 600"),
        ({"racks": 9, "demands": 10**6}, "demands: found 1,000,000, expected 1 to 1,000"),
        ({"racks": 9, "halls": 10**6}, "halls: found 1,000,000, expected 1 to 1,000"),
        ({"racks": "9"}, "racks: found '9', expected 1 to 1,000,000"),
    ],
)
def test_a_size_that_no_site_has_is_refused(size: dict[str, Any], says: str) -> None:
    with pytest.raises(ScenarioError) as raised:
        generate(**size)
    assert str(raised.value).startswith(says)


def test_the_longest_horizon_stays_on_the_calendar() -> None:
    assert faults(generate(9, periods=600, demands=2)) == ()


def test_it_has_everything_a_planner_must_handle() -> None:
    scenario = generate(480, halls=4, periods=24, demands=6, seed=0)
    site = scenario.facility
    assert [rack for rack in site.racks if rack.position is None and rack.status == "planned"]
    assert {rack.rack_type for rack in site.racks} == {"hgx", "nvl72", "hgx-air"}
    assert {position.cooling for position in site.positions} == {"liquid", "air"}
    boards = [node for node in site.power if node.kind == "switchboard"]
    assert sum(node.contingency for node in site.power) == 4 * len(boards)
    assert [supply for supply in site.supplies if supply.start is not None]
    assert [supply for supply in site.supplies if supply.until is not None]
    assert {event.type for event in scenario.events} == {"notice", "outage"}
    demands: list[Contract | Workload] = [*scenario.contracts, *scenario.workloads]
    assert {demand.isolation for demand in demands} == {"none", "row", "hall"}
    assert any(demand.locality is not None and demand.homogeneous for demand in demands)
    assert any(demand.buffer_share > 0 for demand in demands)
    assert all(len(contract.ramp) >= 3 for contract in scenario.contracts)


SITES = st.tuples(st.integers(24, 4000), st.integers(1, 8), st.integers(3, 60), st.integers(1, 40), st.integers(0, 99))
"""Racks (three rows at least), halls, periods, demands and seed."""


@settings(max_examples=40, deadline=None, derandomize=True)
@given(SITES)
def test_contracts_for_nvl_racks_commit_for_a_while_more_than_can_be_cooled(size: tuple[int, ...]) -> None:
    scenario = generate(*size)
    site = scenario.facility
    kind = next(kind for kind in site.rack_types if kind.name == "nvl72")
    zone_of = {position.name: position.cooling_zone or "" for position in site.positions}
    stands = Counter(zone_of[rack.position] for rack in site.racks if rack.rack_type == "nvl72" and rack.position)
    liquid = {zone.name: zone.liquid_kw or 0.0 for zone in site.cooling}
    # a serving rack gives expected_kw x liquid_fraction to the loop, and counts with its nameplate
    cooled = sum(
        min(count, int(liquid[zone] / (kind.expected_kw * kind.liquid_fraction))) for zone, count in stands.items()
    )
    takers = [contract for contract in scenario.contracts if contract.rack_types == ("nvl72",)]
    steps = [sum(contract.ramp[step].mw or 0 for contract in takers) for step in range(len(takers[0].ramp))]
    assert max(steps) * 1000 > cooled * kind.nameplate_kw
    assert steps[0] * 1000 < cooled * kind.nameplate_kw


@settings(max_examples=40, deadline=None, derandomize=True)
@given(SITES)
def test_all_that_is_wanted_is_more_than_the_site_has_and_what_is_committed_is_not(size: tuple[int, ...]) -> None:
    scenario = generate(*size)
    gpus = {kind.name: kind.gpus for kind in scenario.facility.rack_types}
    kw = {kind.name: kind.nameplate_kw for kind in scenario.facility.rack_types}
    site_gpus = sum(gpus[rack.rack_type] for rack in scenario.facility.racks)
    site_kw = sum(kw[rack.rack_type] for rack in scenario.facility.racks)
    committed = sum(
        max((step.mw or 0) * 1000 / site_kw + (step.gpus or 0) / site_gpus for step in contract.ramp)
        for contract in scenario.contracts
        if contract.rack_types != ("nvl72",)
    )
    wanted = sum(max(step.gpus or 0 for step in workload.demand) / site_gpus for workload in scenario.workloads)
    assert committed < 0.6
    assert wanted > 1.4 or len(scenario.workloads) < 2


def _planned(scenario: Scenario) -> Plan:
    """A plan at most five percent from the best, whatever the machine."""
    reduction = reduce_instance(compile_scenario(scenario))
    found = plan_classes(reduction, PlannerParams(time_limit=300.0, whole_gap=0.03, close_gap=0.05, direct_columns=0))
    counts = found.counts
    assert counts is not None
    roster = name_racks(reduction, counts)
    search = Search(found.bound_usd, Ending(60.0), Stats())
    plan = decode(reduction.instance, roster, scenario_sha256(scenario), frozenset(), search)
    assert plan.gap <= 0.05
    return plan


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("size", [(96, 2, 6, 6), (150, 3, 4, 6)])
def test_every_rule_binds_and_a_few_commitments_are_short(size: tuple[int, int, int, int], seed: int) -> None:
    scenario = generate(*size, seed=seed)
    plan = _planned(scenario)
    assert verify(scenario, plan).verdict == "ok"
    assert tight_rules(scenario, plan) >= {Rule.POWER, Rule.FAILOVER, Rule.SUPPLY, Rule.COOLING}
    committed = {(row.demand, row.period) for row in plan.demands if row.demand.startswith("contract")}
    months = {
        (short.demand, period.label)
        for short in plan.shortfalls
        for period in scenario.horizon.periods
        if period.touches(short.start, short.until)
    }
    assert 0 < len(months) <= len(committed) / 3
    # the ramps bind: what is not short is met, and by no more than a rack, which verify has checked
    assert committed - months


@pytest.mark.parametrize("size", [(1, 1, 1, 1), (12, 2, 6, 4), (24, 2, 4, 3)])
def test_small_ones_are_planned_and_verified(size: tuple[int, int, int, int]) -> None:
    result = solve(generate(*size, seed=5), params=PlannerParams(time_limit=20.0))
    assert result.verdict is not None
    assert result.verdict.verdict == "ok"
