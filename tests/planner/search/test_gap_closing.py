"""Windows are planned again side by side only where what one changes leaves the other as it is."""

from __future__ import annotations

import numpy as np

from capalloc.planner.lp.linear import ALWAYS
from capalloc.planner.lp.program import Program
from capalloc.planner.lp.slices import Slices
from capalloc.planner.search.gap_closing import apart


def _slices() -> Slices:
    """Six windows with a column each, and a delivery's place that is decided in window 2."""
    when = np.array([0, 1, 2, 3, 4, 5, ALWAYS])
    none, zeros = np.zeros(0, dtype=np.int64), np.zeros(7)
    program = Program(1.0, zeros, zeros + 1, zeros, zeros > 0, np.zeros(0), np.zeros(0), none, none, np.zeros(0))
    return Slices(program, when, np.full(7, 2))


def test_neighbouring_windows_are_not_apart() -> None:
    assert not apart(_slices(), 0, 1)
    assert not apart(_slices(), 4, 3)


def test_windows_with_another_between_are_apart() -> None:
    assert apart(_slices(), 0, 3)
    assert apart(_slices(), 5, 3)


def test_a_window_that_settles_where_deliveries_stand_is_apart_from_none() -> None:
    assert not apart(_slices(), 2, 5)
    assert not apart(_slices(), 0, 2)
