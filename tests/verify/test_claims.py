"""A plan that says more of itself than its figures bear out is refused."""

from __future__ import annotations

from typing import Any

import pytest

from capalloc.formats import load_scenario
from capalloc.schema.plan import Plan
from capalloc.schema.scenario import Scenario
from capalloc.schema.status import Status, StopReason
from capalloc.solve import solve
from capalloc.verify import recount, verify


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
    ended = plan.termination.replace(reason=StopReason.TIME_LIMIT)
    assert _messages(tiny, plan, bound_usd=bound, gap=0.036, status=Status.FEASIBLE, termination=ended) == []


def test_a_cent_and_a_millionth_are_no_difference(tiny: Scenario, plan: Plan) -> None:
    away = 0.9e-6 * plan.objective_usd
    assert _messages(tiny, plan, bound_usd=plan.objective_usd + away, gap=0.9e-6) == []


def test_a_plan_that_is_none_has_no_assignments(tiny: Scenario, plan: Plan) -> None:
    message, _ = _messages(tiny, plan, status=Status.INFEASIBLE)  # nor does it end as optimal
    assert message == f"the plan says that none exists, and has {len(plan.assignments)} assignments"


def test_the_name_of_another_scenario_is_told(tiny: Scenario, plan: Plan) -> None:
    assert _messages(tiny, plan, scenario="grid-slip") == [
        "the plan says that it is of 'grid-slip'; the scenario is 'tiny'"
    ]


def test_gaps_that_are_not_named_are_told(tiny: Scenario, plan: Plan) -> None:
    first = plan.assignments[0]
    short = plan.replace(assignments=plan.assignments[1:])
    truth = recount(tiny, short)
    stated = short.replace(
        demands=truth.demands,
        shortfalls=truth.shortfalls,
        unplaced=(),
        objective_usd=truth.objective_usd,
        bound_usd=truth.objective_usd,
        gap=0.0,
        stats=plan.stats.replace(moves=truth.moves),
    )
    told = [one.message for one in verify(tiny, stated).violations]
    assert all("unplaced does not say so" in message for message in told if message.startswith(first.demand))


def test_a_bound_that_full_service_does_not_pass_is_checked(tiny: Scenario, plan: Plan) -> None:
    # no relaxation: whoever gets all that it pays for at no cost is worth no more than ten times this plan
    far = plan.replace(bound_usd=10 * plan.objective_usd)
    assert "bound_usd" in {one.what for one in verify(tiny, plan).not_checked}
    assert "bound_usd" not in {one.what for one in verify(tiny, far).not_checked}
