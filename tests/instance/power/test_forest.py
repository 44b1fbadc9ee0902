"""Limits of power nodes over time."""

from __future__ import annotations

from typing import Any

import numpy as np

from capalloc.instance.power.forest import Forest, build_forest
from tests.byhand import by_hand, facility


def _forest(**changes: Any) -> Forest:
    site = by_hand(**changes)
    return build_forest(site, site.horizon.periods)


def test_the_normal_limit_is_the_usable_share_of_the_rating() -> None:
    forest = _forest()
    assert forest.normal_w[1].tolist() == [250_000] * 6  # 500 kW x 0.5
    assert forest.failover_w[1].tolist() == [500_000] * 6


def test_the_smallest_day_of_dated_supplies_counts() -> None:
    # 700 kW from the start, 200 kW more from 15 June: June can count on 700, July on 900
    supplies = [
        {"name": "a", "node": "grid", "kw": 700},
        {"name": "b", "node": "grid", "kw": 200, "from": "2026-06-15"},
    ]
    forest = _forest(facility=facility(supplies=supplies))
    assert forest.normal_w[0].tolist() == [700_000, 700_000, 900_000, 900_000, 900_000, 900_000]
    assert forest.supply_binds[0].all()


def test_a_gap_between_two_supplies_inside_a_month_counts() -> None:
    supplies = [
        {"name": "a", "node": "grid", "kw": 700, "until": "2026-06-10"},
        {"name": "b", "node": "grid", "kw": 700, "from": "2026-06-12"},
    ]
    forest = _forest(facility=facility(supplies=supplies))
    assert forest.normal_w[0].tolist() == [700_000, 0, 700_000, 700_000, 700_000, 700_000]
    assert forest.energised[:, 1].tolist() == [False] * 3  # and with the root everything below it is dark


def test_an_outage_of_a_parent_darkens_its_children() -> None:
    outage = {"type": "outage", "node": "grid", "from": "2026-07-31", "until": "2026-08-01"}
    forest = _forest(events=[outage])
    assert forest.energised[2].tolist() == [True, True, False, True, True, True]


def test_static_load_counts_only_while_the_node_is_energised() -> None:
    site = facility()
    site["power"][0]["available_from"] = "2026-06"
    forest = _forest(facility=site)
    assert forest.static_w[0].tolist() == [0, *[10_000] * 5]


def test_a_delayed_supply_moves_by_its_days() -> None:
    supplies = [
        {"name": "a", "node": "grid", "kw": 500},
        {"name": "b", "node": "grid", "kw": 500, "from": "2026-06"},
    ]
    delay = {"type": "delay", "supply": "b", "days": 61}  # 1 June + 61 days = 1 August
    forest = _forest(facility=facility(supplies=supplies), events=[delay])
    assert np.array_equal(forest.normal_w[0] // 1000, [500, 500, 500, 1000, 1000, 1000])
