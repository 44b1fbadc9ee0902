"""What happens while something is out, on sites small enough to say it by hand."""

from __future__ import annotations

from typing import Any

import pytest

from capalloc import Impact, ScenarioError, impact, solve
from capalloc.errors import PlanFileError
from capalloc.schema.plan import Plan
from capalloc.schema.scenario import Scenario
from tests.byhand import by_hand, contract, facility, workload

LEASE_ALONE: dict[str, Any] = {"workloads": [], "policy": {"idle": "off"}}
"""The lease of two racks (160 kW), from July five (400 kW); all else is off. 1e6 USD a month, 1,000 a kW short."""


def planned(scenario: Scenario) -> Plan:
    plan = solve(scenario).plan
    assert plan is not None
    return plan


def asked(scenario: Scenario, *names: str, period: str | None = None) -> Impact:
    return impact(scenario, planned(scenario), names, period=period)


def of(answer: Impact, demand: str) -> Any:
    return next(one for one in answer.demands if one.demand == demand)


def load_of(answer: Impact, node: str) -> Any:
    return next(one for one in answer.limits if one.node == node)


def single(**changes: Any) -> dict[str, Any]:
    """The site with single cords: even positions on u1, odd ones on u2."""
    places = [
        {"name": f"p{i}", "hall": "h1", "row": f"r{i // 4}", "index": i, "feed_a": f"u{1 + i % 2}"} for i in range(12)
    ]
    return facility(positions=places, **changes)


def test_a_ups_of_a_pair_that_is_out_leaves_all_on_the_other() -> None:
    answer = asked(by_hand(**LEASE_ALONE), "u1", period="2026-07")
    assert answer.racks_dark == ()
    assert len(answer.racks_on_one_feed) == 5
    assert of(answer, "lease").kw_on_one_feed == 400
    other = load_of(answer, "u2")
    assert (other.normal_kw, other.load_kw, other.failover_kw, other.used) == (200, 400, 500, 0.8)
    # 400 kW times pue 1.25, and 10 kW of the node itself.
    assert load_of(answer, "grid").load_kw == 510
    assert "u1" not in {one.node for one in answer.limits}
    assert answer.usd_at_stake_per_month == 0


def test_one_more_loss_is_the_loss_of_the_other() -> None:
    (then,) = asked(by_hand(**LEASE_ALONE), "u1", period="2026-07").then
    assert (then.contingency, then.kw_lost, then.kw_lost_more, then.over) == ("u2", 400, 400, ())


def test_a_node_above_both_feeds_darkens_all_at_the_price_of_fee_and_penalty() -> None:
    answer = asked(by_hand(**LEASE_ALONE), "grid", period="2026-07")
    lease = of(answer, "lease")
    assert (lease.racks, lease.kw_lost, lease.gpus_lost, lease.short_kw) == (5, 400, 5 * 64, 400)
    assert lease.usd_at_stake_per_month == 1e6 + 400 * 1000
    assert answer.usd_at_stake_per_hour == round(1.4e6 / 744, 2)
    assert (answer.limits, answer.then, answer.over) == ((), (), ())
    assert answer.windows == ()


def test_a_rack_with_one_feed_goes_dark_with_it() -> None:
    scenario = by_hand(facility=single(), **LEASE_ALONE)
    answer = asked(scenario, "u1", period="2026-07")
    dark = of(answer, "lease").racks
    # 240 of 500 * 0.5 kW is three racks, so each UPS has two or three of the five.
    assert dark in (2, 3)
    assert answer.racks_on_one_feed == ()
    assert answer.usd_at_stake_per_month == pytest.approx(dark * (1e6 / 5 + 80 * 1000))
    assert load_of(answer, "u2").load_kw == (5 - dark) * 80


def test_a_catcher_that_is_out_moves_no_load_and_leaves_racks_on_one_feed() -> None:
    places = [
        {"name": f"p{i}", "hall": "h1", "row": "r", "feed_a": "u1", "feed_b": "u2", "split_a": 1} for i in range(12)
    ]
    scenario = by_hand(facility=facility(positions=places, power=_power(1.0)), **LEASE_ALONE)
    reserve = asked(scenario, "u2", period="2026-07")
    assert len(reserve.racks_on_one_feed) == 5
    assert (load_of(reserve, "u1").normal_kw, load_of(reserve, "u1").load_kw) == (400, 400)
    main = asked(scenario, "u1", period="2026-07")
    assert (load_of(main, "u2").normal_kw, load_of(main, "u2").load_kw) == (0, 400)


