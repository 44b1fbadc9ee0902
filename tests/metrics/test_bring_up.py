"""What comes up in the first period beyond what a period may, where nothing says what runs already."""

from __future__ import annotations

from typing import Any

import pytest

from capalloc.solve import solve
from tests.strategies import facility, incumbent, scenario, workload


def _warnings(policy: dict[str, Any], **more: Any) -> list[str]:
    result = solve(scenario(facility(3), workloads=[workload("own")], policy=policy, **more))
    assert result.verdict is not None
    assert result.verdict.verdict == "ok"
    return [one for one in result.own_warnings if "bring_up" in one]


def test_the_first_period_is_not_held_back_and_says_what_it_has() -> None:
    (said,) = _warnings({"bring_up": {"racks_per_period": 1}, "idle": "off"})
    assert said.startswith("bring_up does not hold back the first period, 2026-05")
    assert "(racks_per_period: 1) at once" in said
    (said,) = _warnings({"bring_up": {"mw_per_period": 0.001}})
    assert "(mw_per_period: 0.001) at once" in said


@pytest.mark.parametrize("policy", [{}, {"bring_up": {"racks_per_period": 3, "mw_per_period": 1}, "idle": "off"}])
def test_what_stays_within_the_limits_has_no_warning(policy: dict[str, Any]) -> None:
    assert _warnings(policy) == []


def test_with_an_incumbent_what_runs_is_known() -> None:
    policy = {"bring_up": {"racks_per_period": 1}, "idle": "off"}
    assert _warnings(policy, incumbent=incumbent(periods=["2026-04"])) == []
