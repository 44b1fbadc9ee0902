"""Groups of racks in random small facilities: accepted by the checker, never above the exact optimum, seldom below."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest

from capalloc.schema.placing import Placing
from capalloc.schema.request import Placed
from capalloc.schema.rules import Rule
from capalloc.verify.placed import verify_placed
from tests.placement.broken import broken
from tests.placement.case import Case
from tests.placement.faults import answer, checked, rejections
from tests.placement.random_cases import random_case

SEEDS, SOME, FEW = 120, 120, 40
MOSTLY = 0.95
"""Least share of the answers that are the optimum."""
OFTEN = 5
"""Least number of random moves that break each rule."""


def test_answers_are_accepted_never_above_the_optimum_and_mostly_the_optimum() -> None:
    verdicts = [checked(seed) for seed in range(SEEDS)]
    assert {verdict.seed: verdict.faults for verdict in verdicts if verdict.faults} == {}
    assert sum(verdict.missed == 0 for verdict in verdicts) >= MOSTLY * SEEDS


def test_a_search_is_never_worse_than_construction_alone() -> None:
    for case in map(random_case, range(FEW)):
        built, searched = answer(case, 0.0), answer(case, 0.01)
        assert case.worth(built.placed) <= case.worth(searched.placed), case.seed


def test_the_same_seed_gives_the_same_construction() -> None:
    for case in map(random_case, range(FEW)):
        assert _timeless(answer(case, 0.0)) == _timeless(answer(case, 0.0)), case.seed


def _timeless(found: Placing) -> Placing:
    return found.model_copy(update={"seconds_core": 0.0, "seconds_total": 0.0})


def test_what_stood_stays() -> None:
    cases = [case for case in map(random_case, range(SOME)) if case.occupied]
    assert len(cases) > SOME // 4
    for case in cases:
        assert set(answer(case, 0.0).placed) >= set(case.occupied), case.seed


def test_every_missing_rack_is_told_with_a_reason() -> None:
    for case in map(random_case, range(SOME)):
        found = answer(case, 0.0)
        stand = Counter(line.request for line in found.placed)
        told = {entry.request: entry.racks for entry in found.unplaced}
        missing = {request.name: request.racks - stand[request.name] for request in case.requests}
        assert told == {name: racks for name, racks in missing.items() if racks}, case.seed
        assert all(entry.reasons for entry in found.unplaced), case.seed


def test_requests_may_come_one_half_after_the_other() -> None:
    for case in map(random_case, range(SOME)):
        stand = {line.request for line in case.occupied}
        early = [request.name in stand or number % 2 == 0 for number, request in enumerate(case.requests)]
        first = replace(case, requests=tuple(r for r, comes in zip(case.requests, early, strict=True) if comes))
        then = answer(case, 0.0, occupied=answer(first, 0.0).placed)
        assert rejections(case, then.placed) == [], case.seed


def test_a_rack_moved_to_where_it_breaks_a_rule_is_rejected_for_that_rule() -> None:
    seen: Counter[Rule] = Counter()
    for case in map(random_case, range(SOME)):
        placed = answer(case, 0.0).placed
        for moved in _moves(case, placed):
            rules = broken(case, moved)
            wrong = verify_placed(
                case.facility, case.requests, moved, occupied=case.occupied, on=case.on, standing=case.standing
            )
            assert {violation.rule for violation in wrong} == rules, (case.seed, set(moved) - set(placed))
            seen.update(rules)
    limits = (Rule.AVAILABILITY, Rule.POWER, Rule.FAILOVER, Rule.SUPPLY, Rule.COOLING)
    assert all(seen[rule] >= OFTEN for rule in (*limits, Rule.LOCALITY, Rule.POSITION, Rule.PINS)), seen


def _moves(case: Case, placed: tuple[Placed, ...]) -> Iterator[tuple[Placed, ...]]:
    """One rack of the answer, drawn, moved to each other position in turn, taken or not."""
    if placed:
        line = random.Random(case.seed).choice(placed)
        rest = tuple(other for other in placed if other != line)
        for name in case.positions.keys() - {line.position}:
            yield (*rest, Placed(request=line.request, position=name))


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_same_seed_gives_the_same_case(seed: int) -> None:
    assert random_case(seed) == random_case(seed)
