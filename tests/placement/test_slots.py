"""Slots: how many groups still fit, by hall and by block, and what no group may be."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from capalloc.errors import ScenarioError
from capalloc.formats import load_facility
from capalloc.placement.floor import Floor

EXAMPLE = Path(__file__).parents[2] / "examples" / "placement"


@pytest.fixture
def floor() -> Floor:
    """Two rows of ten positions, each in two fabric blocks of five; 440 kW of heat in all."""
    return Floor(load_facility(EXAMPLE))


def test_a_group_in_a_row_counts_in_each_block_of_that_row(floor: Floor) -> None:
    slots = floor.slots(2, 1.0)
    assert slots.site == slots.halls["h1"] == 10  # five in each row of ten
    assert slots.blocks == dict.fromkeys(("a-1", "a-2", "b-1", "b-2"), 2)  # two in five positions


def test_a_group_larger_than_a_block_fits_in_none(floor: Floor) -> None:
    slots = floor.slots(6, 1.0)
    assert slots.site == 2  # one in each row
    assert set(slots.blocks.values()) == {0}


def test_counting_leaves_the_floor_as_it_was(floor: Floor) -> None:
    assert floor.slots(3, 20.0, together="fabric_block") == floor.slots(3, 20.0, together="fabric_block")
    assert floor.slots(1, 1.0, together="none").site == 20


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"power_kw": -40.0}, "power_kw: found -40.0, expected more than 0"),
        ({"power_kw": float("nan")}, "power_kw: found nan, expected a finite number"),
        ({"power_kw": 1e300}, r"power_kw: found 1e\+300, expected at most 1e\+09"),
        ({"cooling_kw": -3.0}, "cooling_kw: found -3.0, expected 0 or more"),
        ({"racks": 0}, "racks: found 0, expected 1 or more"),
        ({"racks": 2_000_000}, "racks: found 2,000,000 racks, expected at most 1,000,000"),
        ({"together": "block"}, "together: found 'block', expected row, fabric_block, hall or none"),
    ],
    ids=str,
)
def test_what_no_group_may_be_is_said(floor: Floor, wrong: dict[str, object], said: str) -> None:
    count: Callable[..., object] = floor.slots
    with pytest.raises(ScenarioError, match=said):
        count(**{"racks": 4, "power_kw": 40.0, **wrong})
