"""Small sites whose surplus is counted by hand: racks of 10 kW (8 expected, 2 idle, 8 GPUs), two to a row."""

from __future__ import annotations

import re
from typing import Any

import pytest

from capalloc import CancelToken, ScenarioError, solve
from capalloc.analysis.surplus import Surplus, surplus
from capalloc.report.surplus import surplus_page
from capalloc.report.table import Grid
from capalloc.schema.plan import Plan
from capalloc.schema.rules import Rule
from capalloc.schema.scenario import Pin, Scenario
from capalloc.schema.surplus import Sellable
from tests.strategies import contract, facility, rack_type, scenario

UPS = {"kind": "ups", "parent": "grid", "rated_kw": 1000}


def site(grid_kw: float, racks: int = 6, **changes: Any) -> dict[str, Any]:
    """Six racks under one feed of so many kW."""
    power = [{"name": "grid", "kind": "utility", "rated_kw": grid_kw}, {"name": "u1", **UPS}, {"name": "u2", **UPS}]
    return facility(racks=racks, power=power, **changes)


def leased(grid_kw: float = 1000.0, periods: int = 2, lease: Any = None, **changes: Any) -> Scenario:
    """One rack is leased, and what the caller changes."""
    return scenario(site(grid_kw), periods, contracts=[contract("lease", **(lease or {}))], **changes)


def planned(given: Scenario) -> Plan:
    plan = solve(given).plan
    assert plan is not None
    return plan


def asked(given: Scenario, **terms: Any) -> Surplus:
    return surplus(given, planned(given), lots=(8, 16), **terms)


def kept(one: Sellable) -> list[tuple[Rule, str, int, float]]:
    return [(part.rule, part.where, part.racks, part.kw) for part in one.binding]


def test_idle_racks_are_switched_off_where_that_makes_room() -> None:
    # The lease draws 10 kW; of 40 three more racks take 30 and two that stay idle would take 4: those go off.
    # Beside the plan the root has 40 - 10 - 5 x 2 = 20 kW left; 3 x 8 - 2 x 2 = 20 of it are taken.
    one = asked(leased(40)).periods[0]
    assert (one.sellable_kw, one.sellable_gpus, one.racks, one.switched_off) == (30.0, 24, 3, 2)
    assert kept(one) == [(Rule.POWER, "grid", 2, 20.0)]
    assert (one.roots_left_kw, one.roots_taken_kw, one.stranded) == (20.0, 20.0, ())
    # Two rows have both racks idle, but four racks are 40 kW and 30 are left: one lot of two racks.
    assert [lots.count for lots in one.lots] == [3, 1]


def test_what_is_counted_and_what_is_drawn_may_be_expected() -> None:
    # Of 50 kW the lease takes 10; at nameplate four racks fit, at 8 kW all five.
    assert asked(leased(50)).periods[0].racks == 4
    one = asked(leased(50), draw="expected", basis="it_expected").periods[0]
    assert (one.racks, one.sellable_kw) == (5, 40.0)


def test_the_reserve_is_not_sold_and_is_stranded_by_supply() -> None:
    # 60 - 25 kW carry the lease and two racks; 60 - 10 - 5 x 2 = 40 kW are left beside the plan, 10 of which the two
    # racks and three that go off take: 2 x 8 - 3 x 2. 5 kW are too little for a rack, 25 kW are the reserve.
    one = asked(leased(60, policy={"reserve_mw": 0.025})).periods[0]
    assert (one.racks, one.switched_off) == (2, 1)
    assert kept(one) == [(Rule.SUPPLY, "site", 3, 30.0)]


def test_a_row_that_a_demand_has_alone_is_not_sold() -> None:
    one = asked(leased(lease={"isolation": "row"}, pins=[{"rack": "r0", "demand": "lease"}])).periods[0]
    assert one.racks == 4
    assert kept(one) == [(Rule.ISOLATION, "h1/w0", 1, 10.0)]


def test_spares_are_not_sold() -> None:
    one = asked(leased(lease={"buffer_share": 1.0})).periods[0]
    assert one.racks == 4
    assert kept(one) == [(Rule.BUFFER, "lease", 1, 10.0)]


def test_racks_that_are_pinned_idle_are_not_sold_nor_those_of_a_tenant() -> None:
    given = leased(pins=[{"rack": "r5", "demand": "idle"}])
    own = given.facility.racks[4].replace(tenant="Lease")
    racks = (*given.facility.racks[:4], own, given.facility.racks[5])
    pinned = given.replace(
        facility=given.facility.replace(racks=racks), pins=(*given.pins, Pin(rack="r0", demand="lease"))
    )
    one = asked(pinned).periods[0]
    assert kept(one) == [(Rule.COMPATIBILITY, "racks of Lease", 1, 10.0), (Rule.PINS, "h1", 1, 10.0)]


