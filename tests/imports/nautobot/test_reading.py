"""Nautobot's objects as neutral records."""

from __future__ import annotations

from typing import Any

import pytest

from capalloc.imports.inventory.records import Inventory
from capalloc.imports.nautobot.reading import inventory_of
from capalloc.imports.rest.objects import Answers
from tests.imports.nautobot.site import HOST, small_site


@pytest.fixture(scope="module")
def inventory() -> Inventory:
    return inventory_of(Answers(small_site()))


def test_the_power_tree_is_panels_and_the_feeds_between_them(inventory: Inventory) -> None:
    names = {panel.key: panel.name for panel in inventory.panels}
    edges = [(names[feed.panel or ""], names[feed.destination]) for feed in inventory.feeds if feed.destination]
    assert edges == [("Utility A", "UPS A"), ("UPS A", "PDU A"), ("Utility B", "UPS B"), ("UPS B", "PDU B")]
    assert [panel.kind for panel in inventory.panels[:3]] == ["utility", "ups", "pdu"]


def test_a_feed_is_on_the_path_of_its_panel_where_it_names_none(inventory: Inventory) -> None:
    rack = inventory.racks[0].key
    assert [feed.side for feed in inventory.feeds if feed.rack == rack] == ["a", "b"]  # both are of type primary


@pytest.mark.parametrize(
    ("path", "kind", "panel_path", "side"),
    [("b", "primary", "a", "b"), ("", "redundant", "a", "a"), ("", "redundant", "", "b"), ("", "primary", "", "a")],
)
def test_the_path_of_a_feed_comes_before_its_panels_and_before_its_type(
    path: str, kind: str, panel_path: str, side: str
) -> None:
    site = small_site()
    site["power-panels"][0]["power_path"] = panel_path and {"value": panel_path, "label": "Path"}
    site["power-feeds"][0] |= {"power_path": path and {"value": path, "label": "Path"}, "type": {"value": kind}}
    assert inventory_of(Answers(site)).feeds[0].side == side


def test_ratings_are_volts_amperes_and_a_share(inventory: Inventory) -> None:
    feed = next(feed for feed in inventory.feeds if feed.rack)
    assert feed.kw == pytest.approx(45.284, abs=1e-3)  # 415 V x 63 A x 1.73205
    assert feed.max_utilization == 0.8


def test_statuses_tenants_groups_and_places_are_found_by_their_ids(inventory: Inventory) -> None:
    first, last = inventory.racks[0], inventory.racks[-1]
    assert (first.status, first.tenant, first.group) == ("active", "Anthropic", "Row A")
    assert (last.status, last.tenant) == ("planned", None)
    assert [(place.name, place.kind) for place in inventory.path(first.place)] == [
        ("North", "campus"),
        ("Hall 1", "room"),
    ]
    assert first.where == f"{HOST}/dcim/racks/racks-0001/"  # the page, not the answer of the API


def test_nested_objects_say_the_same_as_their_ids() -> None:
    site = small_site()
    by_id = {one["id"]: one for objects in site.values() for one in objects}

    def nested(value: Any) -> Any:
        return by_id[value["id"]] if isinstance(value, dict) and "object_type" in value else value

    deep = {
        endpoint: [{field: nested(value) for field, value in one.items()} for one in objects]
        for endpoint, objects in site.items()
    }
    for endpoint in ("statuses", "tenants", "rack-groups", "location-types"):
        del deep[endpoint]
    assert inventory_of(Answers(deep)) == inventory_of(Answers(site))


def test_devices_draw_what_their_ports_say() -> None:
    site = small_site()
    rack, model = {"id": site["racks"][0]["id"]}, {"id": "t1"}
    site["device-types"] = [{"id": "t1", "model": "GB200 NVL72", "display": "NVIDIA GB200 NVL72"}]
    site["devices"] = [{"id": "d1", "name": None, "display": "GB200", "rack": rack, "device_type": model}]
    site["power-ports"] = [
        {"id": "p1", "device": {"id": "d1"}, "maximum_draw": 66000, "allocated_draw": None},
        {"id": "p2", "device": {"id": "d1"}, "maximum_draw": 66000, "allocated_draw": None},
    ]
    (device,) = inventory_of(Answers(site)).devices
    assert (device.name, device.model, device.maximum_w, device.allocated_w) == ("GB200", "GB200 NVL72", 132000, None)


def test_custom_fields_keep_numbers_words_and_choices() -> None:
    site = small_site()
    site["racks"][0]["custom_fields"] = {
        "kw": 132, "type": "gb200", "empty": None, "none": "", "many": ["a", "b"], "yes": True, "odd": {},
        "choice": {"value": "x", "label": "X"},
    }  # fmt: skip
    rack = inventory_of(Answers(site)).racks[0]
    assert rack.fields == {"kw": 132.0, "type": "gb200", "many": "a, b", "choice": "x", "yes": True}


def test_reservations_name_their_rack_and_tenant() -> None:
    site = small_site()
    rack, tenant = {"id": site["racks"][1]["id"]}, {"id": site["tenants"][0]["id"]}
    site["rack-reservations"] = [
        {"id": "r1", "url": "", "description": "next", "rack": rack, "tenant": tenant, "units": [1, 2]}
    ]
    (held,) = inventory_of(Answers(site)).reservations
    assert (held.name, held.rack, held.tenant, held.units) == ("next", "racks-0002", "Anthropic", (1.0, 2.0))


def test_a_feed_that_names_no_rack_goes_to_that_of_the_device_it_is_cabled_to() -> None:
    site = small_site()
    rack = {"id": site["racks"][0]["id"]}
    site["devices"] = [{"id": "d1", "name": "pdu", "rack": rack, "device_type": None}]
    site["power-ports"] = [{"id": "p1", "device": {"id": "d1"}}]
    for feed, port in (("F004", {"id": "p1", "object_type": "dcim.powerport"}), ("F005", {"id": "elsewhere"})):
        cabled = next(one for one in site["power-feeds"] if one["name"] == feed)
        cabled |= {"rack": None, "connected_endpoint": port}
    racks = {feed.name: feed.rack for feed in inventory_of(Answers(site)).feeds}
    assert (racks["F004"], racks["F005"]) == ("racks-0001", None)
