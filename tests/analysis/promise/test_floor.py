"""Floors of a few samples, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from capalloc.analysis.promise.floor import Floor, floor_of
from capalloc.schema.uncertainty import RiskMeasure

_MEAN = RiskMeasure(alpha=0.5, weight=0.0)
_WORST_HALF = RiskMeasure(alpha=0.5, weight=1.0)
_NONE = np.zeros(2)


def test_it_is_what_is_lost_for_each_kw_month_with_the_error_of_a_ratio() -> None:
    # 300 USD for 4 kW-months; residuals 100 - 75 and 200 - 225: 25 and -25, of which the error of the mean is 25.
    found = floor_of(np.array([1e3, 1e3]), np.array([100.0, 200.0]), np.array([1.0, 3.0]), np.array([4.0, 8.0]), _MEAN)
    assert found.usd == pytest.approx(75)
    assert found.error == pytest.approx(25 / 2)
    assert found.within == pytest.approx(6 / 2)
    assert (found.weighed_usd, found.kw_months) == (None, 2)


def test_where_the_worst_samples_weigh_it_makes_good_what_they_lose() -> None:
    # Without: worst 500. With it at a fee f: min(500 - 100 + f, 1,000 - 10 + f) = 400 + f: the fee is 100.
    found = floor_of(np.array([500.0, 1000.0]), np.array([100.0, 10.0]), np.ones(2), _NONE, _WORST_HALF)
    assert found.usd == pytest.approx(55)
    assert found.weighed_usd == pytest.approx(100)


@pytest.mark.parametrize("little", [0.0, 1e-9])
def test_there_is_none_where_the_worst_sample_is_delivered_nothing(little: float) -> None:
    found = floor_of(np.array([500.0, 1000.0]), np.array([100.0, 10.0]), np.array([little, 1.0]), _NONE, _WORST_HALF)
    assert found.weighed_usd is None


def test_there_is_none_where_nothing_is_delivered() -> None:
    assert floor_of(np.ones(2), np.ones(2), np.zeros(2), _NONE, _MEAN) == Floor()
    assert floor_of(np.zeros(0), np.zeros(0), np.zeros(0), np.zeros(0), _MEAN) == Floor()
