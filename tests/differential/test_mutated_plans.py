"""A verified plan that takes one step over a rule: the verifier names that rule, and only that."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from capalloc.exact.solve import accepts, exact_model
from capalloc.instance.compile import compile_scenario
from capalloc.schema.rules import Rule
from capalloc.solve import solve
from tests.differential.mutations import FURTHER, MUTATIONS, Mutation
from tests.differential.plans import broken, decisions_in, plan_of


def test_every_rule_has_a_mutation() -> None:
    assert set(MUTATIONS) == set(Rule)


@pytest.mark.parametrize(("rule", "made"), [*MUTATIONS.items(), *FURTHER])
def test_a_step_over_one_rule_is_named_as_that_rule_alone(rule: Rule, made: Callable[[], Mutation]) -> None:
    mutation = made()
    result = solve(mutation.scenario)
    assert result.plan is not None
    instance = compile_scenario(mutation.scenario)
    before = decisions_in(instance, result.plan)
    after = mutation.step(instance, before)
    assert broken(instance, plan_of(instance, before)) == set()
    assert broken(instance, plan_of(instance, after)) == {rule}
    assert not accepts(exact_model(instance), after)
