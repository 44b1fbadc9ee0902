"""Random scenarios: each seed asks for a pair of rules, and the rest is random."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from pydantic import ValidationError

from capalloc.calendar import PeriodUnit, add_days, add_months
from capalloc.schema.checks.references import faults
from capalloc.schema.rules import Rule
from capalloc.schema.scenario import Scenario
from capalloc.synthetic.generate import generate
from tests.corpus.coverage import rules_at_work
from tests.corpus.switches import SWITCHES, Draft
from tests.strategies import START, Dice, Record

PAIRS = tuple(combinations(Rule, 2))
MEDIUM_EVERY = 8
"""One seed in so many is a site of some dozens of racks."""


@dataclass(frozen=True)
class RandomScenario:
    """A scenario of the corpus."""

    seed: int
    scenario: Scenario
    rules: frozenset[Rule]
    """Those that it was asked to have at work."""
    tiny: bool
    """Small enough for the exact reference."""


class Tiny(Dice):
    """Three to eight racks, two to five days, weeks or months, two or three demands."""

    def calendar(self) -> tuple[PeriodUnit, date]:
        """As many periods as keep the exact reference fast."""
        count = self.rng.choice([2, 3, 3, 4, 5])
        unit: PeriodUnit = self.rng.choice(["month", "week", "day"])
        return unit, add_months(START, count) if unit == "month" else add_days(
            START, count * (7 if unit == "week" else 1)
        )

    def count_places(self) -> int:
        """Mostly few."""
        return self.rng.choice([3, 4, 4, 5, 5, 6, 8])

    def name_demands(self) -> list[str]:
        """Two or three."""
        return ["own", "lease", "second"][: self.rng.choice([2, 2, 3])]


def random_scenario(seed: int) -> RandomScenario:
    """The scenario of a seed: without faults, with its rules at work; the same for the same seed."""
    rng = random.Random(seed)
    tiny = seed % MEDIUM_EVERY != MEDIUM_EVERY - 1
    rules = _rules(seed, rng)
    while True:
        draft = Draft(Tiny(rng).record() if tiny else _medium(rng), rng)
        for rule in rules:
            SWITCHES[rule](draft)
        scenario = valid(draft.record)
        if scenario is not None and rules_at_work(scenario) >= set(rules):
            return RandomScenario(seed, scenario, frozenset(rules), tiny)


def _rules(seed: int, rng: random.Random) -> list[Rule]:
    """The pair of the seed, which goes on by one each round so that every pair meets both sizes, and up to two more."""
    asked = {*PAIRS[(seed + seed // len(PAIRS)) % len(PAIRS)], *rng.sample(list(Rule), rng.choice([0, 0, 1, 2]))}
    return [rule for rule in Rule if rule in asked]


def _medium(rng: random.Random) -> Record:
    """A generated site of 40 to 200 racks."""
    sizes = {"racks": rng.choice([40, 64, 96, 200]), "halls": rng.randint(1, 3), "periods": rng.randint(2, 6)}
    built = generate(**sizes, demands=rng.randint(2, 5), seed=rng.randrange(10_000))
    record: Record = built.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return record


def valid(record: Record) -> Scenario | None:
    """The scenario of a record; None where what the switches did does not go together."""
    try:
        scenario = Scenario.model_validate(record)
    except ValidationError:
        return None
    return None if any(faults(scenario)) else scenario
