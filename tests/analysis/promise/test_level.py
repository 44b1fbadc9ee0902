"""How many samples may break a promise: against sums of binomials, and against draws."""

from __future__ import annotations

from fractions import Fraction
from math import comb

import numpy as np
import pytest

from capalloc.analysis.promise.level import fewest_samples, level_of, most_broken


def at_most(broken: int, samples: int, chance: Fraction) -> Fraction:
    """The chance of no more than so many, summed exactly."""
    terms = (comb(samples, k) * chance**k * (1 - chance) ** (samples - k) for k in range(broken + 1))
    return sum(terms, Fraction(0))


@pytest.mark.parametrize("samples", [59, 60, 93, 100, 200, 333, 1000])
@pytest.mark.parametrize("percent", [80, 90, 95])
def test_one_more_broken_would_leave_too_little_assurance(samples: int, percent: int) -> None:
    broken, chance = most_broken(samples, percent / 100), Fraction(100 - percent, 100)
    assert broken is not None
    assert at_most(broken, samples, chance) <= Fraction(5, 100) < at_most(broken + 1, samples, chance)


def test_tables_of_the_field() -> None:
    # Wilks: 59, 93 and 124 samples for 95 %/95 % with none, one and two left out.
    assert fewest_samples(0.95) == 59
    found = [next(n for n in range(50, 200) if most_broken(n, 0.95) == left) for left in (0, 1, 2)]
    assert found == [59, 93, 124]
    assert most_broken(58, 0.95) is None


def test_promises_of_drawn_samples_hold_with_their_chance() -> None:
    """Of 2,000 promises from 200 uniform draws each, at most about 5 % are broken more often than 5 % of the time."""
    dice = np.random.default_rng(7)
    broken = most_broken(200, 0.95)
    assert broken is not None
    levels = np.array([level_of(dice.random(200), broken) for _ in range(2000)])
    assert 0.01 < np.mean(levels > 0.05) < 0.05
