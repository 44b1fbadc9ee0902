"""Quantiles that are met, value at risk and CVaR, against what can be computed by hand."""

from __future__ import annotations

import numpy as np
import pytest

from capalloc.analysis.risk.spread import cvar, error_of, met_in, spread_of

VALUES = np.array([5.0, 1.0, 4.0, 2.0, 3.0])


@pytest.mark.parametrize(("share", "met"), [(1.0, 1), (0.8, 2), (0.79, 2), (0.81, 1), (0.6, 3), (0.2, 5), (0.0, 5)])
def test_what_is_met_is_the_most_that_so_many_come_to(share: float, met: float) -> None:
    # four of five come to 2 or more, three to 3 or more
    assert met_in(VALUES, share) == met


def test_of_two_hundred_ten_may_be_below_the_level_met_in_95_percent() -> None:
    assert met_in(np.arange(200.0), 0.95) == 10.0  # 10 to 199 are 190 values, 95 % of 200


@pytest.mark.parametrize(
    ("alpha", "mean"),
    [
        (0.6, 1.5),  # the worst two of five: 1 and 2
        (0.5, 1.8),  # two and a half: (1 + 2 + 3 / 2) / 2.5
        (0.95, 1.0),  # a quarter of a value is of the worst one alone
        (0.0001, 3.0),  # nearly all
    ],
)
def test_cvar_is_the_mean_of_the_worst_share(alpha: float, mean: float) -> None:
    assert cvar(VALUES, alpha) == pytest.approx(mean, abs=1e-3)


def test_the_standard_error_is_that_of_a_mean() -> None:
    assert error_of(VALUES) == pytest.approx(np.sqrt(2.5 / 5))  # variance (4 + 1 + 0 + 1 + 4) / 4
    assert error_of(VALUES[:1]) == 0.0


def test_no_values_have_no_figures() -> None:
    assert spread_of(VALUES[:0]) is None
