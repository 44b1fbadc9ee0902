"""What the exact model accepts is what the verifier accepts, plan by plan, rule by rule."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from capalloc.exact.solve import accepts, exact_model
from capalloc.instance.compile import compile_scenario
from capalloc.schema.rules import Rule
from tests.differential.binding import BINDINGS, FURTHER, Binding, every_decision
from tests.differential.plans import broken, plan_of


def test_every_rule_has_a_scenario_in_which_it_binds() -> None:
    assert set(BINDINGS) == set(Rule)


def _verdicts(binding: Binding) -> set[frozenset[Rule]]:
    """The rules that plans break, every plan judged by both."""
    instance = compile_scenario(binding.scenario)
    exact = exact_model(instance)
    verdicts = set()
    for decisions in every_decision(instance, binding.more):
        found = broken(instance, plan_of(instance, decisions))
        verdicts.add(found)
        assert accepts(exact, decisions) == (not found), (decisions, found)
    assert frozenset() in verdicts, "no plan keeps every rule"
    return verdicts


@pytest.mark.parametrize("rule", Rule)
def test_exact_model_and_verifier_accept_the_same_plans(rule: Rule) -> None:
    assert frozenset({rule}) in _verdicts(BINDINGS[rule]()), "no plan breaks this rule alone"


@pytest.mark.parametrize(("binding", "rule"), FURTHER)
def test_exact_model_and_verifier_accept_the_same_plans_where_a_rule_has_further_ways(
    binding: Callable[[], Binding], rule: Rule
) -> None:
    assert frozenset({rule}) in _verdicts(binding()), "no plan breaks this rule alone"
