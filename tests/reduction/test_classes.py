"""Which racks are interchangeable."""

from __future__ import annotations

from typing import Any

from capalloc.instance.compile import compile_scenario
from capalloc.reduction.classes import reduce_instance
from tests.byhand import by_hand, contract, facility, workload


def _classes(**changes: Any) -> int:
    return len(reduce_instance(compile_scenario(by_hand(**changes))).classes.racks)


def test_racks_that_no_rule_tells_apart_are_one_class() -> None:
    assert _classes() == 1


def test_rows_matter_only_when_a_demand_asks_for_them() -> None:
    assert _classes(contracts=[contract(isolation="row")]) == 3  # ten racks in rows of four


def test_a_pin_an_availability_and_a_tenant_make_classes() -> None:
    site = facility()
    site["racks"][0]["available_from"] = "2026-06"
    site["racks"][1]["tenant"] = "Tenant"
    pins = [{"rack": "k02", "demand": "own"}]
    assert _classes(facility=site, pins=pins) == 4


def test_a_delivery_has_a_class_for_each_class_of_positions_it_may_take() -> None:
    site = facility()
    site["racks"].append({"name": "new", "rack_type": "hgx", "status": "planned", "available_from": "2026-07"})
    assert _classes(facility=site) == 2  # ten interchangeable racks, one delivery for two interchangeable positions
    assert _classes(facility=site, workloads=[workload(isolation="row")]) == 3 + 1


def test_racks_that_are_never_usable_are_in_no_class() -> None:
    site = facility()
    for rack in site["racks"]:
        rack["status"] = "retired"
    assert _classes(facility=site) == 0
