"""Many names in few words, none of them lost and none added."""

from __future__ import annotations

import pytest

from capalloc.report.ranges import ranges


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ([], []),
        (["r1"], ["r1"]),
        (["r1", "r2"], ["r1", "r2"]),
        (["r1", "r2", "r3"], ["r1 … r3"]),
        (["r9", "r10", "r11"], ["r9 … r11"]),
        (["r1", "r2", "r4", "r5", "r6"], ["r1", "r2", "r4 … r6"]),
        (["b1-r1", "b1-r2", "b1-r3"], ["b1-r1 … r3"]),
        (["ups-1-a", "ups-2-a", "ups-3-a"], ["ups-1-a … ups-3-a"]),
        (["left", "right", "middle"], ["left", "right", "middle"]),
        (["r3", "r2", "r1"], ["r3", "r2", "r1"]),
    ],
)
def test_names_that_count_on_are_a_range(names: list[str], said: list[str]) -> None:
    assert ranges(names) == said


def block(*blocks: int, rows: int = 3) -> list[str]:
    return [f"h-b{b}-r{r}" for b in blocks for r in range(1, rows + 1)]


def test_ranges_of_the_same_numbers_in_blocks_that_count_on_are_one() -> None:
    assert ranges(block(1, 2, 3)) == ["h-b1-r1 … h-b3-r3 (9)"]

    assert ranges([f"{row}-b" for row in block(1, 2)]) == ["h-b1-r1-b … h-b2-r3-b (6)"]


def test_blocks_that_leave_one_out_or_differ_in_size_stay_apart() -> None:
    assert ranges(block(1, 3)) == ["h-b1-r1 … r3", "h-b3-r1 … r3"]
    assert ranges([*block(1), *block(2, rows=4)]) == ["h-b1-r1 … r3", "h-b2-r1 … r4"]
