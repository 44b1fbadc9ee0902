"""What whole periods add to hand-over is said in the warnings of a plan."""

from __future__ import annotations

from pathlib import Path

import pytest

from capalloc.formats import load_scenario
from capalloc.schema.policy import Policy
from capalloc.schema.scenario import Scenario
from capalloc.solve import solve

TINY = Path(__file__).parents[2] / "examples" / "tiny.yaml"


def handing_over(days: int, period: str) -> Scenario:
    scenario = load_scenario(TINY)
    policy = scenario.policy.replace(handover_days=days)
    return scenario.replace(policy=policy, horizon=scenario.horizon.replace(period=period))


def test_a_week_in_a_monthly_plan_is_warned_of_with_its_cost() -> None:
    # Three racks leave inference at the end of May and serve the lease from July: June has 30 days, 23 more than 7,
    # 69 in all. Inference wants 8 racks in June and gets 3 for $345,600, $3,840 a rack and day; the lease has its six.
    (warning,) = solve(handing_over(7, "month")).warnings
    assert warning == (
        "handover_days: 7 takes a whole month in a plan by month: racks change hands 3 times, 3 rack-months idle, "
        "69 rack-days more than needed, worth up to $264,960 to the demands on either side; with `period: week` it "
        "takes 7 days"
    )


@pytest.mark.parametrize(("days", "period"), [(7, "week"), (0, "month"), (9, "day")])
def test_days_that_are_counted_exactly_are_not_warned_of(days: int, period: str) -> None:
    assert solve(handing_over(days, period)).warnings == ()


def test_a_plan_in_which_no_rack_changes_hands_says_so() -> None:
    scenario = handing_over(7, "month")
    alone = scenario.replace(contracts=(), policy=Policy(handover_days=7))
    (warning,) = solve(alone).warnings
    assert "no rack changes hands here, which may be why" in warning
