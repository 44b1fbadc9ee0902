"""Answers of a running NetBox."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from capalloc.errors import ScenarioError
from capalloc.imports.inventory.convert import scenario_of
from capalloc.imports.inventory.mapping import MappingFile
from capalloc.imports.inventory.records import Inventory
from capalloc.imports.inventory.standing import needs_devices
from capalloc.imports.missing import Tally, missing_lines
from capalloc.imports.netbox.cabled import devices_behind
from capalloc.imports.netbox.live import NETBOX, WITHOUT_CONTRACTS, read_netbox
from capalloc.imports.netbox.reading import inventory_of
from capalloc.imports.netbox.tables import read_tables
from capalloc.imports.rest.objects import Object
from capalloc.imports.rest.server import Client, Parameters, Server
from capalloc.schema.facility import Facility
from tests.imports.nautobot.server import TOKEN, Fake, serving
from tests.imports.netbox.answers import small_site

pytest.importorskip("requests", reason="the client of running servers is not installed: capalloc[netbox]")


@pytest.fixture
def fake() -> Iterator[Fake]:
    with serving(Fake(small_site())) as found:
        yield found


def read(fake: Fake, *sites: str) -> Inventory:
    mapping = MappingFile()
    server = Server(NETBOX, fake.address, TOKEN, tries=2, pause_s=0.0)
    return read_netbox(server, sites, lambda inventory: needs_devices(inventory, mapping))


def without_labels(inventory: Inventory) -> Facility:
    tally = Tally()
    facility = scenario_of(inventory, MappingFile(), tally).facility
    assert tally.missing() == ()
    return facility.replace(positions=tuple(one.replace(labels={}) for one in facility.positions))


def test_a_server_gives_the_same_tables_as_files(fake: Fake) -> None:
    files = read_tables(Path(__file__).parent / "fields", Tally())
    assert without_labels(read(fake)) == without_labels(files)


def test_positions_know_their_numbers_in_netbox(fake: Fake) -> None:
    facility = scenario_of(read(fake), MappingFile(), Tally()).facility
    assert facility.positions[0].labels == {"site": "Dallas", "location": "Row 1", "netbox_id": "11", "u_height": "48"}


def test_units_are_kept_and_a_limit_of_weight_is_counted(fake: Fake) -> None:
    fake.objects["racks"][0] |= {"starting_unit": 5, "max_weight": 1500, "weight_unit": {"value": "kg"}}
    tally = Tally()
    facility = scenario_of(read(fake), MappingFile(), tally).facility
    assert facility.positions[0].labels.items() >= {"u_height": "48", "starting_unit": "5"}.items()
    assert [line.partition(";")[0] for line in missing_lines(tally.missing())] == [
        "1 rack with a limit of weight: http://netbox.example/dcim/racks/11/ (1500 kg)"
    ]


def test_only_fields_that_are_used_are_asked_for_and_devices_only_where_needed(fake: Fake) -> None:
    read(fake)
    paths = [urlsplit(path) for path in fake.asked if path.startswith("/api/dcim/")]
    assert all(parse_qs(path.query)["fields"][0].startswith("id,url,display_url,name") for path in paths)
    assert not {"devices", "power-ports"} & {path.path.split("/")[3] for path in paths}
    fake.objects["racks"][0]["custom_fields"] = {}
    read(fake)
    assert {"devices", "power-ports"} <= {urlsplit(path).path.split("/")[3] for path in fake.asked}


def test_a_feed_that_names_no_rack_goes_to_the_one_it_is_cabled_into(fake: Fake) -> None:
    expected = without_labels(read(fake))
    first, second = fake.objects["power-feeds"][:2]
    first |= {"rack": None, "connected_endpoints": [{"id": 9, "device": {"id": 5, "name": "pdu"}}]}
    fake.objects["devices"] = [{"id": 5, "name": "pdu", "device_type": {"slug": "pdu"}, "rack": {"id": 11}}]
    assert without_labels(read(fake)) == expected
    asked = next(path for path in fake.asked if "connected_endpoints" in path)
    assert parse_qs(urlsplit(asked).query)["id"] == [str(first["id"])]
    second |= {"rack": None, "connected_endpoints": None}
    assert [feed.rack for feed in read(fake).feeds[:2]] == ["11", None]


def test_feeds_that_name_no_rack_are_asked_about_a_hundred_at_a_time() -> None:
    asked: list[int] = []

    class Counting(Client):
        """Every feed leads to a device of its own number."""

        def objects(self, endpoint: str, more: Parameters | None = None) -> list[Object]:
            numbers = (more or {})["id"]
            asked.append(len(numbers))
            return [{"id": one, "connected_endpoints": [{"device": {"id": one}}]} for one in numbers]

    feeds = [str(number) for number in range(1, 251)]
    with Counting(Server(NETBOX, "http://netbox.test", TOKEN)) as client:
        assert devices_behind(client, feeds) == dict(zip(feeds, feeds, strict=True))
    assert asked == [100, 100, 50]


def test_objects_are_asked_for_in_an_order_that_pages_keep(fake: Fake) -> None:
    read(fake)
    assert all("ordering=id" in path for path in fake.asked)


def test_an_older_netbox_has_no_rack_types_in_a_list_of_their_own(fake: Fake) -> None:
    fake.absent = {"rack-types"}
    assert read(fake).rack_models == ()


def test_a_device_is_named_by_its_slug_and_draws_what_its_ports_say_together(fake: Fake) -> None:
    for rack in fake.objects["racks"]:
        rack["custom_fields"] = {}
    kind = {"id": 1, "model": "HGX H100", "slug": "hgx-h100-8"}
    device = {"id": 1, "name": "n1", "device_type": kind, "rack": {"id": 12}, "custom_fields": {}}
    fake.objects["devices"] = [device, {**device, "id": 2, "device_type": {"id": 2, "model": "Old"}}]
    fake.objects["power-ports"] = [
        {"id": port, "name": f"PS{port}", "device": {"id": 1}, "maximum_draw": 1500, "allocated_draw": 900}
        for port in (1, 2)
    ]
    one, two = read(fake).devices
    assert (one.model, one.maximum_w, one.allocated_w) == ("hgx-h100-8", 3000.0, 1800.0)
    assert (two.model, two.maximum_w) == ("Old", None)


def test_an_older_netbox_has_no_cooling(fake: Fake) -> None:
    fake.absent = {"cooling-sources", "cooling-feeds", "rack-types"}
    assert read(fake).cooling_sources == ()
    fake.absent = {"racks"}
    with pytest.raises(ScenarioError, match=r"/racks/: is not there \(404\); expected the address of a NetBox 4.2"):
        read(fake)


@pytest.mark.parametrize("name", ["Dallas", "dal"])
def test_a_site_is_asked_for_by_name_or_slug(name: str, fake: Fake) -> None:
    read(fake, name)
    assert "site_id=1" in next(path for path in fake.asked if "/racks/" in path)


def test_a_password_in_the_address_is_not_shown(fake: Fake) -> None:
    server = Server(NETBOX, fake.address.replace("//", "//me:my-secret@"), TOKEN)
    with pytest.raises(ScenarioError, match="has no site") as caught:
        read_netbox(server, ["Berlin"], lambda _: False)
    assert "my-secret" not in str(caught.value)


def test_a_site_that_is_not_there_is_refused_with_those_that_are(fake: Fake) -> None:
    with pytest.raises(ScenarioError, match="has no site 'Dalas'; it has Dallas"):
        read(fake, "Dalas")


def test_half_an_answer_is_asked_for_again_and_then_refused(fake: Fake) -> None:
    fake.fail = [0]
    assert read(fake) == inventory_of(small_site())
    fake.fail = [0] * 9
    with pytest.raises(ScenarioError, match="is not whole JSON"):
        read(fake)


@pytest.mark.parametrize(("token", "said"), [("", "needs a token: set NETBOX_TOKEN"), ("my secret", "is no token")])
def test_a_token_is_needed_and_never_shown(token: str, said: str, fake: Fake) -> None:
    with pytest.raises(ScenarioError, match=said) as caught:
        read_netbox(Server(NETBOX, fake.address, token), (), lambda _: False)
    assert "secret" not in str(caught.value)
    assert fake.asked == []


def test_contracts_are_asked_for_where_they_are_wanted(fake: Fake) -> None:
    fake.objects["contracts"] = [{"id": 3, "name": "MSA 12", "tenant": {"id": 1, "name": "Acme"}, "mrc": "9.5"}]
    (one,) = read(fake).agreements
    assert (one.name, one.tenant, one.monthly_charge, one.lines) == ("MSA 12", "Acme", 9.5, ())
    fake.asked.clear()
    unasked = read_netbox(Server(WITHOUT_CONTRACTS, fake.address, TOKEN), (), lambda _: False)
    assert unasked.agreements == ()
    assert not [path for path in fake.asked if "/plugins/" in path]


def test_a_login_of_netrc_is_not_sent_in_place_of_the_token(
    fake: Fake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password something\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(netrc))
    assert read(fake).racks
