"""From counts to names."""

from __future__ import annotations

from typing import Any

import numpy as np

from capalloc.instance.compile import compile_scenario
from capalloc.naming.racks import name_racks
from capalloc.reduction.classes import reduce_instance
from capalloc.reduction.counts import Counts
from capalloc.roster.roster import Roster
from capalloc.schema.scenario import Scenario
from tests.byhand import by_hand, facility


def _three_months(**changes: Any) -> Scenario:
    return by_hand(horizon={"start": "2026-05", "end": "2026-08"}, **changes)


def _names(scenario: Scenario, own: list[int], lease: list[int], off: list[int] | None = None) -> Roster:
    """Name the racks of the one class, given how many serve each demand and how many are off in each period."""
    reduction = reduce_instance(compile_scenario(scenario))
    assert len(reduction.classes.racks) == 1
    serve = np.array([[own, lease]])
    nothing = np.zeros_like(serve)
    return name_racks(reduction, Counts(serve, np.array([off or [0] * len(own)]), nothing, np.zeros(1, dtype=int)))


def test_a_rack_stays_with_its_demand_while_the_count_allows() -> None:
    roster = _names(_three_months(), own=[4, 3, 3], lease=[2, 4, 5])
    # own keeps racks 0-2 and gives up 3, which is taken again first of all that are free, by index
    assert np.flatnonzero(roster.serving[:, 2] == 0).tolist() == [0, 1, 2]
    kept = (roster.serving[:, :-1] == 1) & (roster.serving[:, 1:] != 1)
    assert not kept.any()


def test_with_a_hand_over_a_rack_that_left_waits() -> None:
    site = _three_months(policy={"handover_days": 20})
    roster = _names(site, own=[8, 4, 4], lease=[2, 2, 6])
    left = np.flatnonzero((roster.serving[:, 0] == 0) & (roster.serving[:, 1] != 0))
    assert (roster.serving[left, 1] == -1).all()
    assert (roster.serving[left, 2] == 1).all()


def test_racks_that_are_off_stay_off() -> None:
    roster = _names(_three_months(), own=[2, 2, 2], lease=[2, 3, 3], off=[4, 3, 4])
    # off: 4, then one of them may come on, then it goes off again: at most one rack is newly powered in all
    powered = ~roster.off
    assert ((powered[:, 1:] & ~powered[:, :-1]).sum(axis=0) <= [1, 0]).all()


def test_deliveries_take_the_free_positions_of_their_place_class() -> None:
    site = facility()
    site["racks"] += [
        {"name": f"new{i}", "rack_type": "hgx", "status": "planned", "available_from": "2026-06"} for i in range(2)
    ]
    reduction = reduce_instance(compile_scenario(_three_months(facility=site)))
    shape = (2, 2, 3)
    roster = name_racks(
        reduction, Counts(np.zeros(shape, int), np.zeros((2, 3), int), np.zeros(shape, int), np.array([0, 2]))
    )
    assert sorted(roster.position[10:].tolist()) == [10, 11]


def test_a_position_that_a_delivery_leaves_is_given_again() -> None:
    site = facility()
    site["positions"] = site["positions"][:11]
    planned = {"rack_type": "hgx", "status": "planned"}
    site["racks"] += [
        {"name": "second", **planned, "available_from": "2026-06"},
        {"name": "first", **planned, "available_from": "2026-05", "available_until": "2026-06"},
    ]
    reduction = reduce_instance(compile_scenario(_three_months(facility=site)))
    shape = (3, 2, 3)
    everything = np.array([0, 1, 1])  # the ten that stand, and each of the two deliveries on the one position left
    roster = name_racks(
        reduction, Counts(np.zeros(shape, int), np.zeros((3, 3), int), np.zeros(shape, int), everything)
    )
    assert roster.position[10:].tolist() == [10, 10]
