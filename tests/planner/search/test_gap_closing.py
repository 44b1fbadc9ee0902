"""Windows are planned again side by side only where what one changes leaves the other as it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from capalloc.planner.lp.deadline import Deadline
from capalloc.planner.lp.linear import ALWAYS
from capalloc.planner.lp.program import Program
from capalloc.planner.lp.slices import Slices
from capalloc.planner.params import PlannerParams
from capalloc.planner.search import gap_closing
from capalloc.planner.search.gap_closing import GapClosing, aim_usd, apart
from capalloc.planner.search.watch import Watch


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


def test_a_batch_has_no_window_beside_one_that_is_not_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    # 0 and 3 are apart, and so is 5 of both; 4 is apart of the first alone
    monkeypatch.setattr(gap_closing, "AT_ONCE", 3)
    closing = _closing([0, 3, 4, 5, 1, 2])
    assert _windows(closing._next_near(fixed=False)) == [0, 3, 5]


def test_a_batch_searches_for_one_bound_of_a_window() -> None:
    # two objectives in every window; those of window 1 lack most
    closing = _closing([1, 0, 2, 3, 4, 5])
    assert _windows(closing._next(fixed=True)) == [1, 0]


def test_every_objective_of_a_window_has_its_turn() -> None:
    closing = _closing([1, 0, 2, 3, 4, 5])
    seen = set[int]()
    for _ in range(200):
        for call in (calls := closing._next(fixed=True)):
            assert isinstance(call, partial)
            closing._searched[call.args[0]] += 1
            seen.add(call.args[0])
        if not calls:
            break
    assert seen == set(range(12))


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_much_is_lacking_where_a_window_lacks_more_than_its_share_of_the_aim(sign: float) -> None:
    # bounds of 2 x 100 USD in each of six windows; the first lacks 12 USD, the last 2
    closing = _closing([0, 1, 2, 3, 4, 5], bound=sign * 100.0)
    aim = aim_usd(sign * 1200.0, 0.0, closing._params) / 6
    assert 2.0 < aim < 12.0
    assert [closing._lacks_much(t) for t in (0, 5)] == [True, False]


def _closing(neediest: list[int], bound: float = 100.0) -> GapClosing:
    """Of the six windows those lack most that come first, 2 USD more each; every one has two objectives."""
    lacks = {window: float(len(neediest) - n) for n, window in enumerate(neediest)}
    found = [SimpleNamespace(window=window, bound=bound) for window in range(6) for _ in range(2)]
    bounds = SimpleNamespace(
        found=found,
        usd=lambda i: found[i].bound,
        total=lambda: 12 * bound,
        of_window=lambda _: 2 * bound,
        earned=lambda _: [one.bound - lacks[one.window] for one in found],
    )
    model = SimpleNamespace(periods=6, value=lambda _: 12 * bound - 42.0)
    frame = SimpleNamespace(model=model, slices=_slices())
    params = PlannerParams(gap=0.03).resolved()
    deadline = Deadline(60.0)
    made: Any = GapClosing
    closing: GapClosing = made(frame, bounds, np.zeros(7), 0.0, params, deadline, Watch(lambda _: None, deadline, 0.0))
    return closing


def _windows(calls: Sequence[Callable[[], None]]) -> list[int]:
    """The windows that calls are of."""
    windows = []
    for call in calls:
        assert isinstance(call, partial)
        number = call.args[0]
        windows.append(number if call.func.__name__ == "_plan_window_again" else number // 2)
    return windows
