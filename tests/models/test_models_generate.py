"""Generated scenarios: of the size asked for, the same for the same seed, without faults, tight."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capalloc.analysis.generate import generate
from capalloc.schema.demand import Contract, Workload
from capalloc.schema.references import faults
from capalloc.solve import solve


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
    with pytest.raises(ValueError, match="must be 1 or more"):
        generate(*size)


def test_it_has_everything_a_planner_must_handle() -> None:
    scenario = generate(480, halls=4, periods=24, demands=6, seed=0)
    site = scenario.facility
    assert [rack for rack in site.racks if rack.position is None and rack.status == "planned"]
    assert {rack.rack_type for rack in site.racks} == {"hgx", "nvl72", "hgx-air"}
    assert {position.cooling for position in site.positions} == {"liquid", "air"}
    assert sum(node.contingency for node in site.power) == 4 * len(site.cooling)
    assert [supply for supply in site.supplies if supply.start is not None]
    assert [supply for supply in site.supplies if supply.until is not None]
    assert {event.type for event in scenario.events} == {"notice", "outage"}
    demands: list[Contract | Workload] = [*scenario.contracts, *scenario.workloads]
    assert {demand.isolation for demand in demands} == {"none", "row", "hall"}
    assert any(demand.locality is not None and demand.homogeneous for demand in demands)
    assert any(demand.buffer_share > 0 for demand in demands)
    assert all(len(contract.ramp) == 3 for contract in scenario.contracts)


def test_its_demands_do_not_all_fit() -> None:
    scenario = generate(200, halls=2, periods=12, demands=4, seed=0)
    gpus = {kind.name: kind.gpus for kind in scenario.facility.rack_types}
    kw = {kind.name: kind.nameplate_kw for kind in scenario.facility.rack_types}
    whole_gpus = sum(gpus[rack.rack_type] for rack in scenario.facility.racks)
    whole_kw = sum(kw[rack.rack_type] for rack in scenario.facility.racks)
    wanted = sum(max(step.mw or 0 for step in contract.ramp) * 1000 / whole_kw for contract in scenario.contracts)
    wanted += sum(max(step.gpus or 0 for step in workload.demand) / whole_gpus for workload in scenario.workloads)
    assert wanted == pytest.approx(1.05, abs=0.001)


@pytest.mark.parametrize("size", [(1, 1, 1, 1), (12, 2, 6, 4), (24, 2, 4, 3)])
def test_small_ones_are_planned_and_verified(size: tuple[int, int, int, int]) -> None:
    result = solve(generate(*size, seed=5), time_limit=20)
    assert result.verdict is not None
    assert result.verdict.verdict == "ok"
