"""How much a step's plan may lack."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

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
