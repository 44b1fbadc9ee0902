"""Who hears what is told."""

from __future__ import annotations

from capalloc.told import Told


def test_listeners_inside_each_other_all_hear() -> None:
    told: Told[int] = Told("numbers")
    told.tell([0])
    with told.heard() as outer:
        told.tell([1])
        with told.heard() as inner:
            told.tell(iter([2, 3]))
        told.tell([4])
    told.tell([5])
    assert (outer, inner) == ([1, 2, 3, 4], [2, 3])
