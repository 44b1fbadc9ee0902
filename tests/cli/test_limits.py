"""Limits of a search as a user may write them."""

from __future__ import annotations

import pytest

from capalloc.planner.params import PlannerParams
from capalloc.solve import solve
from capalloc.synthetic.generate import generate


def test_no_limit_at_all_is_a_limit_too() -> None:
    found = solve(
        generate(24, halls=2, periods=2, demands=3, seed=1), params=PlannerParams(time_limit=float("inf"), gap=0.05)
    )
    assert found.plan is not None
    assert found.plan.gap <= 0.05


@pytest.mark.parametrize("limit", [0.0, 60.0])
def test_a_gap_that_was_reached_is_why_the_search_ended(limit: float) -> None:
    site = generate(60, halls=2, periods=6, demands=5, seed=1)
    alike = site.replace(policy=site.policy.replace(priority="money"))  # no order of priorities is left undecided
    found = solve(alike, params=PlannerParams(time_limit=limit, gap=0.5))
    assert found.plan is not None
    assert found.outcome.reason in ("gap_reached", "optimal")
