"""A plan that says more of itself than its figures bear out is refused."""

from __future__ import annotations

from typing import Any

import pytest

from capalloc.formats import load_scenario
from capalloc.schema.plan import Plan
from capalloc.schema.scenario import Scenario
from capalloc.schema.status import Status
from capalloc.solve import solve
from capalloc.verify import verify


@pytest.fixture(scope="module")
def tiny() -> Scenario:
    return load_scenario("examples/tiny.yaml")


@pytest.fixture(scope="module")
def plan(tiny: Scenario) -> Plan:
    found = solve(tiny).plan
    assert found is not None
    assert found.status is Status.OPTIMAL
    return found


def _messages(tiny: Scenario, plan: Plan, **changed: Any) -> list[str]:
    return [violation.message for violation in verify(tiny, plan.replace(**changed)).violations]


def test_an_optimal_plan_is_at_its_bound(tiny: Scenario, plan: Plan) -> None:
    bound = plan.objective_usd / (1 - 0.036)
    (message,) = _messages(tiny, plan, bound_usd=bound, gap=0.036)
    assert message.startswith("the plan says that it is optimal, and that one worth ")
    assert _messages(tiny, plan, bound_usd=bound, gap=0.036, status=Status.FEASIBLE) == []


def test_a_cent_and_a_millionth_are_no_difference(tiny: Scenario, plan: Plan) -> None:
    away = 0.9e-6 * plan.objective_usd
    assert _messages(tiny, plan, bound_usd=plan.objective_usd + away, gap=0.9e-6) == []


def test_a_plan_that_is_none_has_no_assignments(tiny: Scenario, plan: Plan) -> None:
    (message,) = _messages(tiny, plan, status=Status.INFEASIBLE)
    assert message == f"the plan says that none exists, and has {len(plan.assignments)} assignments"


def test_the_name_of_another_scenario_is_told(tiny: Scenario, plan: Plan) -> None:
    assert _messages(tiny, plan, scenario="grid-slip") == [
        "the plan says that it is of 'grid-slip'; the scenario is 'tiny'"
    ]
