"""Racks that draw much leave power for the positions beside them, so that rows fill."""

from __future__ import annotations

from datetime import date

import pytest

from benchmarks.placement.colossus import colossus
from capalloc.placement.core.construct import FIRST_FIT
from capalloc.placement.core.params import SearchParams
from capalloc.placement.core.records import Group, Header
from capalloc.placement.core.start import Starter
from capalloc.placement.problem.layout import NONE
from capalloc.placing import place
from capalloc.schema.facility import Facility, Position, PowerNode
from capalloc.schema.request import Request
from tests.placement.case import Case
from tests.placement.reference import Reference

ROW_KW = 20.0


def _row(*requests: Request) -> Reference:
    """Four positions on one node of 20 kW."""
    facility = Facility(
        name="row",
        rack_types=(),
        power=(PowerNode(name="feed", kind="utility", rated_kw=ROW_KW),),
        positions=tuple(Position(name=str(p), hall="hall", row="row", feed_a="feed") for p in range(4)),
        racks=(),
    )
    return Reference.of(Case(0, facility, requests, (), "racks", "none", date(2026, 6, 1)))


@pytest.mark.parametrize(
    ("reserve_kw", "power_kw", "racks"),
    [
        (0.0, 8.0, 2),  # 2 x 8 of 20 kW
        (2.0, 8.0, 2),  # 16 + 2 x 2 = 20 kW
        (3.0, 8.0, 1),  # 8 + 3 x 3 = 17 kW, but 16 + 2 x 3 = 22
        (5.0, 5.0, 4),  # no more than what is kept back for each
        (6.0, 8.0, 0),  # 8 + 3 x 6 = 26 kW
        (6.0, 5.0, 4),
    ],
)
def test_heavy_racks_leave_the_reserve_for_each_free_position(reserve_kw: float, power_kw: float, racks: int) -> None:
    reference = _row(Request(name="g", racks=4, power_kw=power_kw))
    reference.memory.m[Header.RESERVE] = round(reserve_kw * 1e6)
    Starter(reference.groups, SearchParams()).place(reference.memory, reference.groups.racks[:1] * 0, FIRST_FIT)
    assert reference.memory[Group.PLACED].tolist() == [racks]


def test_a_light_rack_makes_room_for_a_heavy_one() -> None:
    # 9 kW beside 3 x 4 kW are 21 of 20 kW. With one position taken by 2 kW, 11 + 2 x 4 = 19 kW.
    reference = _row(*(Request(name=name, racks=1, power_kw=kw) for name, kw in (("a", 9.0), ("b", 2.0), ("c", 9.0))))
    reference.memory.m[Header.RESERVE] = 4_000_000
    order = (reference.groups.home == NONE).nonzero()[0]
    Starter(reference.groups, SearchParams()).place(reference.memory, order, FIRST_FIT)
    assert reference.memory[Group.PLACED].tolist() == [0, 1, 1]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_halls_of_light_and_heavy_groups_are_nearly_full_at_once(seed: int) -> None:
    facility, requests = colossus(2_000, seed)
    found = place(facility, requests, seed=seed, time_limit=0.0, on=date(2026, 6, 1))
    assert found.gap is not None
    assert found.gap < 0.06  # 0.12 to 0.14 without a reserve
