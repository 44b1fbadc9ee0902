"""The way back where whole counts leave a period no answer: it hears the token and the time as every search does."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from capalloc.cancel import CancelToken
from capalloc.planner.lp import deadline as clocks
from capalloc.planner.lp.deadline import CancelledError, Deadline
from capalloc.planner.params import RelaxAndFixParams
from capalloc.planner.search.relax_and_fix import Settings
from capalloc.planner.search.rolling_horizon import _Steps

VALUES = np.zeros(3)
PARAMS = RelaxAndFixParams()
PERIODS = 20


@dataclass
class _Clock:
    """A clock that others set."""

    now: float = 0.0

    def monotonic(self) -> float:
        return self.now


@dataclass
class _Frame:
    """A frame of many periods in which searches over several at once take their seconds, and find nothing."""

    settings: Settings
    clock: _Clock
    given: list[float] = field(default_factory=list)
    model: Any = field(default_factory=lambda: SimpleNamespace(periods=PERIODS))

    def together(self, first: int, last: int, values: np.ndarray, seconds: float) -> None:
        self.given.append(seconds)
        self.clock.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> _Clock:
    clock = _Clock()
    monkeypatch.setattr(clocks, "time", clock)
    return clock


def _steps(frame: Any) -> _Steps:
    return _Steps(frame, lambda *_: pytest.fail("no single step is called"))


def _settings(deadline: Deadline, needed: bool = True) -> Settings:
    return Settings(gap=0.01, seed=0, ahead=0, params=PARAMS, deadline=deadline, needed=needed)


def test_searches_of_several_periods_have_their_seconds_while_the_time_lasts(clock: _Clock) -> None:
    frame = _Frame(_settings(Deadline(1e3)), clock)
    assert _steps(frame).again(VALUES, PERIODS - 1) is None
    assert frame.given == [PARAMS.last_resort_s] * 6  # 1, 2, 4, 8, 16 and all 19 periods before it


def test_once_the_time_is_over_all_of_them_have_the_seconds_of_one(clock: _Clock) -> None:
    # two have 10 s each of 15 s, the second of which ends 5 s late; what is left of one are 5 s
    frame = _Frame(_settings(Deadline(15.0)), clock)
    assert _steps(frame).again(VALUES, PERIODS - 1) is None
    assert frame.given == [10.0, 10.0, 5.0]


def test_what_went_on_late_before_takes_nothing_from_them(clock: _Clock) -> None:
    frame = _Frame(_settings(Deadline(15.0)), clock)
    clock.now = 100.0
    assert _steps(frame).again(VALUES, PERIODS - 1) is None
    assert frame.given == [10.0]


def test_none_goes_on_past_the_time_where_no_answer_is_needed(clock: _Clock) -> None:
    frame = _Frame(_settings(Deadline(15.0), needed=False), clock)
    assert _steps(frame).again(VALUES, PERIODS - 1) is None
    assert frame.given == [10.0, 5.0]


def test_a_token_ends_such_a_search_which_is_done_once_more_in_haste() -> None:
    token, calls = CancelToken(), list[str]()
    deadline = Deadline(60.0, token)

    def together(*_: object) -> np.ndarray | None:
        calls.append("haste" if deadline.interrupted else "search")
        token.cancel()
        deadline.call(lambda _: None)  # raises where the token is heard
        return VALUES if deadline.interrupted else None

    frame = SimpleNamespace(model=SimpleNamespace(periods=3), settings=_settings(deadline), together=together)
    assert _steps(frame).again(VALUES, 2) is VALUES
    assert calls == ["search", "haste"]


def test_a_token_ends_it_for_good_where_no_answer_is_needed() -> None:
    token = CancelToken()
    token.cancel()
    deadline = Deadline(60.0, token)

    def together(*_: object) -> None:
        deadline.call(lambda _: pytest.fail("must not begin"))

    frame = SimpleNamespace(
        model=SimpleNamespace(periods=3), settings=_settings(deadline, needed=False), together=together
    )
    try:
        assert _steps(frame).again(VALUES, 2) is None
    except CancelledError:  # pragma: no cover
        pytest.fail("the token left the steps")
    assert deadline.interrupted
