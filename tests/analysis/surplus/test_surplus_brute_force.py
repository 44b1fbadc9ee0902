"""By trying every set of idle racks: kW and lots are exactly the most that can be sold without moving anybody."""

from __future__ import annotations

from functools import cache

import pytest

from capalloc import solve
from capalloc.analysis.surplus import Surplus, surplus
from capalloc.planner.params import PlannerParams
from capalloc.schema.plan import Plan
from capalloc.schema.scenario import Scenario
from tests.analysis.surplus.brute_force import Beside
from tests.corpus.random_scenarios import MEDIUM_EVERY, random_scenario

SEEDS = tuple(seed for seed in range(56) if seed % MEDIUM_EVERY != MEDIUM_EVERY - 1)
"""Of tiny scenarios."""
LOTS = (8, 16, 24)


@cache
def planned(seed: int) -> tuple[Scenario, Plan] | None:
    """A tiny scenario with a plan; None where there is none."""
    scenario = random_scenario(seed).scenario
    plan = solve(scenario, params=PlannerParams(time_limit=5)).plan
    return None if plan is None else (scenario, plan)


def answer(scenario: Scenario, plan: Plan) -> Surplus:
    found = surplus(scenario, plan, lots=LOTS)
    assert found.complete
    return found


@pytest.mark.parametrize("seed", SEEDS)
def test_kw_and_lots_are_the_most_in_each_period_alone_and_lastingly(seed: int) -> None:
    drawn = planned(seed)
    if drawn is None:
        return
    scenario, plan = drawn
    found, end = answer(scenario, plan), len(plan.periods)
    spans = [(t, t + 1, one) for t, one in enumerate(found.periods)]
    spans += [(t, end, one) for t, one in enumerate(found.lasting.periods)]
    for first, until, one in spans:
        beside = Beside(scenario, plan, first, until)
        assert one.sellable_kw == pytest.approx(beside.most_kw()), (one.period, until)
        assert one.proven
        assert [lots.count for lots in one.lots] == [beside.most_lots(gpus) for gpus in LOTS], (one.period, until)
        assert all(lots.proven for lots in one.lots)
