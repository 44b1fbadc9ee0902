"""A drawn plan and a scenario that it just fits: solving returns something verified and at least as good."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings

from capalloc.exact.solve import Decisions
from capalloc.instance.compile import compile_scenario
from capalloc.schema.scenario import Scenario
from capalloc.solve import solve
from tests.differential.plans import broken, plan_of
from tests.differential.planted import IDLE, Planted, fitting_scenarios

DOLLAR = 1.0
"""What tie-breaks may take from the objective."""


@settings(max_examples=100, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(fitting_scenarios())
def test_solve_is_at_least_as_good_as_a_planted_plan(drawn: tuple[Planted, Scenario]) -> None:
    planted, scenario = drawn
    instance = compile_scenario(scenario)
    served = ((r, d, t) for r, line in enumerate(planted.serves) for t, d in enumerate(line) if d != IDLE)
    plan = plan_of(instance, Decisions(serve=frozenset(served)))
    assert broken(instance, plan) == set()
    result = solve(scenario)
    assert result.plan is not None
    assert result.verdict is not None
    assert result.verdict.verdict == "ok"
    assert result.verdict.objective_usd >= plan.objective_usd - DOLLAR
    assert result.plan.bound_usd >= plan.objective_usd