def test_lastingly_those_are_sold_that_nobody_has_later() -> None:
    steps = [{"from": "2026-05", "mw": 0.01}, {"from": "2026-06", "mw": 0.03}]
    found = asked(leased(lease={"ramp": steps}))
    assert [one.racks for one in found.periods] == [5, 3]
    assert [one.racks for one in found.lasting.periods] == [3, 3]
    assert kept(found.lasting.periods[0]) == [(Rule.EXCLUSIVITY, "lease", 2, 20.0)]


def test_newly_powered_racks_stay_within_what_the_crew_can_do() -> None:
    # All racks were powered before May, so that nothing sold in May is new; in June those are that were off in May.
    found = asked(leased(policy={"idle": "off", "bring_up": {"racks_per_period": 2}}))
    assert [one.racks for one in found.periods] == [5, 2]
    assert [one.racks for one in found.lasting.periods] == [5, 2]
    assert kept(found.periods[1]) == [(Rule.BRING_UP, "site", 3, 30.0)]


def test_the_load_grows_by_no_more_than_the_limit() -> None:
    # 25 kW of growth into June: two racks of 10 kW that were off.
    found = asked(leased(policy={"idle": "off", "bring_up": {"mw_per_period": 0.025}}))
    assert [one.racks for one in found.periods] == [5, 2]


def test_a_rack_that_soon_changes_hands_is_not_sold_before() -> None:
    steps = [{"from": "2026-05", "mw": 0.01}, {"from": "2026-06", "mw": 0.06}]
    # With 20 days of hand-over nobody else can have a rack in May that the lease has in June.
    one = asked(leased(lease={"ramp": steps}, policy={"handover_days": 20})).periods[0]
    assert kept(one) == [(Rule.HAND_OVER, "lease", 5, 50.0)]


def test_racks_of_two_types_and_cords_make_lots_of_one_type() -> None:
    # Row w0 has two racks of type a, w1 one of each, w2 two of b with 16 GPUs: lots of 16 GPUs are w0 (two racks) and
    # each b alone: 1 + 1 + 2.
    record = site(1000, rack_types=[rack_type("a"), rack_type("b", gpus=16)])
    for rack, kind in zip(record["racks"], ("a", "a", "a", "b", "b", "b"), strict=True):
        rack["rack_type"] = kind
    one = asked(scenario(record)).periods[0]
    assert [(lots.gpus, lots.count) for lots in one.lots] == [(8, 6), (16, 4)]
    assert [(hall.rack_type, hall.count, hall.racks) for hall in one.lots[1].by_hall] == [("a", 1, 2), ("b", 3, 3)]


def test_dark_positions_are_not_sold_and_say_why() -> None:
    outage = {"type": "outage", "row": "h1/w2", "from": "2026-05", "until": "2026-06"}
    found = asked(leased(events=[outage]))
    assert [one.racks for one in found.periods] == [3, 5]
    assert [one.racks for one in found.lasting.periods] == [3, 5]
    assert kept(found.periods[0]) == [(Rule.AVAILABILITY, "h1/w2", 2, 20.0)]


def test_periods_in_the_same_state_have_the_same_answer_and_their_own_label() -> None:
    found = asked(leased(40, periods=4))
    assert [one.period for one in found.periods] == ["2026-05", "2026-06", "2026-07", "2026-08"]
    assert len({one.model_copy(update={"period": ""}) for one in (*found.periods, *found.lasting.periods)}) == 1


def test_a_token_that_is_set_ends_with_what_is_answered() -> None:
    given, token = leased(40), CancelToken()
    token.cancel()
    found = surplus(given, planned(given), cancel=token)
    assert not found.complete
    assert len(found.periods) + len(found.lasting.periods) < 4


def paired(racks: int = 6, **changes: Any) -> Scenario:
    """A pair of UPS of 60 kW, each of which has to carry everything alone, under a feed of 200 kW; one rack leased."""
    pair = {"kind": "ups", "parent": "grid", "rated_kw": 60, "contingency": True}
    power = [{"name": "grid", "kind": "utility", "rated_kw": 200}, {"name": "u1", **pair}, {"name": "u2", **pair}]
    record = facility(racks=6, power=power, **changes)
    record["racks"] = record["racks"][:racks]
    return scenario(record, contracts=[contract("lease")])


def stranded(one: Sellable) -> list[tuple[str, str, float]]:
    return [(part.cause, part.where, part.kw) for part in one.stranded]


def test_what_a_loss_and_the_ups_leave_is_stranded_by_failover_and_power() -> None:
    # All six racks draw 60 kW, all that u2 carries after the loss of u1. Both together carry 120, the feed 200: 60 and
    # 80 kW more.
    # Beside the plan 200 - 10 - 5 x 2 = 180 are left, of which the five racks take 5 x 8.
    one = asked(paired()).periods[0]
    assert (one.racks, one.roots_left_kw, one.roots_taken_kw) == (5, 180.0, 40.0)
    assert stranded(one) == [("power", "u1", 80.0), ("failover", "u2", 60.0)]


