"""Heat of requests by liquid and air, and how positions are cooled.

feed (900 kW)
└── h1/r1   p0 .. p3   in zone z
"""

from __future__ import annotations

from typing import Any

import pytest

from capalloc.errors import ScenarioError
from capalloc.placement.floor import Floor
from capalloc.placing import place
from capalloc.schema.facility import Facility
from capalloc.schema.placing import Placing
from capalloc.schema.request import Request
from capalloc.schema.rules import Rule

Record = dict[str, Any]
KIND: Record = {"gpu": "GB200", "gpus": 72, "nameplate_kw": 100.0, "expected_kw": 80.0, "idle_kw": 10.0}
WET = KIND | {"name": "wet", "liquid_fraction": 0.75, "cooling": "liquid"}
DRY = KIND | {"name": "dry", "liquid_fraction": 0.0, "cooling": "air"}
MIXED = KIND | {"name": "mixed", "liquid_fraction": 0.5, "cooling": "hybrid"}


def site(zone: Record, cooling: str = "liquid", **changes: Any) -> Facility:
    """The site; every position is cooled alike unless ``positions`` are given."""
    places = [
        {"name": f"p{i}", "hall": "h1", "row": "r1", "index": i, "feed_a": "feed", "cooling_zone": "z"}
        for i in range(4)
    ]
    record = {
        "facility": "site",
        "rack_types": [WET, DRY, MIXED],
        "racks": [],
        "power": [{"name": "feed", "kind": "utility", "rated_kw": 900.0}],
        "positions": [place | {"cooling": cooling} for place in places],
        "cooling": [{"name": "z"} | zone],
    }
    return Facility.model_validate(record | changes)


def placed(facility: Facility, *requests: Request) -> Placing:
    return place(facility, requests, time_limit=0)


def asked(**changes: Any) -> Request:
    return Request(**({"name": "q", "racks": 4} | changes))


@pytest.mark.parametrize(
    ("zone", "request_", "racks"),
    [
        # 100 kW a rack, 75 by liquid and 25 by air
        ({"liquid_kw": 300.0, "air_kw": 100.0}, {"rack_type": "wet"}, 4),
        ({"liquid_kw": 299.999, "air_kw": 100.0}, {"rack_type": "wet"}, 3),
        ({"liquid_kw": 300.0, "air_kw": 99.999}, {"rack_type": "wet"}, 3),
        ({"total_kw": 400.0}, {"rack_type": "wet"}, 4),
        ({"total_kw": 399.999}, {"rack_type": "wet"}, 3),
        # what is given comes before the rack type: half of 100 kW, half of 60, half of 40
        ({"liquid_kw": 200.0, "air_kw": 199.999}, {"rack_type": "wet", "liquid_fraction": 0.5}, 3),
        ({"liquid_kw": 200.0, "air_kw": 200.0}, {"rack_type": "wet", "liquid_fraction": 0.5}, 4),
        ({"liquid_kw": 180.0, "air_kw": 60.0}, {"rack_type": "wet", "power_kw": 60.0}, 4),
        ({"liquid_kw": 120.0, "air_kw": 40.0}, {"rack_type": "wet", "power_kw": 60.0, "cooling_kw": 40.0}, 4),
        ({"liquid_kw": 119.999, "air_kw": 40.0}, {"rack_type": "wet", "power_kw": 60.0, "cooling_kw": 40.0}, 3),
        # without a rack type heat is air, unless a share of it leaves by liquid
        ({"liquid_kw": 400.0, "air_kw": 100.0}, {"power_kw": 100.0}, 1),
        ({"liquid_kw": 400.0, "air_kw": 100.0}, {"power_kw": 100.0, "liquid_fraction": 0.75}, 4),
        ({"liquid_kw": 400.0, "air_kw": 0.0}, {"power_kw": 100.0, "liquid_fraction": 1.0}, 4),
        # a third by liquid: three racks fit a limit of 100 kW to the last milliwatt
        ({"liquid_kw": 100.001, "air_kw": 400.0}, {"power_kw": 100.0, "liquid_fraction": 0.333333}, 3),
    ],
)
def test_heat_leaves_as_the_rack_type_and_the_request_say(zone: Record, request_: Record, racks: int) -> None:
    facility = site(zone)
    answer = placed(facility, asked(**request_))
    assert answer.racks_placed == racks
    assert answer.bound == racks
    assert Floor(facility).slots(1, **request_).site == racks


@pytest.mark.parametrize(
    ("cooling", "fits"),
    [("liquid", {"wet"}), ("air", {"dry"}), ("hybrid", {"wet", "dry", "mixed"})],
)
def test_racks_stand_where_positions_are_cooled_as_they_need(cooling: str, fits: set[str]) -> None:
    facility = site({"total_kw": 900.0}, cooling)
    for kind in ("wet", "dry", "mixed"):
        answer = placed(facility, asked(rack_type=kind))
        assert answer.racks_placed == answer.bound == 4 * (kind in fits)
        assert Floor(facility).slots(2, rack_type=kind).site == 2 * (kind in fits)
        if kind not in fits:
            (entry,) = answer.unplaced
            (reason,) = entry.reasons
            assert (reason.rule, reason.where, reason.racks) == (Rule.POSITION, f"{cooling}-cooled positions", 4)


