"""A gap is a share of the bound, and in dollars where the bound is near 0."""

from __future__ import annotations

import pytest

from capalloc.report.figures import gap_between
from capalloc.roster.ending import Ending, distance, relative_gap


@pytest.mark.parametrize(
    ("objective", "bound", "shown", "words"),
    [
        (99.0, 100.0, "gap 1.000 %", "1.0000%"),
        (-22_613.0, 12.0, "bound $12, $22,625 above it", "$22,625"),
        (-5.0, 0.0, "bound $0, $5 above it", "$5"),
        (0.0, 0.0, "gap 0.000 %", "0.0000%"),
    ],
)
def test_a_gap_against_a_bound_near_0_is_in_dollars(objective: float, bound: float, shown: str, words: str) -> None:
    assert gap_between(objective, bound, relative_gap(objective, bound)) == shown
    assert distance(objective, bound) == words


def test_so_it_is_in_the_reason_why_a_search_ended() -> None:
    _, outcome = Ending(60.0, beside_usd=-22_600.0).with_plan(-22_613.0, 12.0)
    assert outcome.detail == (
        "the search ended 0.0575% from the proven bound of plans that give as much to what comes first, "
        "$22,625 from that of any plan"
    )
