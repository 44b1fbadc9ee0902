"""Generated sites of every shape, small enough for the exact model: no bound of one is below a plan of the other."""

from __future__ import annotations

from random import Random

import pytest

from benchmarks.shapes import SHAPES
from capalloc.exact.params import ExactParams
from capalloc.planner.params import PlannerParams
from capalloc.schema.policy import BringUp
from capalloc.schema.scenario import Scenario
from capalloc.solve import solve
from capalloc.synthetic.generate import generate

WAYS: list[PlannerParams | ExactParams] = [
    PlannerParams(),
    PlannerParams(gap=0.01),
    PlannerParams(most_columns=0),  # one window after the other
    ExactParams(time_limit=5.0),  # a bound in any case
]


@pytest.mark.parametrize("tied", [False, True])
@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("shape", SHAPES)
def test_no_bound_is_below_a_verified_plan(shape: str, seed: int, tied: bool) -> None:
    dice = Random(f"{shape} {seed}")
    site = _site(shape, seed, dice)
    site = _tied(site, dice) if tied else site
    plans = [solve(site, params=way).plan for way in WAYS]
    assert all(plans) or not any(plans)
    found = [plan for plan in plans if plan]
    best = max(plan.objective_usd for plan in found)
    for plan in found:
        assert plan.bound_usd >= best - 0.01 - 1e-6 * abs(best)


def _site(shape: str, seed: int, dice: Random) -> Scenario:
    months, demands = 1 if shape == "weeks" else dice.randint(1, 3), dice.randint(1, 4)
    site = generate(dice.randint(6, 16), halls=dice.randint(1, 2), periods=months, demands=demands, seed=seed)
    return SHAPES[shape](site, dice)


def _tied(site: Scenario, dice: Random) -> Scenario:
    """The same with periods tied to one another: days between two demands, a budget of moves, bring-up."""
    ties = {
        "handover_days": dice.choice([0, 5, 20]),
        "max_moves_per_period": dice.randint(1, 4),
        "bring_up": BringUp(racks_per_period=dice.randint(2, 16)),
    }
    return site.replace(policy=site.policy.replace(**ties))
