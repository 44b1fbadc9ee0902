"""Levels of a topology: each place lies in one place of the level above it."""

from __future__ import annotations

import pytest

from capalloc.exports.kueue.labels import levels_of
from capalloc.schema.facility import Position


def positions(*places: tuple[str, str, str | None]) -> list[Position]:
    return [
        Position(name=f"p{number}", hall=hall, row=row, feed_a="u", fabric_block=block)
        for number, (hall, row, block) in enumerate(places)
    ]


@pytest.mark.parametrize(
    ("places", "levels"),
    [
        ([("h", "r1", None), ("h", "r2", None)], ["hall", "row"]),
        ([("h", "r1", "b"), ("h", "r2", "b")], ["hall", "fabric-block", "row"]),
        ([("h", "r1", "b1"), ("h", "r1", "b2")], ["hall", "row", "fabric-block"]),
        ([("h", "r1", "b1"), ("h", "r1", "b2"), ("h", "r2", "b1")], ["hall", "fabric-block"]),
        ([("h1", "r1", "b"), ("h2", "r2", "b")], ["fabric-block", "row"]),
        ([("h1", "r1", "b1"), ("h1", "r1", "b2"), ("h2", "r2", "b1")], ["fabric-block"]),
        ([("h1", "r1", "b"), ("h2", "r1", "b2"), ("h2", "r1", None)], ["hall", "fabric-block", "row"]),
    ],
)
def test_levels_are_nested(places: list[tuple[str, str, str | None]], levels: list[str]) -> None:
    found = levels_of(positions(*places))
    assert found == (*(f"capalloc/{level}" for level in levels), "capalloc/rack", "kubernetes.io/hostname")
