"""kW at the roots: load, surplus and what is stranded add up to the watt to what the roots can carry."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from capalloc.analysis.surplus import surplus
from capalloc.instance.power.forest import build_forest
from capalloc.schema.plan import Plan
from capalloc.schema.scenario import Scenario
from capalloc.schema.surplus import Sellable
from tests.analysis.surplus.test_surplus_brute_force import SEEDS, planned
from tests.analysis.verified import verified_loads_kw

A_W_FOR_EACH_RACK = 1e-3


def in_w(one: Sellable) -> int:
    return sum(round(part.kw * 1000) for part in one.stranded)


def carried_kw(scenario: Scenario) -> dict[tuple[str, str], float]:
    """What each root can carry in each period by its rating and supplies."""
    periods = scenario.horizon.periods
    forest = build_forest(scenario, periods)
    cells = ((forest.nodes[v].name, v, t, period) for v in forest.roots for t, period in enumerate(periods))
    return {(name, period.label): forest.normal_w[v, t] / 1000 for name, v, t, period in cells}


def require_sums(scenario: Scenario, plan: Plan) -> None:
    found, loads, carried = surplus(scenario, plan), verified_loads_kw(scenario, plan), carried_kw(scenario)
    for one in (*found.periods, *found.lasting.periods):
        assert in_w(one) == round(one.roots_left_kw * 1000) - round(one.roots_taken_kw * 1000)
    for one in found.periods:
        left = sum(kw - loads[name, None, period] for (name, period), kw in carried.items() if period == one.period)
        near = A_W_FOR_EACH_RACK * (1 + len(scenario.facility.racks))
        assert one.roots_left_kw == pytest.approx(left, abs=near)


@pytest.mark.parametrize("seed", SEEDS)
def test_drawn_sites_add_up_to_what_the_verifier_counts(seed: int) -> None:
    found = planned(seed)
    if found is not None:
        require_sums(*found)


@pytest.mark.parametrize("name", ["tiny", "colo-hall", "abilene-campus"])
def test_examples_add_up(name: str, example: Callable[[str], tuple[Scenario, Plan]]) -> None:
    require_sums(*example(name))
