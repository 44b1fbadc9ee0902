"""Warnings of what a scenario asks for and cannot have."""

from __future__ import annotations

from typing import Any

from capalloc.instance.compile import compile_scenario
from capalloc.solve import solve
from tests.strategies import contract, facility, scenario, workload

LEASE = contract("lease", ramp=[{"from": "2026-05", "mw": 0.02}])
HALL = [{"hall": "h1", "demand": "lease"}]


def _warnings(racks: int, **changes: Any) -> tuple[str, ...]:
    return compile_scenario(scenario(facility(racks), **changes)).warnings


def test_a_hall_pinned_beyond_the_ramp_is_warned_about_and_has_no_plan() -> None:
    # three racks of 10 kW in hall h1, of which 20 kW are committed
    (warning,) = _warnings(3, contracts=[LEASE], pins=HALL)
    assert "pins keep 3 racks for lease in 2026-05 (hall h1), but its ramp lets it have 2" in warning
    assert "say where lease may stand by `where:`" in warning
    assert solve(scenario(facility(3), contracts=[LEASE], pins=HALL)).plan is None


def test_the_first_need_that_the_supplies_cannot_carry_is_named() -> None:
    """150 kW of supply where 150,000 were meant; racks of 10 kW carry what is committed."""
    site = facility(2, pue=1.25, supplies=[{"name": "gas", "node": "grid", "kw": 0.015}])
    site["power"][0]["load"] = "facility"
    asked: dict[str, Any] = {"contracts": [contract("lease", commitment="hard")], "policy": {"reserve_mw": 0.03}}
    # 10 kW of racks are 12.5 kW of the facility; the reserve is above the supply too and comes after
    says = "in 2026-05 the site can carry 0.015 kW (gas 0.015 kW), but what must be delivered to lease takes at least"
    assert compile_scenario(scenario(site, **asked)).warnings == (f"{says} 12.5 kW: no plan keeps all of it",)
    site["power"][0]["static_load_kw"] = 2
    (warning,) = compile_scenario(scenario(site, **asked)).warnings
    assert warning.endswith("but static loads take 2 kW: no plan keeps all of it")


def test_a_supply_that_carries_exactly_what_must_be_delivered_is_enough() -> None:
    # 10 kW at a pue of 1.12 are 11.2 kW, but 10_000 * 1.12 is 11_200.000000000002
    site = facility(1, pue=1.12)
    site["power"][0] |= {"load": "facility", "rated_kw": 11.2}
    exact = scenario(site, contracts=[contract("lease", commitment="hard")])
    assert compile_scenario(exact).warnings == ()
    assert solve(exact).plan is not None


def test_a_reserve_above_the_ratings_of_the_roots_is_named_with_what_else_they_carry() -> None:
    # without supplies: a root of 2,000 kW, of which 1 kW is static load
    site = facility(2)
    site["power"][0]["static_load_kw"] = 1
    (warning,) = compile_scenario(scenario(site, policy={"reserve_mw": 2})).warnings
    says = (
        "in 2026-05 the site can carry 2,000 kW (grid 2,000 kW), but static loads take 1 kW, the reserve takes 2,000 kW"
    )
    assert warning == f"{says}: no plan keeps all of it"
    assert _warnings(2, policy={"reserve_mw": 1.999}) == ()


def test_a_hall_pinned_within_the_ramp_is_not() -> None:
    assert _warnings(2, contracts=[LEASE], pins=HALL) == ()


def test_a_where_without_a_rack_is_warned_about() -> None:
    own = workload("own", where={"hall": "h1", "not": {"node": "u1"}})
    (warning,) = _warnings(2, workloads=[own])
    assert warning.startswith("own has no rack: none that it accepts stands, or may be placed, where")
