"""Plans made one window after the other, by pools where they can be: their rules, their bound."""

from __future__ import annotations

import numpy as np
import pytest

from capalloc.exact.params import ExactParams
from capalloc.instance.compile import compile_scenario
from capalloc.planner.model.by_pool import ModelByPool, poolable
from capalloc.planner.model.columns import Preferences
from capalloc.planner.params import PlannerParams
from capalloc.reduction.pools import pool
from capalloc.solve import solve
from capalloc.synthetic.generate import generate
from tests.strategies import random_scenario

BY_WINDOW = PlannerParams(most_columns=0)
"""Every scenario is planned one window after the other, however small."""


@pytest.mark.parametrize("first", range(900, 1000, 20))
def test_plans_by_window_are_verified_and_within_the_exact_bounds(first: int) -> None:
    for seed in range(first, first + 20):
        scenario = random_scenario(seed)
        found = solve(scenario, params=BY_WINDOW)
        exact = solve(scenario, params=ExactParams(time_limit=20.0))
        assert (found.plan is None) == (exact.plan is None), seed
        if found.plan is None or exact.plan is None:
            assert found.outcome.reason == exact.outcome.reason, seed
            continue
        noise = 1e-6 * max(1.0, abs(exact.plan.bound_usd))
        assert found.plan.objective_usd <= exact.plan.bound_usd + noise, seed
        assert exact.plan.objective_usd <= found.plan.bound_usd + noise, seed


def test_a_generated_site_is_planned_within_a_hundredth_of_its_bound() -> None:
    found = solve(generate(racks=400, halls=2, periods=12, demands=6), params=BY_WINDOW)
    assert found.plan is not None
    assert found.plan.gap < 0.01


def test_counts_by_pool_and_cell_add_up() -> None:
    instance = compile_scenario(generate(racks=400, halls=2, periods=3, demands=4))
    assert poolable(instance)
    levels = pool(instance)
    sizes = np.bincount(
        levels.pool_of, weights=levels.by_class.classes.size, minlength=len(levels.by_pool.classes.size)
    )
    standing = levels.by_pool.classes.delivery < 0
    assert (sizes[standing] == levels.by_pool.classes.size[standing]).all()
    model = ModelByPool(levels, Preferences())
    assert model.linear.columns == len(model.linear.periods_of())
