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


def test_a_hall_pinned_within_the_ramp_is_not() -> None:
    assert _warnings(2, contracts=[LEASE], pins=HALL) == ()


def test_a_where_without_a_rack_is_warned_about() -> None:
    own = workload("own", where={"hall": "h1", "not": {"node": "u1"}})
    (warning,) = _warnings(2, workloads=[own])
    assert warning.startswith("own has no rack: none that it accepts stands, or may be placed, where")
