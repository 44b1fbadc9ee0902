"""Power, failover, supply and cooling: at the limit passes, one watt over fails."""

from __future__ import annotations

from typing import Any

import pytest

from capalloc.schema.rules import Rule
from capalloc.verify import verify
from tests.verify.tiny import RACKS, broken, job, plan, scenario, serve, site

ROW_A, ROW_B = RACKS[:6], RACKS[6:]


def rules_with_row_a_serving(**changes: Any) -> set[Rule]:
    """Six racks of row a serve at 10 kW, six of row b stand idle at 2 kW: u1 and u2 carry 30 kW, u3 and u4 6 kW."""
    return broken(scenario(site(**changes)), serve("job", ROW_A))


@pytest.mark.parametrize(("rated", "rules"), [(30.0, set()), (29.999, {Rule.POWER})])
def test_normal_limit_is_the_rating(rated: float, rules: set[Rule]) -> None:
    assert rules_with_row_a_serving(nodes={"u1": {"rated_kw": rated, "failover_kw": 60.0}}) == rules


@pytest.mark.parametrize(("rated", "rules"), [(37.5, set()), (37.498, {Rule.POWER})])
def test_normal_limit_counts_max_utilization(rated: float, rules: set[Rule]) -> None:
    # 37.5 x 0.8 = 30.0 exactly; 37.498 x 0.8 = 29.9984
    changes = {"rated_kw": rated, "max_utilization": 0.8, "failover_kw": 60.0}
    assert rules_with_row_a_serving(nodes={"u1": changes}) == rules


@pytest.mark.parametrize(("static", "rules"), [(30.0, set()), (30.001, {Rule.POWER})])
def test_static_load_counts_at_its_node(static: float, rules: set[Rule]) -> None:
    # 30 kW of racks + 30 kW static = 60 kW; u1 may carry 90 after the loss of u2
    changes = {"static_load_kw": static, "failover_kw": 100.0}
    assert rules_with_row_a_serving(nodes={"u1": changes}) == rules


@pytest.mark.parametrize(("rated", "rules"), [(36.0, set()), (35.999, {Rule.POWER})])
def test_node_with_facility_load_carries_pue(rated: float, rules: set[Rule]) -> None:
    # 30 kW x 1.2 = 36 kW
    changes = {"rated_kw": rated, "load": "facility", "failover_kw": 80.0}
    assert rules_with_row_a_serving(nodes={"u1": changes}, pue=1.2) == rules


@pytest.mark.parametrize(("failover", "rules"), [(60.0, set()), (59.999, {Rule.FAILOVER})])
def test_surviving_feed_carries_the_whole_rack(failover: float, rules: set[Rule]) -> None:
    # u2 is lost: u1 carries 6 x 10 kW
    assert rules_with_row_a_serving(nodes={"u1": {"failover_kw": failover}}) == rules


@pytest.mark.parametrize(("failover", "rules"), [(72.0, set()), (71.999, {Rule.FAILOVER})])
def test_failover_below_the_normal_limit_binds_where_no_load_moves(failover: float, rules: set[Rule]) -> None:
    # the grid carries 60 + 12 = 72 kW whichever UPS is lost
    assert rules_with_row_a_serving(nodes={"grid": {"failover_kw": failover}}) == rules


def test_lost_node_takes_its_static_load_away() -> None:
    # the grid carries 72 + 5 kW; after the loss of u3 only 72, but after the loss of u1 still 77
    statics = {"u3": {"static_load_kw": 5.0}}
    assert rules_with_row_a_serving(nodes=statics | {"grid": {"failover_kw": 77.0}}) == set()
    assert rules_with_row_a_serving(nodes=statics | {"grid": {"failover_kw": 76.999}}) == {Rule.FAILOVER}
    only_u3 = {name: {"contingency": False} for name in ("u1", "u2", "u4")} | {
        "u3": {"static_load_kw": 5.0},
        "grid": {"failover_kw": 72.0},
    }
    assert rules_with_row_a_serving(nodes=only_u3) == set()


def test_single_corded_rack_goes_dark_with_its_feed() -> None:
    # r1 .. r6 on u1 alone: u1 carries 60 kW; when it is lost u2 takes nothing over
    positions = [{"name": f"q{i}", "hall": "h1", "row": "c", "feed_a": "u1", "cooling": "liquid"} for i in range(1, 7)]
    racks = {f"r{i}": {"position": f"q{i}"} for i in range(1, 7)}
    assert rules_with_row_a_serving(positions=positions, racks=racks, nodes={"u2": {"rated_kw": 0.0}}) == set()


@pytest.mark.parametrize(("failover", "rules"), [(60.0, set()), (59.999, {Rule.FAILOVER})])
def test_catcher_carries_nothing_until_a_loss(failover: float, rules: set[Rule]) -> None:
    # split_a 1: u2 carries 0 kW in normal operation and 60 kW after the loss of u1
    changed = site(nodes={"u2": {"rated_kw": 0.0, "failover_kw": failover}})
    for place in changed["positions"][:6]:
        place["split_a"] = 1.0
    assert broken(scenario(changed), serve("job", ROW_A)) == rules


def test_failover_message_names_node_loss_and_both_numbers() -> None:
    case = scenario(site(nodes={"u1": {"failover_kw": 50.0}}))
    first = verify(case, plan(case, serve("job", ROW_A))).violations[0]
    assert (first.rule, first.where, first.period, first.unit) == (Rule.FAILOVER, "u1", "2026-05", "kW")
    assert (first.amount, first.limit) == (60.0, 50.0)
    assert first.message == "ups u1 would carry 60 kW of 50 kW after the loss of u2"