def test_what_a_zone_leaves_is_stranded_by_cooling() -> None:
    # Of 45 kW of heat the lease has 10, three racks 30, and two that stay idle 4: 1 kW is left of the zone, which is
    # too little for a rack, and 15 more kW up to the 60 of a UPS.
    spots = [spot | {"cooling_zone": "zone"} for spot in facility(racks=6)["positions"]]
    given = paired(positions=spots, cooling=[{"name": "zone", "total_kw": 45}])
    one = asked(given).periods[0]
    assert (one.racks, one.switched_off, one.roots_taken_kw) == (3, 0, 24.0)
    assert kept(one) == [(Rule.COOLING, "zone", 2, 20.0)]
    assert stranded(one) == [("power", "u1", 80.0), ("failover", "u2", 60.0), ("cooling", "zone", 16.0)]


def test_what_no_rack_is_there_for_is_stranded_by_space() -> None:
    # Two racks draw 20 of the 60 kW; four positions are free.
    one = asked(paired(racks=2)).periods[0]
    assert (one.racks, one.roots_left_kw, one.roots_taken_kw) == (1, 188.0, 8.0)
    assert stranded(one) == [("power", "u1", 80.0), ("failover", "u2", 60.0), ("space", "h1", 40.0)]


def test_a_root_that_nothing_hangs_on_is_stranded_by_space() -> None:
    given = paired()
    more = given.facility.power[0].replace(name="second", rated_kw=50.0)
    one = asked(given.replace(facility=given.facility.replace(power=(*given.facility.power, more)))).periods[0]
    assert one.roots_left_kw == 230.0
    assert ("space", "second", 50.0) in stranded(one)


def test_without_time_figures_are_bounded_and_say_that_they_are_not_proven(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("capalloc.analysis.surplus.block._WORK", 0.0)
    given = leased(40)
    found = asked(given)
    one = found.periods[0]
    assert not one.proven
    assert one.sellable_kw <= 30.0 <= one.at_most_kw
    assert [(lots.proven, lots.count <= most <= lots.at_most) for lots, most in zip(one.lots, (3, 1), strict=True)] == [
        (False, True),
        (False, True),
    ]
    page = "".join(str(part.rows) for part in surplus_page(found, given.horizon) if isinstance(part, Grid))
    assert f"'{one.sellable_kw:.1f}+'" in page
    assert f"'{one.lots[0].count} to {one.lots[0].at_most}'" in page


@pytest.mark.parametrize(
    ("terms", "says"),
    [
        ({"lots": (8, 0)}, "lots.1: found 0, expected 1 or more"),
        ({"lots": ("many",)}, "lots.0: found 'many', expected a whole number"),
        ({"lots": (10**9,)}, "lots.0: found 1000000000, expected 1e+07 or less"),
        ({"basis": "nameplate"}, "basis: found 'nameplate', expected it_nameplate, it_expected or facility"),
        ({"draw": "idle"}, "draw: found 'idle', expected nameplate or expected"),
        ({"period": "2031-01"}, "--period: found '2031-01', expected a period of the plan"),
    ],
)
def test_what_is_no_term_is_a_sentence(terms: dict[str, Any], says: str) -> None:
    given = leased()
    with pytest.raises(ScenarioError, match=re.escape(says)):
        surplus(given, planned(given), **terms)


def test_a_site_whose_supply_comes_after_the_horizon_has_no_surplus() -> None:
    supply = {"name": "late", "node": "grid", "kw": 100, "from": "2026-09"}
    one = asked(scenario(site(1000, supplies=[supply]))).periods[0]
    assert (one.sellable_kw, one.racks, one.roots_left_kw, one.stranded) == (0.0, 0, 0.0, ())
    assert [(part.rule, part.where, part.racks) for part in one.binding] == [(Rule.SUPPLY, "grid", 6)]


def test_deliveries_that_the_plan_places_are_told_of_as_not_moved() -> None:
    # A rack stands, another comes in June and is put beside it: neither is moved.
    delivery = {"name": "new", "rack_type": "a", "available_from": "2026-06-01", "status": "planned"}
    given = scenario(facility(2) | {"racks": [facility(1)["racks"][0], delivery]}, 2, contracts=[contract("lease")])
    answer = asked(given)
    assert answer.deliveries == 1
    told = " ".join(str(part) for part in surplus_page(answer, given.horizon))
    assert "Nor are deliveries moved: 1 of them keep the positions that this plan gives them." in told
    assert asked(leased()).deliveries == 0
