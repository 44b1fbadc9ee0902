"""Rows of power, failover and cooling."""

from __future__ import annotations

from capalloc.instance.compile import compile_scenario
from capalloc.instance.model import NO_LIMIT_W, Instance, PackingRow
from capalloc.reduction.classes import binding_capable
from capalloc.schema.rules import Rule
from tests.byhand import by_hand, facility


def _row(instance: Instance, rule: Rule, where: str, lost: str | None = None) -> PackingRow:
    (row,) = [row for row in instance.rows if (row.rule, row.where, row.lost) == (rule, where, lost)]
    return row


def test_a_dual_corded_rack_puts_half_on_each_feed_and_all_of_it_on_the_other_after_a_loss() -> None:
    instance = compile_scenario(by_hand())
    assert set(_row(instance, Rule.POWER, "u1").weights) == {0.5}
    assert set(_row(instance, Rule.FAILOVER, "u1", "u2").weights) == {1.0}


def test_a_facility_node_carries_pue_and_its_static_load() -> None:
    row = _row(compile_scenario(by_hand()), Rule.POWER, "grid")
    assert set(row.weights) == {1.25}
    assert set(row.limit_w) == {990_000}  # 1,000 kW less 10 kW static


def test_a_catcher_scheme_puts_everything_on_feed_a() -> None:
    site = facility()
    for place in site["positions"]:
        place["split_a"] = 1.0
    instance = compile_scenario(by_hand(facility=site))
    assert set(_row(instance, Rule.POWER, "u1").weights) == {1.0}
    assert set(_row(instance, Rule.FAILOVER, "u2", "u1").weights) == {1.0}
    assert [row for row in instance.rows if row.where == "u2" and row.lost is None] == []


def test_a_row_that_every_rack_at_its_most_cannot_fill_drops_out() -> None:
    # ten racks of 80 kW: 400 kW on each UPS (limit 250), 1,000 kW at the grid (limit 990)
    instance = compile_scenario(by_hand())
    assert len(binding_capable(instance)) == len(instance.rows)
    # nine racks: 900 kW at the grid: it drops out, the UPS (360 of 250) stay
    site = facility()
    site["racks"] = site["racks"][:9]
    smaller = compile_scenario(by_hand(facility=site))
    kept = [smaller.rows[i].where for i in binding_capable(smaller)]
    assert "grid" not in kept
    assert "u1" in kept


def test_a_loss_lowers_the_limit_of_a_node_that_it_does_not_touch() -> None:
    # u3 stands beside the pair with nothing on it but a rack of its own, rated 100 kW, 60 kW while another is out
    site = facility()
    site["power"].append({"name": "u3", "kind": "ups", "parent": "grid", "rated_kw": 100, "failover_kw": 60})
    site["positions"].append({"name": "q", "hall": "h1", "row": "r9", "feed_a": "u3"})
    row = _row(compile_scenario(by_hand(facility=site)), Rule.FAILOVER, "u3", "u1")
    assert set(row.limit_w) == {60_000}


def test_supply_and_rating_bind_in_different_periods() -> None:
    supplies = [{"name": "a", "node": "grid", "kw": 600}, {"name": "b", "node": "grid", "kw": 600, "from": "2026-07"}]
    instance = compile_scenario(by_hand(facility=facility(supplies=supplies)))
    supply, power = _row(instance, Rule.SUPPLY, "grid"), _row(instance, Rule.POWER, "grid")
    assert supply.limit_w.tolist() == [590_000, 590_000, *[NO_LIMIT_W] * 4]
    assert power.limit_w.tolist() == [NO_LIMIT_W, NO_LIMIT_W, *[990_000] * 4]


def test_heat_is_split_by_the_liquid_fraction() -> None:
    site = facility(cooling=[{"name": "z", "liquid_kw": 300, "air_kw": 90}])
    for place in site["positions"]:
        place["cooling_zone"] = "z"
    liquid, air = [row for row in compile_scenario(by_hand(facility=site)).rows if row.rule == Rule.COOLING]
    assert (liquid.share.tolist(), air.share.tolist()) == ([0.75], [0.25])
    assert (liquid.limit_w[0], air.limit_w[0]) == (300_000, 90_000)
