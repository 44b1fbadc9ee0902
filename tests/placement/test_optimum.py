"""The reference itself: optima computed by hand, and placements that the checker accepts.

grid (utility)
├── u1, u2 (60 kW each, contingencies)   h1/r1   p0 .. p3   half of each rack on each UPS
"""

from __future__ import annotations

from typing import Any

import pytest

from capalloc.schema.facility import Facility
from capalloc.schema.request import Placed, Request
from capalloc.schema.rules import Rule
from tests.placement.broken import broken
from tests.placement.case import Case
from tests.placement.faults import rejections
from tests.placement.optimum import best_of
from tests.placement.random_cases import ON, random_case

Record = dict[str, Any]


def site(grid: Record | None = None, ups: Record | None = None, place: Record | None = None, **more: Any) -> Facility:
    each = {"kind": "ups", "parent": "grid", "rated_kw": 60.0, "contingency": True} | (ups or {})
    nodes = [{"name": "grid", "kind": "utility", "rated_kw": 900.0} | (grid or {})]
    nodes += [{"name": name} | each for name in ("u1", "u2")]
    places = [
        {"name": f"p{i}", "hall": "h1", "row": "r1", "index": i, "feed_a": "u1", "feed_b": "u2"} | (place or {})
        for i in range(4)
    ]
    whole = {"facility": "site", "rack_types": [], "racks": [], "power": nodes, "positions": places}
    return Facility.model_validate(whole | more)


def best(facility: Facility, *requests: Request, objective: Any = "racks", occupied: tuple[Placed, ...] = ()) -> float:
    case = Case(0, facility, requests, occupied, objective, "nameplate", ON)
    found = best_of(case)
    assert broken(case, found.placed) == set()
    assert rejections(case, found.placed) == []
    return float(found.worth)


def group(name: str = "g", racks: int = 4, power_kw: float = 20.0, **changes: Any) -> Request:
    return Request(name=name, racks=racks, power_kw=power_kw, **changes)


@pytest.mark.parametrize(
    ("ups", "racks"),
    [
        ({}, 3),  # after a loss the other UPS carries 3 x 20 = 60 kW
        ({"failover_kw": 80.0}, 4),
        ({"contingency": False}, 4),  # 4 x 10 = 40 kW each
        ({"contingency": False, "max_utilization": 0.6}, 3),  # 36 kW each
        ({"contingency": False, "max_utilization": 0.6, "static_load_kw": 6.001}, 2),
    ],
)
def test_limits_in_normal_operation_and_after_a_loss(ups: Record, racks: int) -> None:
    assert best(site(ups=ups), group()) == racks


def test_facility_load_counts_pue_at_the_grid() -> None:
    # 3 x 20 x 1.25 = 75 kW
    grid = {"load": "facility", "rated_kw": 75.0}
    assert best(site(grid=grid), group(), objective="kw") == 60
    assert best(site(grid=grid | {"rated_kw": 74.999}, pue=1.0), group(), objective="kw") == 60
    assert best(site(grid=grid | {"rated_kw": 74.999}, pue=1.25), group(), objective="kw") == 40


def test_all_or_nothing_takes_what_is_worth_more() -> None:
    # 60 kW: g whole would take 80; h takes 20, and two of the three racks of i take the other 40
    whole = group(all_or_nothing=True), group("h", 2, 10.0, value=3.0), group("i", 3, value=1.5)
    assert best(site(), *whole, objective="value") == 2 * 3 + 2 * 1.5


def test_what_stood_above_a_limit_takes_nothing_more_and_counts() -> None:
    stood = tuple(Placed(request="g", position=f"p{i}") for i in range(2))
    assert best(site(ups={"rated_kw": 30.0}), group(), group("h", 1, 0.001), occupied=stood) == 2


def test_zones_count_heat_and_not_power() -> None:
    zones = [{"name": "z", "total_kw": 7.4}]
    facility = site(place={"cooling_zone": "z"}, cooling=zones)
    assert best(facility, group(cooling_kw=3.7)) == 2
    assert best(facility, group(cooling_kw=0.0)) == 3


def test_optima_of_random_cases_keep_every_rule() -> None:
    for seed in range(40):
        case = random_case(seed)
        assert rejections(case, best_of(case).placed) == [], seed


def test_two_on_one_position_break_the_rule_of_positions() -> None:
    lines = (Placed(request="g", position="p0"), Placed(request="g", position="p0"))
    assert broken(Case(0, site(), (group(),), (), "racks", "nameplate", ON), lines) == {Rule.POSITION}
