"""A NetBox that refuses, breaks off or is none: a sentence each, and never the token in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from capalloc.errors import ScenarioError
from capalloc.exports.netbox.branches import branch_named
from capalloc.exports.netbox.remote import Server, server_at
from tests.imports.nautobot.server import TOKEN, Fake, serving

pytest.importorskip("requests", reason="the client of running servers is not installed: capalloc[netbox]")


@pytest.fixture
def fake() -> Iterator[Fake]:
    with serving(Fake({"tenants": [{"id": 1, "name": "Acme", "slug": "acme"}]})) as found:
        yield found


def at(address: str, token: str = TOKEN) -> Server:
    return server_at(address, token)


def test_rows_of_all_pages_are_read_and_an_empty_page_is_the_last(fake: Fake) -> None:
    fake.page_size = 1
    fake.objects["tenants"].append({"id": 2, "name": "Initech", "slug": "initech"})
    rows = at(fake.address).rows("tenancy/tenants")
    assert [row["name"] for row in rows] == ["Acme", "Initech"]


@pytest.mark.parametrize("token", ["wrong", "nbt_wrong.token"])
def test_a_wrong_token_is_refused_and_not_told(fake: Fake, token: str) -> None:
    with pytest.raises(ScenarioError, match=r"refuses the token \(403\): detail: Invalid token; see NETBOX_TOKEN") as e:
        at(fake.address, token).rows("tenancy/tenants")
    assert token not in str(e.value)
    assert token not in repr(at(fake.address, token))


@pytest.mark.parametrize("status", [401, 403])
def test_both_answers_to_a_token_that_does_not_do_are_said(fake: Fake, status: int) -> None:
    fake.fail = [status]
    with pytest.raises(ScenarioError, match=rf"refuses the token \({status}\).*see NETBOX_TOKEN"):
        at(fake.address).rows("tenancy/tenants")


def test_half_an_answer_is_no_answer(fake: Fake) -> None:
    fake.fail = [0]
    with pytest.raises(ScenarioError, match="is not whole JSON"):
        at(fake.address).rows("tenancy/tenants")


def test_an_address_without_a_netbox_is_said(fake: Fake) -> None:
    fake.absent = {"tenants"}
    with pytest.raises(ScenarioError, match="answers 404"):
        at(fake.address).rows("tenancy/tenants")


def test_a_netbox_without_the_plugin_has_no_branches(fake: Fake) -> None:
    fake.absent = {"branches"}
    with pytest.raises(ScenarioError, match="--branch: this NetBox has no branches"):
        branch_named(at(fake.address), "plan")


@pytest.mark.parametrize("address", ["netbox.example.org", "ftp://netbox.example.org", "https://", ""])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(ScenarioError, match="expected the address of a NetBox"):
        at(address)


def test_a_name_and_password_in_the_address_are_not_kept() -> None:
    assert at("https://me:secret@netbox.example.org/api/").url == "https://netbox.example.org"
    with pytest.raises(ScenarioError) as e:
        at("ftp://me:secret@netbox.example.org")
    assert "secret" not in str(e.value)


@pytest.mark.parametrize("token", ["", "two words", "nbt_a\nb"])
def test_without_a_token_nobody_is_asked(token: str) -> None:
    with pytest.raises(ScenarioError, match="NETBOX_TOKEN"):
        at("https://netbox.example.org", token)
