"""Two hundred and fifty random scenarios: no rule broken, no plan above a bound or the exact optimum, no crash."""

from __future__ import annotations

import pytest

from tests.corpus.coverage import rules_at_work
from tests.corpus.faults import faults_of
from tests.corpus.random_scenarios import PAIRS, random_scenario

SEEDS, CHUNK = 250, 10
LEAST = 10
"""Scenarios in which each pair of rules is at work together."""


def test_every_pair_of_rules_is_at_work_together_in_many_scenarios() -> None:
    rules = [rules_at_work(random_scenario(seed).scenario) for seed in range(SEEDS)]
    seldom = [pair for pair in PAIRS if sum(at_work.issuperset(pair) for at_work in rules) < LEAST]
    assert (len(PAIRS), seldom) == (18 * 17 / 2, [])


def test_the_same_seed_gives_the_same_scenario() -> None:
    assert random_scenario(3).scenario == random_scenario(3).scenario


@pytest.mark.parametrize("first", range(0, SEEDS, CHUNK))
def test_plans_are_verified_and_as_good_as_bound_and_exact_optimum_allow(first: int) -> None:
    faults = {seed: faults_of(random_scenario(seed)) for seed in range(first, first + CHUNK)}
    assert {seed: found for seed, found in faults.items() if found} == {}
