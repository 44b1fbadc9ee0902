"""The largest sum of columns: what raising all alike finds is what the linear program finds."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from capalloc.analysis.show.largest import in_whole_units, largest_sum, whole_columns
from capalloc.instance.model import Floats


def drawn(seed: int) -> tuple[Floats, Floats, Floats]:
    """Up to four limits on up to four columns: weights, what is left, bounds."""
    rng = np.random.default_rng(seed)
    rows, columns = rng.integers(1, 5, 2)
    weights = rng.choice([0.0, 0.5, 1.0, 1.5], (rows, columns))
    return weights, rng.integers(0, 8, rows).astype(float), rng.integers(0, 4, columns).astype(float)


def most_whole(weights: Floats, left: Floats, upper: Floats) -> float:
    """The largest sum of whole columns, by trying all."""
    tried = (np.array(one) for one in product(*(range(int(most) + 1) for most in upper)))
    return max(float(one.sum()) for one in tried if (weights @ one <= left).all())


@pytest.mark.parametrize("seed", range(200))
def test_the_sum_is_between_the_best_whole_one_and_what_the_columns_found_reach(seed: int) -> None:
    weights, left, upper = drawn(seed)
    most, columns = largest_sum(weights, left, upper)
    assert (weights @ columns <= left + 1e-6).all()
    assert (columns <= upper + 1e-6).all()
    assert columns.sum() == pytest.approx(most)
    assert most >= most_whole(weights, left, upper) - 1e-6


@pytest.mark.parametrize("seed", range(200))
def test_whole_columns_keep_every_limit_and_rounded_limits_lose_none(seed: int) -> None:
    weights, left, upper = drawn(seed)
    rounded = in_whole_units(weights, left)
    most, columns = largest_sum(weights, rounded, upper)
    whole, best = whole_columns(columns, weights, left, upper), most_whole(weights, left, upper)
    assert (weights @ whole <= left + 1e-6).all()
    assert whole.sum() <= best <= most + 1e-6
    assert (rounded <= left + 1e-9).all()


def test_three_ups_in_a_ring_share_what_one_after_the_other_could_not() -> None:
    # Pairs AB, BC, CA: after the loss of B node A carries AB and half of CA, and so on around: 9 kW each. Filling AB
    # first would end at 9; alike, each takes 6 and all are full: 18.
    weights = np.array(
        [[1.0, 0.0, 0.5], [0.5, 0.0, 1.0], [1.0, 0.5, 0.0], [0.5, 1.0, 0.0], [0.0, 1.0, 0.5], [0.0, 0.5, 1]]
    )
    most, columns = largest_sum(weights, np.full(6, 9.0), np.full(3, np.inf))
    assert most == pytest.approx(18.0)
    assert columns == pytest.approx([6.0, 6.0, 6.0])