def _power(max_utilization: float, **changes: Any) -> list[dict[str, Any]]:
    grid, *ups = facility()["power"]
    return [grid, *(one | {"max_utilization": max_utilization} | changes for one in ups)]


def test_two_of_three_ups_out_overload_the_third() -> None:
    """Rows on all pairs of three UPS (3N/2), four racks each row: 320 kW, half of it on either UPS."""
    ups = {"kind": "ups", "parent": "grid", "rated_kw": 500, "max_utilization": 0.667, "contingency": True}
    power = [facility()["power"][0] | {"rated_kw": 2000}, *({"name": f"u{i}", **ups} for i in (1, 2, 3))]
    pairs = [("u1", "u2"), ("u1", "u3"), ("u2", "u3")]
    places = [
        {"name": f"p{i}", "hall": "h1", "row": f"r{i // 4}", "feed_a": pairs[i // 4][0], "feed_b": pairs[i // 4][1]}
        for i in range(12)
    ]
    racks = [{"name": f"k{i}", "rack_type": "hgx", "position": f"p{i}"} for i in range(12)]
    lease = contract(ramp=[{"from": "2026-05", "mw": 0.96}])
    scenario = by_hand(facility=facility(power=power, positions=places, racks=racks), contracts=[lease], **LEASE_ALONE)
    one = asked(scenario, "u1")
    assert [load_of(one, node).load_kw for node in ("u2", "u3")] == [480, 480]
    assert [(then.contingency, then.kw_lost, then.over) for then in one.then] == [
        ("u2", 320, ("u3",)),
        ("u3", 320, ("u2",)),
    ]
    both = asked(scenario, "u1", "u2")
    assert (both.kw_lost, both.over) == (320, ("u3",))
    assert load_of(both, "u3").used == 640 / 500
    assert both.racks_dark == ("k0", "k1", "k2", "k3")


def supplied(*supplies: dict[str, Any]) -> Scenario:
    return by_hand(facility=facility(supplies=[{"node": "grid"} | one for one in supplies]), **LEASE_ALONE)


def test_a_supply_that_is_out_lowers_what_its_root_may_carry() -> None:
    scenario = supplied({"name": "gas", "kw": 300}, {"name": "grid-1", "kw": 400, "until": "2026-09"})
    answer = asked(scenario, "gas", period="2026-07")
    assert (answer.nodes, answer.racks_dark, answer.over) == (("supply:gas",), (), ("grid",))
    assert (load_of(answer, "grid").load_kw, load_of(answer, "grid").failover_kw) == (510, 400)
    # May and June ask for 160 * 1.25 + 10 = 210 kW, which grid-1 can give.
    assert [(one.start.month, one.until.month) for one in answer.windows] == [(5, 7)]


def test_the_only_supply_that_is_out_darkens_its_root() -> None:
    scenario = supplied({"name": "gas", "kw": 700})
    answer = asked(scenario, "supply:gas")
    assert of(answer, "lease").racks == 2
    assert (answer.over, answer.limits) == ((), ())


def test_a_supply_that_is_not_in_force_is_out_anyway() -> None:
    scenario = supplied({"name": "gas", "kw": 700}, {"name": "more", "kw": 100, "from": "2026-09"})
    answer = asked(scenario, "more", period="2026-07")
    assert answer.out[0].down_by == "more"
    assert [(one.start.month, one.until.month) for one in answer.windows] == [(5, 11)]


def test_a_zone_that_is_out_stops_its_racks_and_no_others() -> None:
    zones = [{"name": name, "liquid_kw": 1000, "air_kw": 1000} for name in ("z0", "z1")]
    places = [one | {"cooling_zone": f"z{i % 2}"} for i, one in enumerate(facility()["positions"])]
    scenario = by_hand(facility=facility(cooling=zones, positions=places), workloads=[workload()], contracts=[])
    answer = asked(scenario, "z0")
    plan = planned(scenario)
    off = {one.rack for one in plan.off}
    assert set(answer.racks_dark) == {f"k{i:02}" for i in range(0, 10, 2)} - off
    assert of(answer, "own").racks == len({one.rack for one in plan.assignments} & set(answer.racks_dark))
    assert answer.racks_on_one_feed == ()
    assert all(one.load_kw < one.normal_kw for one in answer.limits)


def test_rows_and_halls_stop_what_stands_there() -> None:
    scenario = by_hand(**LEASE_ALONE)
    assert asked(scenario, "h1", period="2026-07").kw_lost == 400
    row = asked(scenario, "r0", "r1", "r2", period="2026-07")
    assert row.nodes == ("row:h1/r0", "row:h1/r1", "row:h1/r2")
    assert row.kw_lost == 400
    assert sum(one.dark for one in row.rows) == 5


def test_a_lower_failover_limit_is_none_while_no_node_is_out() -> None:
    """200 kW of five racks on either UPS: more than the 150 kW that a UPS may carry while another node is out."""
    power = _power(0.5, contingency=False, failover_kw=150)
    scenario = by_hand(facility=facility(power=power), **LEASE_ALONE)
    row = asked(scenario, "r2", period="2026-07")
    assert (row.over, load_of(row, "u1").failover_kw) == ((), 250)
    assert asked(scenario, "u1", period="2026-07").over == ("u2",)


def test_idle_racks_that_go_dark_are_nobodys_loss() -> None:
    scenario = by_hand(workloads=[])
    answer = asked(scenario, "grid", period="2026-07")
    assert (len(answer.racks_dark), answer.idle_racks_dark, answer.kw_lost) == (10, 5, 400)
    assert [one.demand for one in answer.rows][-1] is None


def test_where_nobody_is_dark_but_idle_racks_it_can_be_out() -> None:
    lease = contract(ramp=[{"from": "2026-07", "mw": 0.4}])
    answer = asked(by_hand(workloads=[], contracts=[lease]), "grid")
    assert (answer.period, answer.idle_racks_dark, answer.kw_lost) == ("2026-05", 10, 0)
    assert [(one.start.month, one.until.month) for one in answer.windows] == [(5, 7)]


def test_a_node_that_is_in_an_outage_anyway_changes_nothing_more() -> None:
    outage = {"type": "outage", "node": "u2", "from": "2026-06", "until": "2026-07"}
    scenario = by_hand(events=[outage], **LEASE_ALONE)
    answer = asked(scenario, "u2", period="2026-06")
    assert answer.out[0].down_by == "u2"
    assert (answer.racks_dark, answer.racks_on_one_feed, answer.over) == ((), (), ())


def test_the_cheapest_tier_of_a_workload_goes_first() -> None:
    own = workload(value=[{"up_to_gpus": 6 * 64, "usd_per_gpu_hour": 3}, {"usd_per_gpu_hour": 1}])
    scenario = by_hand(facility=single(), workloads=[own], contracts=[], policy={"idle": "off"})
    answer = asked(scenario, "u1", period="2026-05")
    hit = of(answer, "own")
    # Of N racks the last N - 6 earn 1 USD a GPU-hour, the first six 3; 31 days of 24 hours.
    racks = len({one.rack for one in planned(scenario).assignments})
    cheap = min(hit.racks, max(racks - 6, 0))
    value = (cheap * 1 + (hit.racks - cheap) * 3) * 64 * 744
    penalty = max(2 - (racks - hit.racks), 0) * 64 * 744 * 30
    assert hit.usd_at_stake_per_month == value + penalty


def test_a_tenant_that_may_leave_is_told() -> None:
    lease = contract(shortfall={"remedy": "terminate", "penalty_usd_per_kw_month": 10, "cure_days": 30})
    scenario = by_hand(contracts=[lease], **LEASE_ALONE)
    assert of(asked(scenario, "grid"), "lease").may_leave_after_days == 30
    assert of(asked(scenario, "u1"), "lease").may_leave_after_days is None


def test_spares_that_go_dark_are_told_and_keep_it_from_being_out() -> None:
    lease = contract(buffer_share=0.5)
    scenario = by_hand(contracts=[lease], **LEASE_ALONE)
    answer = asked(scenario, "grid")
    assert (of(answer, "lease").racks, of(answer, "lease").spares_dark) == (2, 1)
    assert len(answer.racks_dark) == 3
    assert of(asked(scenario, "u1"), "lease").spares_on_one_feed == 1


def test_a_name_twice_is_one_thing_and_no_name_is_refused() -> None:
    scenario = by_hand(**LEASE_ALONE)
    assert asked(scenario, "u1", "node:u1").nodes == ("u1",)
    with pytest.raises(ScenarioError, match="NODE: found none, expected what is to be out of service"):
        asked(scenario)


def test_a_plan_of_another_scenario_is_refused() -> None:
    with pytest.raises(PlanFileError, match="was made for another version"):
        impact(by_hand(), planned(by_hand(**LEASE_ALONE)), ["u1"])
