"""Values at quantile levels, against what can be computed by hand."""

from __future__ import annotations

import math

import pytest

from capalloc.analysis.sampling.distributions import count_at, months_until, value_at

QUANTILES = {"p90": 240.0, "p10": 0.0, "p50": 60.0}


@pytest.mark.parametrize(
    ("level", "days"),
    [
        (0.1, 0),
        (0.3, 30),  # half way from p10 to p50
        (0.5, 60),
        (0.7, 150),  # half way from p50 to p90
        (0.9, 240),
        (0.98, 276),  # 180 days in 0.4 go on: 240 + 0.08 * 450
        (0.0, -15),  # 60 days in 0.4 go on: 0 - 0.1 * 150
    ],
)
def test_values_are_linear_between_quantiles_and_go_on_beyond_them(level: float, days: float) -> None:
    assert value_at(QUANTILES, level) == pytest.approx(days)


@pytest.mark.parametrize(("level", "days"), [(0.0, -1), (0.05, -0.5), (0.95, 270), (1.0, 300)])
def test_min_and_max_say_how_far_the_ends_go(level: float, days: float) -> None:
    # p10 0 and min -1: half way is -0.5; p90 240 and max 300: half way is 270
    assert value_at(QUANTILES | {"min": -1.0, "max": 300.0}, level) == pytest.approx(days)


def test_equal_quantiles_are_a_certain_value_between_them() -> None:
    assert [value_at({"p10": 5.0, "p90": 5.0}, level) for level in (0.0, 0.4, 0.99)] == [5.0] * 3


@pytest.mark.parametrize(("level", "value"), [(0.0, 0), (0.125, 1), (0.5, 2), (0.875, 3), (1.0, 4)])
def test_min_mode_and_max_are_triangular(level: float, value: float) -> None:
    # of the triangle 0, 2, 4 below 1 lies (1 * 1/4) / 2 = 1/8
    assert value_at({"min": 0.0, "mode": 2.0, "max": 4.0}, level) == pytest.approx(value)


def test_a_triangle_without_width_is_its_mode() -> None:
    assert value_at({"min": 3.0, "mode": 3.0, "max": 3.0}, 0.4) == 3.0


@pytest.mark.parametrize(("level", "months"), [(0.0, 0), (0.09, 0), (0.11, 1), (0.18, 1), (0.2, 2)])
def test_notice_comes_in_the_first_month_in_which_it_falls(level: float, months: int) -> None:
    # a tenth in the first month, a tenth of nine tenths in the second: below 0.19
    assert months_until(0.1, level) == months


def test_what_is_certain_each_month_comes_in_the_first() -> None:
    assert months_until(1.0, 0.999) == 0


@pytest.mark.parametrize(
    ("level", "count"), [(0.0, 0), (0.13, 0), (0.14, 1), (0.40, 1), (0.41, 2), (0.67, 2), (0.68, 3)]
)
def test_counts_are_of_a_poisson_distribution(level: float, count: int) -> None:
    # mean 2: up to 0 is exp(-2) = 0.1353, up to 1 is 0.4060, up to 2 is 0.6767
    assert count_at(2.0, level) == count


def test_counts_of_large_means_are_near_the_normal_distribution() -> None:
    # 97.5 % of outcomes of mean 10,000 are below 10,000 + 1.96 * 100
    assert count_at(10_000.0, 0.975) == pytest.approx(10_196, abs=3)
    assert math.isfinite(count_at(10_000.0, 1 - 1e-9))
