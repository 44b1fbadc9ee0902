"""A bound of 0 leaves no share of it; what is worth less is not optimal all the same."""

from __future__ import annotations

from capalloc.roster.ending import Ending, relative_gap
from capalloc.schema.status import Status


def test_what_is_worth_less_than_nothing_is_all_of_a_gap_away() -> None:
    assert relative_gap(-20_000.0, 0.0) == 1.0
    assert Ending(limit=60.0).with_plan(-20_000.0, 0.0)[0] is Status.FEASIBLE


def test_what_reaches_a_bound_of_nothing_is_optimal() -> None:
    assert relative_gap(-0.004, 0.0) == 0.0
    assert Ending(limit=60.0).with_plan(0.0, 0.0)[0] is Status.OPTIMAL