def test_a_share_of_liquid_heat_asks_for_liquid_and_a_plain_rack_stands_anywhere() -> None:
    facility = site({"total_kw": 900.0}, "air")
    assert placed(facility, asked(power_kw=10.0, liquid_fraction=0.1)).racks_placed == 0
    assert placed(facility, asked(power_kw=10.0, liquid_fraction=0.0)).racks_placed == 4
    assert placed(facility, asked(power_kw=10.0)).racks_placed == 4


def test_of_mixed_positions_each_kind_of_rack_takes_its_own() -> None:
    kinds = ("liquid", "air", "hybrid", "liquid")
    places = [
        {"name": f"p{i}", "hall": "h1", "row": "r1", "index": i, "feed_a": "feed", "cooling": kind}
        for i, kind in enumerate(kinds)
    ]
    facility = site({"total_kw": 900.0}, positions=places)
    answer = placed(facility, asked(name="dry", racks=3, rack_type="dry"), asked(name="wet", rack_type="wet"))
    assert {line.position for line in answer.placed if line.request == "wet"} >= {"p0", "p3"}
    assert answer.racks_placed == answer.bound == 4


def test_reasons_name_the_way_heat_leaves() -> None:
    # four racks of 75 kW by liquid: two of them, 150 kW, are placed, and the other two lack 100
    (entry,) = placed(site({"liquid_kw": 200.0, "air_kw": 400.0}), asked(rack_type="wet")).unplaced
    (reason,) = entry.reasons
    assert (reason.rule, reason.where, reason.racks, reason.short_kw) == (Rule.COOLING, "z by liquid", 2, 100.0)


@pytest.mark.parametrize("whole", [True, False])
def test_kw_short_are_those_of_all_racks_that_are_kept_out(whole: bool) -> None:
    """A feed of 250 kW takes two of four racks of 100 kW: the others lack 150 kW, the next of them 50."""
    facility = site({"total_kw": 900.0}, power=[{"name": "feed", "kind": "utility", "rated_kw": 250.0}])
    answer = placed(facility, asked(power_kw=100.0, together="row", all_or_nothing=whole))
    (entry,) = answer.unplaced
    (reason,) = entry.reasons
    assert (answer.racks_placed, entry.racks) == ((0, 4) if whole else (2, 2))
    assert (reason.rule, reason.where, reason.racks, reason.short_kw) == (Rule.POWER, "feed", 2, 150.0)
    # with so much more all of the group is placed
    enough = site({"total_kw": 900.0}, power=[{"name": "feed", "kind": "utility", "rated_kw": 400.0}])
    assert placed(enough, asked(power_kw=100.0, together="row", all_or_nothing=whole)).racks_placed == 4


def test_what_free_positions_could_draw_may_leave_by_liquid_and_air() -> None:
    # 900 kW of power, 300 kW of heat in all: 600 kW are stranded, where nothing is asked by liquid too
    assert placed(site({"liquid_kw": 200.0, "air_kw": 100.0}), asked(racks=1, power_kw=1.0)).stranded_kw == 600.0
    # positions that are cooled by air alone leave the liquid loop out
    assert placed(site({"liquid_kw": 200.0, "air_kw": 100.0}, "air"), asked(racks=1, power_kw=1.0)).stranded_kw == 800.0


def test_rack_types_that_ship_need_not_be_the_facilitys() -> None:
    # 132 kW a rack
    answer = placed(site({"total_kw": 900.0}), asked(rack_type="gb200-nvl72"))
    assert (answer.racks_placed, answer.kw_placed) == (4, 4 * 132.0)
    floor = Floor(site({"total_kw": 900.0}))
    assert len(floor.place(asked(rack_type="gb200-nvl72"))) == 4


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"rack_type": "wett"}, "rack_type: unknown rack type 'wett'; did you mean 'wet'?"),
        ({}, "power_kw: is missing; give the kW of one rack, or its rack_type"),
    ],
)
def test_racks_that_nobody_knows_are_refused(changes: Record, says: str) -> None:
    facility = site({"total_kw": 900.0})
    with pytest.raises(ScenarioError, match=says):
        placed(facility, asked(**changes))
    with pytest.raises(ScenarioError, match=says):
        Floor(facility).place(asked(**changes))


def test_heat_of_each_zone_is_told_with_its_limits() -> None:
    (zone,) = placed(site({"liquid_kw": 300.0, "air_kw": 90.0}), asked(racks=3, rack_type="wet")).zones
    assert (zone.zone, zone.heat_kw, zone.liquid_kw, zone.air_kw) == ("z", 300.0, 225.0, 75.0)
    assert (zone.limit_kw, zone.liquid_limit_kw, zone.air_limit_kw) == (None, 300.0, 90.0)
    racks = [{"name": "r", "rack_type": "wet", "position": "p0"}]
    (zone,) = placed(site({"total_kw": 900.0}, racks=racks), asked(racks=1, power_kw=10.0)).zones
    assert (zone.heat_kw, zone.liquid_kw, zone.air_kw, zone.limit_kw) == (110.0, 75.0, 35.0, 900.0)
