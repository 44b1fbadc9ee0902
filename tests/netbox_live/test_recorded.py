"""What a real NetBox answered once is read the same everywhere."""

from __future__ import annotations

from collections import Counter

import pytest

from capalloc.exports.netbox.found import find
from capalloc.imports.inventory.convert import scenario_of
from capalloc.imports.inventory.mapping import MappingFile
from capalloc.imports.missing import Tally
from capalloc.imports.netbox.live import NETBOX, read_netbox
from capalloc.imports.rest.server import Server
from capalloc.schema.facility import Facility
from tests.exports.netbox.memory import Memory
from tests.imports.nautobot.server import TOKEN, Fake, serving
from tests.netbox_live.record import recorded
from tests.netbox_live.site import ROW

pytest.importorskip("requests", reason="the client of running servers is not installed: capalloc[netbox]")


@pytest.fixture(scope="module")
def facility() -> Facility:
    tally = Tally()
    with serving(Fake(recorded())) as fake:
        inventory = read_netbox(Server(NETBOX, fake.address, TOKEN, tries=2, pause_s=0.0), (), lambda _: False)
    found = scenario_of(inventory, MappingFile(), tally).facility
    assert tally.missing() == ()
    return found


def test_every_rack_is_a_position_with_two_feeds_and_a_rack_of_its_type(facility: Facility) -> None:
    assert Counter(position.hall for position in facility.positions) == {"Hall 1": ROW, "Hall 2": ROW}
    assert all(position.feed_b is not None for position in facility.positions)
    assert Counter(rack.rack_type for rack in facility.racks) == {"hgx-h100": ROW, "gb200-nvl72": ROW}


def test_custom_fields_of_panels_make_the_forest(facility: Facility) -> None:
    nodes = {node.name: node for node in facility.power}
    assert {node.name for node in facility.power if node.contingency} == {
        f"UPS-{name}" for name in ("A1", "B1", "A2", "B2", "C1", "C2", "C3", "C4")
    }
    above = [nodes["1-01-01-A"].parent, nodes["1-01-A1"].parent, nodes["UPS-A1"].parent, nodes["Grid"].parent]
    assert above == ["1-01-A1", "UPS-A1", "Grid", None]
    # 415 V x 160 A x 1.73205 = 115,008 VA, of which 80 % may be used.
    assert (nodes["1-01-01-A"].rated_kw, nodes["1-01-01-A"].max_utilization) == (115.008, 0.8)


def test_tenants_of_a_plan_that_was_exported_give_nobody_a_rack(facility: Facility) -> None:
    assert {rack["tenant"]["name"] for rack in recorded()["racks"] if rack["tenant"]} == {"Anthropic"}
    assert {rack.tenant for rack in facility.racks} == {None}


def test_an_export_finds_each_rack_and_what_a_plan_wrote(facility: Facility) -> None:
    answers = recorded()
    memory = Memory(answers["racks"])
    memory.tables |= {"dcim/sites": answers["sites"], "dcim/rack-reservations": answers["rack-reservations"]}
    found = find(memory, facility)
    assert found.missing == ()
    assert {position: rack["name"] for position, rack in found.racks.items()} == {
        position.name: position.name for position in facility.positions
    }
    written = sum(len(found.of_plans(rack)) for rack in found.racks.values())
    assert written == len(answers["rack-reservations"]) > 0
