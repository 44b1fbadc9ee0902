"""Curves of a period are the sums of those of its stretches."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from capalloc.instance.model import Curve
from capalloc.instance.money import by_period
from capalloc.instance.stretches import Stretch
from capalloc.schema.demand import RampStep

MEASURE = np.array([1])
STEP = RampStep.model_validate({"from": "2026-05", "mw": 1.0})
DAY = date(2026, 5, 1)
Segments = list[tuple[int, int]]
"""Width and slope of each segment; slopes fall once sorted."""


def _curve(rows: list[Segments]) -> Curve:
    """One row for each stretch, of three segments; some have a base."""
    widths = np.array([[width for width, _ in row] for row in rows], dtype=float).reshape(-1, 3)
    slopes = np.array([sorted((slope for _, slope in row), reverse=True) for row in rows], dtype=float).reshape(-1, 3)
    return Curve(MEASURE, widths, slopes, np.arange(len(rows), dtype=float))


ROWS = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 9)), min_size=3, max_size=3)
STRETCHES = st.lists(st.tuples(st.integers(0, 3), ROWS, ROWS), max_size=7)


@given(STRETCHES)
def test_a_sum_of_concave_curves_is_concave_and_worth_as_much_everywhere(
    drawn: list[tuple[int, Segments, Segments]],
) -> None:
    drawn.sort(key=lambda one: one[0])
    stretches = [Stretch(period, STEP, DAY, DAY) for period, _, _ in drawn]
    curves = [_curve([one[which] for one in drawn]) for which in (1, 2)]  # type: ignore[misc]
    total = by_period(curves, stretches, periods=4)
    assert (total.slopes[:, :-1] >= total.slopes[:, 1:]).all()
    for delivered in range(18):
        apart = [sum(curve.gain_usd(np.full(len(drawn), delivered))) for curve in curves]
        assert total.gain_usd(np.full(4, delivered)).sum() == pytest.approx(sum(apart))


def test_an_open_last_segment_stays_open() -> None:
    tiers = Curve(MEASURE, np.array([[2.0, np.inf], [3.0, np.inf]]), np.array([[5.0, 1.0], [4.0, 2.0]]), np.zeros(2))
    both = by_period([tiers], [Stretch(0, STEP, DAY, DAY)] * 2, periods=1)
    # 2 at 5 + 4, one at 1 + 4, the rest at 1 + 2
    assert both.widths.tolist() == [[2.0, 1.0, np.inf]]
    assert both.slopes.tolist() == [[9.0, 5.0, 3.0]]


def test_a_term_outside_the_calendar_earns_nothing() -> None:
    nothing = Curve(MEASURE, np.zeros((0, 1)), np.zeros((0, 1)), np.zeros(0))
    assert by_period([nothing], [], periods=3).gain_usd(np.full(3, 7)).tolist() == [0.0, 0.0, 0.0]
