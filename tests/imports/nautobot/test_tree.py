"""The tree of power that Nautobot holds, as power.csv has it."""

from __future__ import annotations

from typing import Any

import pytest

from capalloc.imports.inventory.convert import scenario_of
from capalloc.imports.inventory.mapping import MappingFile
from capalloc.imports.missing import Tally
from capalloc.imports.nautobot.reading import inventory_of
from capalloc.imports.rest.objects import Answers
from capalloc.schema.facility import Facility, PowerNode
from tests.imports.nautobot.site import Objects, ref, small_site


def imported(site: Objects) -> tuple[Facility, dict[str, int]]:
    """The tables, and what did not come across with its number."""
    for rack in site["racks"]:
        rack["custom_fields"].setdefault("rack_type", "gb200-nvl72")
    tally = Tally()
    facility = scenario_of(inventory_of(Answers(site)), MappingFile(), tally).facility
    return facility, {one.what: one.count for one in tally.missing()}


def nodes(facility: Facility) -> dict[str, PowerNode]:
    return {node.name: node for node in facility.power}


def panel(site: Objects, name: str) -> dict[str, Any]:
    return next(one for one in site["power-panels"] if one["name"] == name)


def feed_into(site: Objects, name: str) -> dict[str, Any]:
    wanted = ref(panel(site, name))
    return next(one for one in site["power-feeds"] if one["destination_panel"] == wanted)


def added(site: Objects, endpoint: str, **changed: Any) -> dict[str, Any]:
    """One more object, as the last one but for what is changed."""
    one = {**site[endpoint][-1], "id": f"{endpoint}-new-{len(site[endpoint])}", **changed}
    site[endpoint].append(one)
    return one


USUAL = {"panels without a rating", "panels whose loss the plan is taken to survive", "planned racks without a day"}
"""What the small site always says: its utilities have no rating, it has two sides, and a rack is planned."""


def test_a_panel_carries_what_the_feed_into_it_does_after_a_loss_too() -> None:
    ups = nodes(imported(small_site())[0])["UPS A"]
    assert ups.rated_kw == 287.52  # 415 V x 400 A x 1.7320508, down to a watt
    assert (ups.max_utilization, ups.failover_kw) == (0.8, 230.016)


def test_two_feeds_from_one_panel_carry_together() -> None:
    site = small_site()
    site["power-feeds"].append({**feed_into(site, "PDU A"), "id": "second", "name": "second"})
    assert nodes(imported(site)[0])["PDU A"].rated_kw == 575.04  # twice 415 V x 400 A x 1.7320508, down to a watt


def test_a_panel_is_below_its_utility_though_a_generator_feeds_it_too() -> None:
    site = small_site()
    generator = added(site, "power-panels", name="A generator", panel_type={"value": "generator", "label": "G"})
    site["power-feeds"].insert(0, {**feed_into(site, "UPS A"), "id": "g", "name": "a", "power_panel": ref(generator)})
    facility, said = imported(site)
    assert nodes(facility)["UPS A"].parent == "Utility A"
    assert nodes(facility)["A generator"].kind == "generation"
    assert said["panels with several sources"] == 1


def test_kinds_that_nautobot_calls_otherwise_are_ours() -> None:
    site = small_site()
    for name, kind in (
        ("Utility A", "switchgear"),
        ("PDU A", "rpp"),
        ("PDU B", "panelboard"),
        ("UPS B", "transfer-switch"),
    ):
        panel(site, name)["panel_type"] = {"value": kind, "label": kind}
    kinds = {name: node.kind for name, node in nodes(imported(site)[0]).items()}
    assert [kinds[name] for name in ("Utility A", "PDU A", "PDU B", "UPS B")] == [
        "switchboard",
        "rpp",
        "rpp",
        "switchboard",
    ]


def test_panels_that_feed_each_other_are_roots_and_counted() -> None:
    site = small_site()
    into, back = feed_into(site, "UPS A"), feed_into(site, "PDU A")
    into["power_panel"] = ref(panel(site, "PDU A"))  # PDU A feeds UPS A, which feeds PDU A
    assert back["power_panel"] == ref(panel(site, "UPS A"))
    facility, said = imported(site)
    assert (nodes(facility)["UPS A"].parent, nodes(facility)["PDU A"].parent) == (None, None)
    assert said["panels that feed themselves"] == 2


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"amperage": 0}, "feeds of 0 V or 0 A"),
        ({"max_utilization": None}, "feeds whose volts, amperes or share cannot be"),
        ({"voltage": None}, "feeds of unknown V or A"),
        ({"power_panel": {"id": "gone"}}, "feeds whose panel is not known"),
        ({"destination_panel": None}, "feeds that go nowhere"),
        ({"destination_panel": {"id": "gone"}}, "feeds whose destination panel is not known"),
        ({"status": {"name": "Failed"}}, "feeds that are failed"),
    ],
)
def test_a_feed_that_carries_nothing_leaves_its_panel_a_root_and_is_counted(changed: dict[str, Any], said: str) -> None:
    site = small_site()
    feed_into(site, "PDU B").update(changed)
    facility, found = imported(site)
    assert nodes(facility)["PDU B"].parent is None
    assert found[said] == 1
    assert set(found) - USUAL == {said, "panels without a parent"}


def test_names_that_two_halls_share_are_told_apart() -> None:
    site = small_site()
    hall = added(site, "locations", name="Hall 2")
    pdu = added(site, "power-panels", name="PDU A", location=ref(hall), panel_type={"value": "pdu"})
    rack = added(site, "racks", name="A01", location=ref(hall))
    added(site, "power-feeds", name="F900", power_panel=ref(pdu), rack=ref(rack))
    facility, _ = imported(site)
    assert {"North/Hall 1/PDU A", "North/Hall 2/PDU A"} <= set(nodes(facility))
    assert [one.name for one in facility.positions if "A01" in one.name] == ["Hall 1/Row A/A01", "Hall 2/Row A/A01"]


def test_racks_without_a_feed_are_counted() -> None:
    site = small_site()
    lost = site["racks"][0]["id"]
    site["power-feeds"] = [one for one in site["power-feeds"] if (one["rack"] or {}).get("id") != lost]
    facility, said = imported(site)
    assert len(facility.positions) == 3
    assert said["racks without a feed"] == 1


def test_positions_say_which_rack_of_nautobot_they_are() -> None:
    assert imported(small_site())[0].positions[0].labels["nautobot_id"] == "racks-0001"


def test_a_location_type_called_site_is_the_site_wherever_it_stands() -> None:
    site = small_site()
    region = added(site, "locations", name="Americas", parent=None, location_type={"name": "Region"})
    north = site["locations"][0]
    north |= {"parent": ref(region), "location_type": {"name": "Site"}}
    facility, _ = imported(site)
    assert facility.name == "North"
    assert facility.positions[0].labels["site"] == "North"
    assert facility.positions[0].hall == "Hall 1"


def test_racks_without_groups_stand_in_a_row_that_is_their_room() -> None:
    site = small_site()
    for rack in site["racks"]:
        rack["rack_group"] = None
    facility, said = imported(site)
    assert {(one.hall, one.row) for one in facility.positions} == {("Hall 1", "Hall 1")}
    assert said["racks of no known row"] == 4
