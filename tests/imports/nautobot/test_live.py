"""Answers of a running Nautobot."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace

import pytest

from capalloc.errors import MissingExtraError, ScenarioError
from capalloc.imports.nautobot.live import ENDPOINTS, NAUTOBOT
from capalloc.imports.nautobot.reading import inventory_of
from capalloc.imports.rest.objects import Answers
from capalloc.imports.rest.server import Server, read_server
from tests.imports.nautobot.server import TOKEN, Fake, serving
from tests.imports.nautobot.site import small_site


@pytest.fixture
def fake() -> Iterator[Fake]:
    with serving(Fake(small_site())) as found:
        yield found


def server(fake: Fake, **more: object) -> Server:
    return replace(Server(NAUTOBOT, fake.address, TOKEN, tries=3, pause_s=0.0), **more)  # type: ignore[arg-type]


def complaint(asked: Server) -> str:
    with pytest.raises(ScenarioError) as caught:
        read_server(asked)
    assert TOKEN not in str(caught.value)
    return str(caught.value)


def test_a_server_gives_the_same_as_its_saved_answers(fake: Fake) -> None:
    assert inventory_of(read_server(server(fake))) == inventory_of(Answers(small_site()))


@pytest.mark.parametrize("address", ["{}", "{}/", "{}/api", "{}/api/"])
def test_the_address_may_be_written_as_people_have_it(address: str, fake: Fake) -> None:
    read_server(server(fake, address=address.format(fake.address)))
    assert fake.asked[0].startswith("/api/dcim/location-types/?limit=1000&offset=0")


def test_pages_are_asked_for_one_by_one_and_told_of(fake: Fake) -> None:
    fake.page_size = 3
    told: list[tuple[str, int, int | None]] = []
    answers = read_server(server(fake), lambda *one: told.append(one))
    assert inventory_of(answers) == inventory_of(Answers(small_site()))
    assert [one for one in told if one[0] == "power-feeds"] == [("power-feeds", n, 12) for n in (3, 6, 9, 12)]
    assert {one[0] for one in told} == set(ENDPOINTS)


@pytest.mark.parametrize("failures", [[503], [502, 429], [0], [0, 0]])
def test_what_fails_in_passing_is_asked_for_again(failures: list[int], fake: Fake) -> None:
    fake.fail = failures
    assert inventory_of(read_server(server(fake))) == inventory_of(Answers(small_site()))


@pytest.mark.parametrize(
    ("failures", "said"),
    [([0] * 9, "is not whole JSON"), ([503] * 9, "answers 503"), ([400], "answers 400 Bad Request, expected 200")],
)
def test_what_keeps_failing_is_refused(failures: list[int], said: str, fake: Fake) -> None:
    fake.fail = failures
    assert said in complaint(server(fake))


def test_a_wrong_token_is_refused_and_not_shown(fake: Fake) -> None:
    said = complaint(server(fake, token="wrong-secret"))
    assert "refuses the token (403); NAUTOBOT_TOKEN must hold one" in said
    assert "wrong-secret" not in said
    assert "wrong-secret" not in repr(server(fake, token="wrong-secret"))


def test_another_kind_of_server_is_named(fake: Fake) -> None:
    assert "is not there (404); expected the address of a Nautobot" in complaint(
        server(fake, address=f"{fake.address}/wiki")
    )


def test_objects_that_change_while_they_are_read_are_told(fake: Fake) -> None:
    fake.page_size = 2
    fake.objects["racks"].append(fake.objects["racks"][0])
    assert "gave one of the racks twice: they changed while they were read; try again" in complaint(server(fake))


def test_a_server_that_ends_too_early_is_told(fake: Fake) -> None:
    fake.objects["racks"] = _Short(fake.objects["racks"])
    assert "gave 4 of 5 racks and then no more" in complaint(server(fake))


class _Short(list[dict[str, object]]):
    """Says that it has one more than it gives."""

    def __len__(self) -> int:
        return super().__len__() + 1


def test_nobody_there_is_said_in_words() -> None:
    with serving(Fake({})) as gone:
        address = gone.address
    said = complaint(Server(NAUTOBOT, address, TOKEN, tries=1, pause_s=0.0))
    assert said.startswith(f"{address}/api/dcim/location-types/: cannot be read: Connection refused")


@pytest.mark.parametrize(
    "address",
    [
        *("nautobot.example", "ftp://nautobot.example", "https://", "", "http://[::1", "https://host:99999"),
        *("http://host:port", "http://user@", "http://:80"),
    ],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    assert "expected the address of a Nautobot" in complaint(Server(NAUTOBOT, address, TOKEN))


def test_a_name_and_password_in_the_address_are_not_shown() -> None:
    said = complaint(Server(NAUTOBOT, "http://user:pass-word@127.0.0.1:9", TOKEN, tries=1, pause_s=0.0))
    assert "pass-word" not in said


def test_without_the_client_the_message_says_what_to_install(fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "requests", None)
    with pytest.raises(
        MissingExtraError, match=r"reading a running Nautobot needs .* pip install 'capalloc\[netbox\]'"
    ):
        read_server(server(fake))
