"""The records of a floor: they run out, are packed anew, and never run into each other."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest

from capalloc.placement.floor import Floor
from capalloc.schema.facility import Facility, Position, PowerNode
from capalloc.schema.request import Placed, Request

ON = date(2026, 6, 1)


def hall(rows: int, places: int, **feed: object) -> Facility:
    """Rows of so many positions below one feed that carries anything."""
    node = PowerNode.model_validate({"name": "feed", "kind": "utility", "rated_kw": 90_000.0} | feed)
    positions = tuple(
        Position(name=f"{row}-{index}", hall="h", row=f"r{row}", index=index, feed_a="feed")
        for row in range(rows)
        for index in range(places)
    )
    return Facility(name="hall", rack_types=(), power=(node,), positions=positions, racks=())


def group(name: str, racks: int, **more: object) -> Request:
    return Request.model_validate({"name": name, "racks": racks, "power_kw": 1.0, "together": "none"} | more)


@pytest.fixture
def packed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """One element for each time that any floor packs its records."""
    times: list[int] = []
    pack = Floor._pack

    def counted(floor: Floor, lines: Sequence[Placed]) -> None:
        times.append(len(lines))
        pack(floor, lines)

    monkeypatch.setattr(Floor, "_pack", counted)
    return times


def test_entries_given_back_in_one_length_do_not_run_into_other_records(packed: list[int]) -> None:
    # 10 positions leave 10 spare entries. 10 are used and given back; the 9 of b have no space beside them.
    floor = Floor(hall(rows=10, places=1), on=ON)
    assert len(floor.place(group("a", 10))) == 10
    floor.remove("a")
    placed = floor.place(group("b", 9))
    assert len(placed) == 9
    assert packed == [0, 0]
    floor.place(group("c", 1))
    floor.remove("c")
    assert floor.placed == placed
    assert floor.remove("b") == placed
    assert floor.slots(1, 1.0).site == 10


def test_lengths_that_all_differ_come_and_go_for_ever(packed: list[int]) -> None:
    floor = Floor(hall(rows=12, places=1), on=ON)
    for racks in (*range(12, 0, -1), *range(1, 13)):
        assert len(floor.place(group("long", racks))) == racks
        assert floor.slots(1, 1.0).site == 12 - racks
        assert len(floor.remove("long")) == racks
    assert floor.slots(12, 1.0, together="none").site == 1
    assert len(packed) > 5


def test_there_is_a_record_for_a_group_on_every_position(packed: list[int]) -> None:
    floor = Floor(hall(rows=12, places=100), on=ON)
    for number in range(1200):
        floor.place(group(f"q{number}", 1))
    assert packed == [0]
    assert floor.slots(1, 1.0).site == 0
    floor.remove("q7")
    assert floor.slots(1, 1.0).site == 1
    assert len(floor.placed) == 1199


def test_where_no_position_has_power_no_group_fits() -> None:
    dark = hall(rows=2, places=2, available_from="2027-01-01")
    found = Floor(dark, on=ON).slots(1, 1.0)
    assert (found.site, found.halls, found.blocks) == (0, {}, {})
