"""What the exact model accepts is what the verifier accepts, plan by plan, rule by rule."""

from __future__ import annotations

import pytest

from capalloc.exact.solve import accepts, exact_model
from capalloc.instance.compile import compile_scenario
from capalloc.schema.rules import Rule
from tests.differential.binding import BINDINGS, every_decision
from tests.differential.plans import broken, plan_of


def test_every_rule_has_a_scenario_in_which_it_binds() -> None:
    assert set(BINDINGS) == set(Rule)


@pytest.mark.parametrize("rule", Rule)
def test_exact_model_and_verifier_accept_the_same_plans(rule: Rule) -> None:
    binding = BINDINGS[rule]()
    instance = compile_scenario(binding.scenario)
    exact = exact_model(instance)
    verdicts = set()
    for decisions in every_decision(instance, binding.more):
        found = broken(instance, plan_of(instance, decisions))
        verdicts.add(found)
        assert accepts(exact, decisions) == (not found), (decisions, found)
    assert frozenset() in verdicts, "no plan keeps every rule"
    assert frozenset({rule}) in verdicts, "no plan breaks this rule alone"
