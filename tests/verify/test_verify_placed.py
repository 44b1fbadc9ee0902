"""The checker of placements, rule by rule: at the limit passes, one watt over fails.

grid (utility, 200 kW)
├── u1, u2 (60 kW each, contingencies)   h1/a   positions a1 .. a6    half of each rack on each UPS
└── u3, u4 (60 kW each, contingencies)   h1/b   positions b1 .. b6
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest

from capalloc.schema.facility import Facility
from capalloc.schema.request import Placed, Request
from capalloc.schema.rules import Rule
from capalloc.schema.verdict import Violation
from capalloc.verify import overloaded, verify_placed
from capalloc.verify.placed.verdict import CHECKS
from tests.byhand import by_hand
from tests.placement.test_beside import beside

Record = dict[str, Any]
DAY = date(2026, 6, 1)
TYPE: Record = {
    "name": "hgx",
    "gpu": "H100",
    "gpus": 8,
    "nameplate_kw": 10.0,
    "expected_kw": 8.0,
    "idle_kw": 2.0,
    "liquid_fraction": 0.75,
    "cooling": "air",
}
ROW_A, ROW_B = (tuple(f"{row}{i}" for i in range(1, 7)) for row in "ab")


def node(name: str, **changes: Any) -> Record:
    if name == "grid":
        return {"name": name, "kind": "utility", "rated_kw": 200.0} | changes
    return {"name": name, "kind": "ups", "parent": "grid", "rated_kw": 60.0, "contingency": True} | changes


def position(name: str, **changes: Any) -> Record:
    feeds = ("u1", "u2") if name.startswith("a") else ("u3", "u4")
    where = {"name": name, "hall": "h1", "row": name[0], "fabric_block": f"block-{name[0]}", "cooling_zone": "z"}
    return where | {"feed_a": feeds[0], "feed_b": feeds[1]} | changes


def site(
    *, nodes: Record | None = None, zone: Record | None = None, places: Record | None = None, **changes: Any
) -> Facility:
    """The site; ``nodes`` and ``places`` change single records by name."""
    record = {
        "facility": "tiny",
        "rack_types": [TYPE],
        "power": [node(name, **(nodes or {}).get(name, {})) for name in ("grid", "u1", "u2", "u3", "u4")],
        "positions": [position(name, **(places or {}).get(name, {})) for name in (*ROW_A, *ROW_B)],
        "cooling": [{"name": "z", **({"total_kw": 1000.0} if zone is None else zone)}],
        "racks": [],
    }
    return Facility.model_validate(record | changes)


def group(name: str = "g", racks: int = 6, power_kw: float | None = 10.0, **changes: Any) -> Request:
    return Request(name=name, racks=racks, power_kw=power_kw, **changes)


def on(positions: Iterable[str], request: str = "g") -> list[Placed]:
    return [Placed(request=request, position=name) for name in positions]


def found(
    facility: Facility, lines: Iterable[Placed], *requests: Request, **options: Any
) -> tuple[tuple[Rule, str, float, float], ...]:
    """(rule, where, amount, limit) of each violation on 1 June 2026."""
    violations = verify_placed(facility, requests or (group(),), tuple(lines), **({"on": DAY} | options))
    return tuple((one.rule, one.where, one.amount, one.limit) for one in violations)


def message_of(violations: tuple[Violation, ...]) -> str:
    (only,) = violations
    return only.message


def test_a_placement_within_every_limit_has_no_violation() -> None:
    assert found(site(), on(ROW_A)) == ()


def test_nothing_placed_has_no_violation() -> None:
    assert found(site(), []) == ()


def test_the_checks_stand_in_the_order_of_the_rules() -> None:
    order = list(Rule)
    assert list(CHECKS) == sorted(CHECKS, key=order.index)


# Power: six racks of 10 kW in row a put 30 kW on u1 and u2, 60 on each after the loss of the other, 60 on the grid.


@pytest.mark.parametrize(("rated", "violations"), [(30.0, ()), (29.999, ((Rule.POWER, "u1", 30.0, 29.999),))])
def test_normal_limit_is_the_rating(rated: float, violations: object) -> None:
    assert found(site(nodes={"u1": {"rated_kw": rated, "failover_kw": 60.0}}), on(ROW_A)) == violations


def test_normal_limit_counts_max_utilization() -> None:
    # 37.5 x 0.8 = 30.0 exactly, 37.498 x 0.8 = 29.9984
    for rated, violations in ((37.5, ()), (37.498, ((Rule.POWER, "u1", 30.0, 29.9984),))):
        u1 = {"rated_kw": rated, "max_utilization": 0.8, "failover_kw": 60.0}
        assert found(site(nodes={"u1": u1}), on(ROW_A)) == violations


def test_a_limit_met_exactly_is_met_whatever_the_binary_sum_says() -> None:
    # 6 x 0.1 kW is 0.6 kW, though 0.1 + 0.1 + ... is not 0.6 in binary; half of it on each UPS is 0.3
    nodes = {"grid": {"rated_kw": 0.6}, "u1": {"rated_kw": 0.3, "failover_kw": 0.6}}
    assert found(site(nodes=nodes), on(ROW_A), group(power_kw=0.1)) == ()
    nodes = {"grid": {"rated_kw": 0.599}}
    assert found(site(nodes=nodes), on(ROW_A), group(power_kw=0.1)) == (
        (Rule.POWER, "grid", 0.6, 0.599),
        (Rule.FAILOVER, "grid", 0.6, 0.599),
    )


@pytest.mark.parametrize(("rated", "rules"), [(80.0, ()), (79.999, (Rule.POWER,))])
def test_facility_load_counts_pue_and_static_load(rated: float, rules: tuple[Rule, ...]) -> None:
    # 60 kW x 1.25 + 5 kW static = 80 kW
    grid = {"rated_kw": rated, "failover_kw": 80.0, "load": "facility", "static_load_kw": 5.0}
    assert tuple(rule for rule, *_ in found(site(nodes={"grid": grid}, pue=1.25), on(ROW_A))) == rules


@pytest.mark.parametrize(("failover", "violations"), [(60.0, ()), (59.999, ((Rule.FAILOVER, "u1", 60.0, 59.999),))])
def test_the_feed_that_is_left_carries_the_whole_rack(failover: float, violations: object) -> None:
    assert found(site(nodes={"u1": {"failover_kw": failover}}), on(ROW_A)) == violations


def test_a_loss_without_contingency_need_not_be_survived() -> None:
    nodes = {"u1": {"failover_kw": 30.0}, "u2": {"contingency": False}}
    assert found(site(nodes=nodes), on(ROW_A)) == ()


def four_to_make_three(limit_kw: float) -> Facility:
    """Four UPS; a position on each of their six pairs."""
    pairs = (("u1", "u2"), ("u3", "u4"), ("u1", "u3"), ("u2", "u4"), ("u1", "u4"), ("u2", "u3"))
    places = {name: {"feed_a": a, "feed_b": b} for name, (a, b) in zip(ROW_A, pairs, strict=True)}
    nodes = {name: {"rated_kw": 15.0, "failover_kw": limit_kw} for name in ("u1", "u2", "u3", "u4")}
    return site(nodes=nodes, places=places)


def test_four_to_make_three_spreads_a_loss_over_the_other_three() -> None:
    # Each UPS has half of three racks of 10 kW, 15 kW. A loss moves 5 kW onto each of the three others: 20 = 15 x 4/3.
    assert found(four_to_make_three(20.0), on(ROW_A)) == ()
    over = found(four_to_make_three(19.999), on(ROW_A))
    assert over == tuple((Rule.FAILOVER, name, 20.0, 19.999) for name in ("u1", "u2", "u3", "u4"))


def test_the_worst_loss_is_named_with_the_number_of_others() -> None:
    (first, *_) = verify_placed(four_to_make_three(19.999), (group(),), tuple(on(ROW_A)), on=DAY)
    assert first.message == (
        "ups u1 would carry 20 kW of 19.999 kW after the loss of u2; 3 losses overload it: u2, u3, u4"
    )
    assert first.period == "2026-06-01"


@pytest.mark.parametrize(("share", "loads"), [(1.0, (60.0, 0.0)), (0.25, (15.0, 45.0))])
def test_the_split_of_a_position_counts(share: float, loads: tuple[float, float]) -> None:
    places = {name: {"split_a": share} for name in ROW_A}
    nodes = {name: {"rated_kw": kw, "failover_kw": 60.0} for name, kw in zip(("u1", "u2"), loads, strict=True)}
    assert found(site(nodes=nodes, places=places), on(ROW_A)) == ()
    for name in (name for name, kw in zip(("u1", "u2"), loads, strict=True) if kw):
        tight = nodes | {name: {"rated_kw": nodes[name]["rated_kw"] - 0.001, "failover_kw": 60.0}}
        assert [rule for rule, *_ in found(site(nodes=tight, places=places), on(ROW_A))] == [Rule.POWER]


# Supply


@pytest.mark.parametrize(("second", "rules"), [(20.0, ()), (19.999, (Rule.SUPPLY,))])
def test_supplies_in_force_on_the_day_bound_a_root(second: float, rules: tuple[Rule, ...]) -> None:
    supplies = [
        {"name": "s1", "node": "grid", "kw": 40.0, "until": "2026-06-02"},
        {"name": "s2", "node": "grid", "kw": second, "from": "2026-06-01"},
        {"name": "s3", "node": "grid", "kw": 500.0, "until": "2026-06-01"},
        {"name": "s4", "node": "grid", "kw": 500.0, "from": "2026-06-02"},
    ]
    assert tuple(rule for rule, *_ in found(site(supplies=supplies), on(ROW_A))) == rules


def test_more_supply_than_the_rating_leaves_the_rating() -> None:
    supplies = [{"name": "s", "node": "grid", "kw": 500.0}]
    nodes = {"grid": {"rated_kw": 59.999, "failover_kw": 60.0}}
    assert found(site(nodes=nodes, supplies=supplies), on(ROW_A)) == ((Rule.POWER, "grid", 60.0, 59.999),)


# Cooling: six racks give 60 kW of heat, or what cooling_kw says.


@pytest.mark.parametrize(
    ("zone", "heat", "violations"),
    [
        ({"total_kw": 60.0}, None, ()),
        ({"total_kw": 59.999}, None, ((Rule.COOLING, "z", 60.0, 59.999),)),
        ({"total_kw": 48.0}, 8.0, ()),
        ({"total_kw": 47.999}, 8.0, ((Rule.COOLING, "z", 48.0, 47.999),)),
        ({"liquid_kw": 0.0, "air_kw": 60.0}, None, ()),
        ({"liquid_kw": 99.0, "air_kw": 59.999}, None, ((Rule.COOLING, "z", 60.0, 59.999),)),
        ({"total_kw": 60.0, "available_until": "2026-06-02"}, None, ()),
        ({"total_kw": 60.0, "available_until": "2026-06-01"}, None, ((Rule.COOLING, "z", 60.0, 0.0),)),
    ],
)
def test_heat_counts_against_a_total_or_else_against_air(zone: Record, heat: float | None, violations: object) -> None:
    assert found(site(zone=zone), on(ROW_A), group(cooling_kw=heat)) == violations


def test_racks_of_the_facility_give_heat_by_liquid_and_air() -> None:
    # b1's rack: 10 kW, 7.5 by liquid and 2.5 by air; six placed racks: 60 by air
    racks = [{"name": "r1", "rack_type": "hgx", "position": "b1"}]
    at_limit = site(racks=racks, zone={"liquid_kw": 7.5, "air_kw": 62.5})
    assert found(at_limit, on(ROW_A)) == ()
    over = site(racks=racks, zone={"liquid_kw": 7.5, "air_kw": 62.499})
    assert found(over, on(ROW_A)) == ((Rule.COOLING, "z", 62.5, 62.499),)
    assert found(site(racks=racks, zone={"total_kw": 70.0}), on(ROW_A)) == ()
    assert found(site(racks=racks, zone={"total_kw": 69.999}), on(ROW_A)) == ((Rule.COOLING, "z", 70.0, 69.999),)


# Availability


@pytest.mark.parametrize("dates", [{"available_from": "2026-06-02"}, {"available_until": "2026-06-01"}])
def test_a_feed_that_is_not_energised_takes_no_rack(dates: Record) -> None:
    violations = verify_placed(site(nodes={"u1": dates}), (group(),), tuple(on(["a1"])), on=DAY)
    assert [(one.rule, one.where) for one in violations] == [
        (Rule.AVAILABILITY, "a1"),
        (Rule.POWER, "u1"),
        (Rule.FAILOVER, "u1"),
    ]
    assert violations[0].message == "a rack of g is placed on a1, but its feed u1 is not energised"
    assert violations[1].message == "ups u1 carries 5 kW of 0 kW (it is not energised)"


def test_a_feed_is_energised_from_its_first_day_until_the_day_before_its_last() -> None:
    dates = {"available_from": "2026-06-01", "available_until": "2026-06-02"}
    assert found(site(nodes={"u1": dates}), on(["a1"])) == ()


def test_a_feed_without_a_share_may_be_dead_where_no_loss_needs_it() -> None:
    nodes = {"u1": {"contingency": False}, "u2": {"available_from": "2026-07"}}
    assert found(site(nodes=nodes, places={"a1": {"split_a": 1.0}}), on(["a1"])) == ()


def test_a_contingency_that_is_not_energised_is_not_lost() -> None:
    # Were u1 lost, u2 would carry 20 kW; as it is dead, r1 and r2 stand on u2 alone and carry 20 kW anyway.
    places = {name: {"feed_a": "u2", "feed_b": "u1", "split_a": 1.0} for name in ROW_A}
    nodes = {"u1": {"available_from": "2026-07"}, "u2": {"contingency": False, "rated_kw": 20.0, "failover_kw": 0.0}}
    nodes |= {"u3": {"contingency": False}, "u4": {"contingency": False}}
    assert found(site(nodes=nodes, places=places), on(["a1", "a2"])) == ()


def test_a_root_without_supply_is_not_energised() -> None:
    supplies = [{"name": "s", "node": "grid", "kw": 100.0, "from": "2026-07"}]
    rules = {rule for rule, *_ in found(site(supplies=supplies), on(["a1"]))}
    assert rules == {Rule.AVAILABILITY, Rule.POWER, Rule.SUPPLY}  # nor are the UPS, so no loss is to be survived


# Position


def test_two_racks_on_one_position() -> None:
    assert found(site(), on(["a1", "a1"])) == ((Rule.POSITION, "a1", 2.0, 1.0),)


def test_a_position_that_is_not_there() -> None:
    assert found(site(), on(["a9"])) == ((Rule.POSITION, "a9", 1.0, 0.0),)


def test_more_racks_than_asked_for() -> None:
    assert found(site(), on(ROW_A), group(racks=6)) == ()
    assert found(site(), on(ROW_A), group(racks=5)) == ((Rule.POSITION, "g", 6.0, 5.0),)


def test_a_request_that_nobody_made() -> None:
    assert found(site(), on(["a1"], "h")) == ((Rule.POSITION, "h", 1.0, 0.0),)


@pytest.mark.parametrize(
    ("rack", "taken"),
    [
        ({}, True),
        ({"status": "maintenance"}, True),
        ({"status": "planned", "available_from": "2027-01"}, True),
        ({"available_until": "2026-06-02"}, True),
        ({"available_until": "2026-06-01"}, False),
        ({"status": "retired"}, False),
        ({"position": None}, False),
    ],
)
def test_a_rack_of_the_facility_keeps_its_position(rack: Record, taken: bool) -> None:
    facility = site(racks=[{"name": "r1", "rack_type": "hgx", "position": "a1"} | rack])
    assert found(facility, on(["a1"])) == (((Rule.POSITION, "a1", 1.0, 0.0),) if taken else ())
    assert found(facility, on(["a1"]), standing="none") == ()


@pytest.mark.parametrize(
    ("standing", "kw"), [("nameplate", 65.0), ("expected", 64.0), ("none", 60.0)]
)  # the rack on b1, 10 kW or 8 kW, has half of itself on u3, which row a shares here
def test_a_rack_of_the_facility_draws_as_told(standing: str, kw: float) -> None:
    def tiny(rated: float) -> Facility:
        return site(
            places={name: {"feed_a": "u3", "feed_b": None} for name in ROW_A},
            nodes={"u3": {"rated_kw": rated, "failover_kw": 70.0}},
            racks=[{"name": "r1", "rack_type": "hgx", "position": "b1"}],
        )

    assert found(tiny(kw), on(ROW_A), standing=standing) == ()
    assert found(tiny(kw - 0.001), on(ROW_A), standing=standing) == ((Rule.POWER, "u3", kw, kw - 0.001),)


# Locality

SPREAD = [*ROW_A[:2], *ROW_B[:2]]


@pytest.mark.parametrize("together", ["row", "fabric_block", "hall", "none"])
def test_racks_of_a_group_stand_together(together: str) -> None:
    group_ = group(together=together)
    assert found(site(), on(ROW_A[:4]), group_) == ()
    apart = found(site(), on(SPREAD), group_)
    assert apart == (((Rule.LOCALITY, "g", 2.0, 1.0),) if together in ("row", "fabric_block") else ())


def test_rows_of_one_name_in_two_halls_are_two_rows() -> None:
    facility = site(places={"b1": {"hall": "h2", "row": "a"}})
    assert found(facility, on(["a1", "b1"]), group(together="row")) == ((Rule.LOCALITY, "g", 2.0, 1.0),)
    assert found(facility, on(["a1", "b1"]), group(together="hall")) == ((Rule.LOCALITY, "g", 2.0, 1.0),)


def test_a_position_outside_any_block_serves_no_request_for_blocks() -> None:
    facility = site(places={name: {"fabric_block": None} for name in ROW_A})
    assert found(facility, on(ROW_A[:2]), group(together="fabric_block")) == ((Rule.LOCALITY, "g", 2.0, 0.0),)


def test_all_or_nothing_is_whole_or_absent() -> None:
    request = group(all_or_nothing=True)
    assert found(site(), on(ROW_A), request) == ()
    assert found(site(), [], request) == ()
    assert found(site(), on(ROW_A[:5]), request) == ((Rule.LOCALITY, "g", 5.0, 6.0),)


# Pins, and what stood before


def test_what_stood_before_stays() -> None:
    assert found(site(), on(["a1", "a2"]), occupied=on(["a1"])) == ()
    assert found(site(), on(["a2"]), occupied=on(["a1"])) == ((Rule.PINS, "a1", 1.0, 0.0),)
    swapped = [*on(["a1"], "h"), *on(["a2"])]
    assert found(site(), swapped, group(), group("h"), occupied=on(["a1"])) == ((Rule.PINS, "a1", 1.0, 0.0),)


def test_what_stood_above_a_limit_may_stay_but_nothing_may_join_it() -> None:
    # Two racks of 10 kW stood in row a: 10 kW on u1, limit 9; 20 kW after the loss of u2, limit 19.
    facility = site(nodes={"u1": {"rated_kw": 9.0, "failover_kw": 19.0}})
    stood = on(["a1", "a2"])
    assert found(facility, stood, occupied=stood) == ()
    assert found(facility, [*stood, *on(["b1"])], occupied=stood) == ()
    # A third rack of 2 W: 10.001 kW on u1, 20.002 kW after the loss of u2.
    more = [*stood, *on(["a3"], "h")]
    over = verify_placed(facility, (group(), group("h", power_kw=0.002)), more, occupied=stood, on=DAY)
    assert [(one.rule, one.where, one.amount, one.limit) for one in over] == [
        (Rule.POWER, "u1", 10.001, 10.0),
        (Rule.FAILOVER, "u1", 20.002, 20.0),
    ]
    assert over[0].message == "ups u1 carries 10.001 kW of 10 kW (what stood there before)"


def test_without_what_stood_the_limit_is_the_nodes_own() -> None:
    facility = site(nodes={"u1": {"rated_kw": 9.0, "failover_kw": 60.0}})
    assert found(facility, on(["a1", "a2"])) == ((Rule.POWER, "u1", 10.0, 9.0),)


def test_racks_of_the_facility_above_a_limit_count_as_what_stood() -> None:
    racks = [{"name": "r1", "rack_type": "hgx", "position": "a1"}]
    facility = site(racks=racks, zone={"total_kw": 9.0}, nodes={"grid": {"rated_kw": 9.0}})
    assert found(facility, []) == ()
    assert found(facility, on(["b1"]), group(power_kw=0.001)) == (
        (Rule.POWER, "grid", 10.001, 10.0),
        (Rule.FAILOVER, "grid", 10.001, 10.0),
        (Rule.COOLING, "z", 10.001, 10.0),
    )


def test_supplies_that_went_may_be_exceeded_by_what_stood_alone() -> None:
    supplies = [{"name": "s", "node": "grid", "kw": 9.0}]
    facility, stood = site(supplies=supplies), on(["a1"])
    assert found(facility, stood, occupied=stood) == ()
    assert found(facility, [*stood, *on(["a2"])], occupied=stood) == ((Rule.SUPPLY, "grid", 20.0, 10.0),)


def test_what_stood_without_power_apart_or_in_part_is_not_judged_until_it_changes() -> None:
    facility = site(nodes={"u1": {"available_from": "2026-07"}})
    stood = on(["a1", "b1"])
    request = group(together="row", all_or_nothing=True)
    assert found(facility, stood, request, occupied=stood) == ()
    rules = [rule for rule, *_ in found(facility, [*stood, *on(["b2"])], request, occupied=stood)]
    assert rules == [Rule.LOCALITY, Rule.LOCALITY]


def test_what_stands_above_a_limit_is_told_before_anything_is_placed() -> None:
    racks = [{"name": f"r{i}", "rack_type": "hgx", "position": f"a{i}"} for i in (1, 2)]
    facility = site(
        racks=racks,
        nodes={"u1": {"rated_kw": 9.0, "failover_kw": 60.0}, "u2": {"failover_kw": 19.0}},
        zone={"total_kw": 24.0},
        supplies=[{"name": "s", "node": "grid", "kw": 24.0}],
    )
    assert overloaded(facility, on=DAY, standing="none") == ()
    before = overloaded(facility, on=DAY)
    assert [(one.rule, one.where, one.amount, one.limit) for one in before] == [
        (Rule.POWER, "u1", 10.0, 9.0),
        (Rule.FAILOVER, "u2", 20.0, 19.0),
    ]
    with_occupied = overloaded(facility, (group(power_kw=5.0),), on(["b1"]), on=DAY)
    assert [(one.rule, one.amount, one.limit) for one in with_occupied[2:]] == [
        (Rule.SUPPLY, 25.0, 24.0),
        (Rule.COOLING, 25.0, 24.0),
    ]


def test_dates_count_as_of_today_unless_a_day_is_given() -> None:
    facility = site(nodes={"u1": {"available_until": "2000-01-01"}})
    assert verify_placed(facility, (group(),), on(["a1"]))
    assert not verify_placed(facility, (group(),), on(["a1"]), on=date(1999, 12, 31))


def test_violations_are_sorted_by_rule_place_and_message() -> None:
    lines = [*on(["a9", "b1", "b1"]), *on(["a8"], "x"), *on(["a1"], "y")]
    once = verify_placed(site(), (group(),), lines, on=DAY)
    again = verify_placed(site(), (group(),), lines[::-1], on=DAY)
    assert once == again
    assert [one.where for one in once] == ["a8", "a9", "b1", "x", "y"]


# Heat of requests: by liquid and by air, as they say or else as their rack type does; and the cooling of positions


@pytest.mark.parametrize(
    ("zone", "changes", "violations"),
    [
        # six racks of a type of 10 kW, 7.5 by liquid and 2.5 by air
        ({"liquid_kw": 45.0, "air_kw": 15.0}, {"power_kw": None}, ()),
        ({"liquid_kw": 44.999, "air_kw": 15.0}, {"power_kw": None}, ((Rule.COOLING, "z", 45.0, 44.999),)),
        ({"liquid_kw": 45.0, "air_kw": 14.999}, {"power_kw": None}, ((Rule.COOLING, "z", 15.0, 14.999),)),
        ({"total_kw": 59.999}, {"power_kw": None}, ((Rule.COOLING, "z", 60.0, 59.999),)),
        # 8 kW each, a quarter by liquid as the request says
        ({"liquid_kw": 12.0, "air_kw": 36.0}, {"cooling_kw": 8.0, "liquid_fraction": 0.25}, ()),
        (
            {"liquid_kw": 11.999, "air_kw": 36.0},
            {"cooling_kw": 8.0, "liquid_fraction": 0.25},
            ((Rule.COOLING, "z", 12.0, 11.999),),
        ),
    ],
)
def test_heat_of_requests_leaves_as_they_or_their_rack_type_say(
    zone: Record, changes: Record, violations: object
) -> None:
    typed: Record = {"rack_type": "hgx"}
    assert found(site(zone=zone), on(ROW_A), group(**(typed | changes))) == violations


@pytest.mark.parametrize(
    ("cooling", "changes", "amount"),
    [
        ("air", {"rack_type": "hgx"}, 0),
        ("hybrid", {"rack_type": "hgx"}, 0),
        ("liquid", {"rack_type": "hgx"}, 1),
        ("liquid", {}, 0),
        ("air", {"liquid_fraction": 0.1}, 1),
        ("liquid", {"liquid_fraction": 0.1}, 0),
    ],
)
def test_racks_stand_where_positions_are_cooled_as_they_need(cooling: str, changes: Record, amount: int) -> None:
    facility = site(places={"a1": {"cooling": cooling}})
    lines = on(["a1"])
    assert found(facility, lines, group(**changes)) == ((Rule.POSITION, "a1", 1.0, 0.0),) * amount
    # what stood there before may stay
    assert found(facility, lines, group(**changes), occupied=lines) == ()


def test_a_row_in_an_outage_takes_no_rack_beside_a_plan() -> None:
    outage = {"type": "outage", "row": "r2", "from": "2026-06-30", "until": "2026-07"}
    scenario = by_hand(events=[outage])
    for period, rules in (("2026-06", [Rule.AVAILABILITY]), ("2026-07", [])):
        wrong = verify_placed(scenario.facility, (group(),), on(["p10"]), beside=beside(scenario, period))
        assert [one.rule for one in wrong] == rules
    held = verify_placed(scenario.facility, (group(),), on(["p0"]), beside=beside(scenario, "2026-07"))
    assert [one.message for one in held] == ["position p0 belongs to rack k00 of the facility"]
