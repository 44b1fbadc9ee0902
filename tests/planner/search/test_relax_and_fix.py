"""How much a step's plan may lack, and how near to the relaxed counts whole ones are sought."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from capalloc.planner.params import RelaxAndFixParams
from capalloc.planner.search.relax_and_fix import Step

MAY_LACK = 40.0


def _share(bounds: list[float], t: int) -> float:
    """The share of what may be lacking that a plan of nothing so far has in period ``t``."""
    step: Any = SimpleNamespace(
        bounds=SimpleNamespace(total=lambda: sum(bounds)),
        ahead=0,
        t=t,
        values=None,
        model=SimpleNamespace(periods=len(bounds), value=lambda _: 0.0),
        settings=SimpleNamespace(may_lack_usd=MAY_LACK),
        _most=bounds.__getitem__,
    )
    return (sum(bounds[: t + 1]) - Step._needed(step)) / MAY_LACK


@pytest.mark.parametrize(
    ("bounds", "shares"),
    [
        ([100.0, 100.0, 100.0, 100.0], [0.25, 0.5, 0.75, 1.0]),
        ([300.0, 50.0, 25.0, 25.0], [0.75, 0.875, 0.9375, 1.0]),  # of money, where that is more
        ([25.0, 25.0, 50.0, 300.0], [0.25, 0.5, 0.75, 1.0]),  # of periods, where those are
        ([300.0, 100.0, -100.0, -100.0], [1.0, 1.0, 1.0, 1.0]),  # never more than there is
        ([-100.0, -100.0, -100.0, -100.0], [0.25, 0.5, 0.75, 1.0]),
        ([0.0, 0.0, 0.0, 0.0], [0.25, 0.5, 0.75, 1.0]),
    ],
)
def test_a_plan_so_far_may_lack_its_share(bounds: list[float], shares: list[float]) -> None:
    assert [_share(bounds, t) for t in range(4)] == pytest.approx(shares)


def _sought(worth: list[float | None], params: RelaxAndFixParams) -> tuple[float, int]:
    """What whole counts are worth near relaxed ones that are worth 100, and the searches that it took.

    Each search finds the next of ``worth``, None where there is nothing so near; 99 will do.
    """
    relaxed, found = np.array([100.0]), iter(worth)
    searches: list[float] = []

    def search(racks: float, _seconds: float) -> Any:
        searches.append(racks)
        answer = next(found)
        return SimpleNamespace(values=None if answer is None else np.array([answer]))

    step: Any = SimpleNamespace(
        settings=SimpleNamespace(params=params, gap=0.01, any_will_do=False),
        own=SimpleNamespace(program=SimpleNamespace(usd=np.array([1.0]))),
        share=1.0,
        frame=SimpleNamespace(
            distances=lambda _: params.rounding_racks, integers_near=lambda _part, _relaxed, racks: racks
        ),
        _needed=lambda: np.inf,
        _search=search,
    )
    answer = Step._rounded_near(step, relaxed)
    assert answer is not None
    return float(answer[0]), len(searches)


@pytest.mark.parametrize(
    ("worth", "best", "searches"),
    [
        ([99.5], 99.5, 1),
        ([98.0, 99.0], 99.0, 2),
        ([98.0, 98.5, 97.0], 98.5, 3),  # the best of three where none will do
        ([None, 98.0, None, 97.0], 98.0, 4),
    ],
)
def test_counts_next_to_the_relaxed_ones_are_tried_first_and_cost_no_later_try(
    worth: list[float | None], best: float, searches: int
) -> None:
    usual = RelaxAndFixParams()
    assert _sought(worth, usual.nearest()) == (best, searches)
    if searches > 1:  # without them, the same is found from the second on
        assert _sought(worth[1:], usual) == (best, searches - 1)