@pytest.mark.parametrize(("kw", "rules"), [(72.0, set()), (71.999, {Rule.SUPPLY})])
def test_root_stays_within_its_supplies(kw: float, rules: set[Rule]) -> None:
    # 6 x 10 + 6 x 2 = 72 kW
    assert rules_with_row_a_serving(supply_kw=kw) == rules


@pytest.mark.parametrize(("kw", "rules"), [(90.0, set()), (89.999, {Rule.SUPPLY})])
def test_supply_carries_pue_and_static_load(kw: float, rules: set[Rule]) -> None:
    # 72 kW x 1.2 + 3.6 kW = 90 kW
    grid = {"load": "facility", "static_load_kw": 3.6}
    assert rules_with_row_a_serving(nodes={"grid": grid}, pue=1.2, supply_kw=kw) == rules


@pytest.mark.parametrize(("until", "rules"), [("2026-08", set()), ("2026-07-31", {Rule.SUPPLY})])
def test_least_supply_of_any_day_counts(until: str, rules: set[Rule]) -> None:
    # a second supply of 40 kW lifts 40 kW to 80; without it on 31 July, July has 40 kW for 72 kW
    supplies = [{"name": "feed", "node": "grid", "kw": 40.0}, {"name": "more", "node": "grid", "kw": 40.0}]
    supplies[1]["until"] = until
    assert rules_with_row_a_serving(supplies=supplies) == rules


@pytest.mark.parametrize(("rated", "rules"), [(82.0, set()), (81.999, {Rule.SUPPLY})])
def test_site_keeps_its_reserve(rated: float, rules: set[Rule]) -> None:
    # 72 kW + 10 kW reserve
    case = scenario(site(nodes={"grid": {"rated_kw": rated}}), policy={"reserve_mw": 0.01})
    assert broken(case, serve("job", ROW_A)) == rules


def test_node_that_is_not_energised_carries_nothing() -> None:
    # u3 is out on one day of June: row b, idle, is unpowered then; serving there is not possible
    outage = {"type": "outage", "node": "u3", "from": "2026-06-30", "until": "2026-07"}
    case = scenario(site(), events=[outage])
    assert broken(case, serve("job", ROW_A)) == set()
    assert broken(case, serve("job", ROW_B, until="2026-06")) == set()
    assert Rule.POWER in broken(case, serve("job", ROW_B, until="2026-07"))


@pytest.mark.parametrize(("start", "rules"), [("2026-05", set()), ("2026-05-02", {Rule.POWER, Rule.FAILOVER})])
def test_node_has_no_capacity_before_it_is_there(start: str, rules: set[Rule]) -> None:
    assert rules_with_row_a_serving(nodes={"u1": {"available_from": start}}) == rules


def test_delayed_supply_comes_later() -> None:
    supplies = [{"name": "feed", "node": "grid", "kw": 200.0, "from": "2026-05"}]
    delay = {"type": "delay", "supply": "feed", "days": 1}
    late = scenario(site(supplies=supplies), events=[delay])
    assert {Rule.SUPPLY, Rule.POWER, Rule.FAILOVER} >= broken(late, serve("job", ROW_A)) >= {Rule.SUPPLY}
    assert broken(late, serve("job", ROW_A, start="2026-06")) == set()


@pytest.mark.parametrize(
    ("zone", "rules"),
    [
        # 72 kW of heat: 54 kW by liquid, 18 kW by air
        ({"liquid_kw": 54.0, "air_kw": 18.0}, set()),
        ({"liquid_kw": 53.999, "air_kw": 18.0}, {Rule.COOLING}),
        ({"liquid_kw": 54.0, "air_kw": 17.999}, {Rule.COOLING}),
        ({"total_kw": 72.0}, set()),
        ({"total_kw": 71.999}, {Rule.COOLING}),
        ({"total_kw": 72.0, "available_until": "2026-08"}, set()),
        ({"total_kw": 72.0, "available_until": "2026-07-31"}, {Rule.COOLING}),
    ],
)
def test_heat_stays_within_the_zone(zone: dict[str, Any], rules: set[Rule]) -> None:
    assert rules_with_row_a_serving(zone=zone) == rules


def test_draw_follows_the_demand() -> None:
    # expected 8 kW x utilization 0.5 = 4 kW a rack: u1 carries 12 kW, 24 kW after the loss of u2
    case = scenario(site(nodes={"u1": {"rated_kw": 12.0, "failover_kw": 24.0}}), workloads=[
        job(draw="expected", utilization=0.5)
    ])  # fmt: skip
    assert broken(case, serve("job", ROW_A)) == set()


def test_racks_listed_as_off_draw_nothing() -> None:
    # row b idle draws 6 kW on u3; with one rack off 5 kW
    case = scenario(site(nodes={"u3": {"rated_kw": 5.0, "failover_kw": 12.0}}))
    off = [{"rack": "r7", "from": "2026-05", "until": "2026-08"}]
    assert broken(case) == {Rule.POWER}
    assert broken(case, off=off) == set()
    assert broken(scenario(site(nodes={"u3": {"rated_kw": 0.0}}), policy={"idle": "off"})) == set()
