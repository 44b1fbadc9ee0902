"""A repair of every conflict at once names each quantity once, by what suffices for all of them."""

from __future__ import annotations

import pytest

from capalloc.analysis.edits import forbidding, with_node, with_policy
from capalloc.analysis.explain import Explanation, Repair, explain
from capalloc.schema.scenario import Scenario
from capalloc.solve import solve
from tests.analysis.explain.causes import flat, site
from tests.strategies import contract, scenario

SMALL = site(nodes={"grid": {"rated_kw": 40}})
"""Four racks of 10 kW under a feed of 40 kW."""


def says(repair: Repair | None) -> list[str]:
    """Its changes in words."""
    assert repair is not None
    return [change.says for change in repair.changes]


def plan_exists(changed: Scenario) -> bool:
    return solve(forbidding(changed)).plan is not None


@pytest.fixture(scope="module")
def reserved() -> Explanation:
    """A reserve of 50 of 40 kW, a lease of 10 kW in May and one of 30 kW from June on."""
    return explain(reserved_site())


def reserved_site() -> Scenario:
    may = contract("may", ramp=[{"from": "2026-05", "mw": 0.01}], until="2026-06", fee={"usd_per_month": 1e6})
    june = flat("june", 30, ramp=[{"from": "2026-06", "mw": 0.03}], fee={"usd_per_month": 1e6})
    return scenario(SMALL, contracts=[may, june], policy={"reserve_mw": 0.05, "shortfall": "forbid", "idle": "off"})


def test_a_reserve_that_three_conflicts_lower_is_named_once_by_what_suffices(reserved: Explanation) -> None:
    # 50 kW of 40 leave no plan; May's rack leaves 30 kW of them and June's three leave 10
    assert says(reserved.together) == ["site: reserve 10 kW in place of 50 kW"]
    assert plan_exists(with_policy(reserved_site(), reserve_mw=0.01))
    assert not plan_exists(with_policy(reserved_site(), reserve_mw=0.0101))


def test_a_feed_that_two_conflicts_raise_is_raised_once_by_what_both_take() -> None:
    # each lease alone has 10 kW too little on a feed of 10 kW; both together take 40
    made = scenario(
        site(nodes={"grid": {"rated_kw": 10}}),
        contracts=[flat("lease", 20, fee={"usd_per_month": 1e6}), flat("second", 20, fee={"usd_per_month": 1e6})],
        policy={"shortfall": "forbid", "idle": "off"},
    )
    answer = explain(made)
    assert len(answer.conflicts) == 2
    assert all("grid: +10 kW from 2026-05 (rated_kw 10 to 20)" in one for one in listed(answer))
    assert says(answer.together) == ["grid: +30 kW from 2026-05 (rated_kw 10 to 40)"]
    assert plan_exists(with_node(made, "grid", rated_kw=40.0))
    assert not plan_exists(with_node(made, "grid", rated_kw=39.0))


def listed(answer: Explanation) -> list[list[str]]:
    """The repairs of each conflict in words."""
    return [["; ".join(says(repair)) for repair in conflict.repairs] for conflict in answer.conflicts]


def test_a_repair_that_another_change_makes_alone_takes_no_step_of_its_own() -> None:
    """All 20 kW of the feed are kept: with none kept it still lacks 10 kW, with 30 kW more it lacks nothing."""
    made = scenario(
        site(nodes={"grid": {"rated_kw": 20}}),
        contracts=[flat("lease", 30)],
        policy={"reserve_mw": 0.02, "shortfall": "forbid", "idle": "off"},
    )
    ((*repairs,),) = listed(explain(made))
    assert sorted(repairs) == ["grid: +30 kW (rated_kw 20 to 50)", "lease: 0 kW in place of 30 kW from 2026-05"]


def test_a_supply_that_stands_in_for_either_of_two_late_ones_is_one_repair() -> None:
    """10 kW are missing in June; 13 MW are sought in steps of 100 kW, 800 kW in steps of one."""
    late = [("first", 800), ("second", 13_000)]
    supplies = [
        {"name": "old", "node": "grid", "kw": 20},
        *({"name": name, "node": "grid", "kw": kw, "from": "2026-07"} for name, kw in late),
    ]
    june = flat("lease", 30, ramp=[{"from": "2026-06", "mw": 0.03}])
    made = scenario(site(supplies=supplies), 3, contracts=[june], policy={"shortfall": "forbid", "idle": "off"})
    ((*repairs,),) = listed(explain(made))
    assert [one for one in repairs if "of supply" in one] == ["grid: +10 kW of supply from 2026-06 until 2026-07"]
