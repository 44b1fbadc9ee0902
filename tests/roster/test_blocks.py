"""How whole fabric blocks are, counted by hand."""

from __future__ import annotations

import numpy as np

from capalloc.roster.blocks import Fragments, fragments


def counted(unit: list[int], serving: list[int], usable: list[bool] | None = None) -> Fragments:
    """Of one period; -1 serves nobody."""
    there = np.array(usable or [True] * len(unit), dtype=bool)[:, None]
    (found,) = fragments(np.array(unit, dtype=np.int64), np.array(serving, dtype=np.int64)[:, None], there)
    return found


def test_every_block_is_one_of_four_things() -> None:
    # Block 0: both racks serve 1. Block 1: one serves 0, one idles. Block 2: 0 and 1 and one idle. Block 3: idle.
    # Block 4: two demands, none idle.
    found = counted([0, 0, 1, 1, 2, 2, 2, 3, 4, 4], [1, 1, 0, -1, 0, 1, -1, -1, 2, 0])
    assert found == Fragments(whole=1, part=1, shared=2, free=1)


def test_racks_that_are_not_usable_do_not_count() -> None:
    # Block 0: its idle rack is not usable, so that it is whole. Block 1: nothing is usable, so that it is nothing.
    # Block 2: the rack of the other demand is not usable.
    found = counted([0, 0, 1, 2, 2], [0, -1, -1, 1, 0], [True, False, False, True, False])
    assert found == Fragments(whole=2, part=0, shared=0, free=0)


def test_blocks_without_racks_are_nothing() -> None:
    assert counted([3], [0]) == Fragments(whole=1, part=0, shared=0, free=0)


def test_where_nobody_is_served_every_block_is_free() -> None:
    assert counted([0, 0, 1], [-1, -1, -1]) == Fragments(whole=0, part=0, shared=0, free=2)


def test_without_racks_there_are_no_blocks() -> None:
    assert counted([], []) == Fragments(whole=0, part=0, shared=0, free=0)


def test_each_period_counts_for_itself() -> None:
    unit, serving = np.array([0, 0]), np.array([[0, 0, -1], [-1, 0, 0]])
    found = list(fragments(unit, serving, np.array([[True, True, True], [True, True, False]])))
    # One of two serves; both serve; the one that is left idles.
    assert [(one.whole, one.part, one.free) for one in found] == [(0, 1, 0), (1, 0, 0), (0, 0, 1)]
