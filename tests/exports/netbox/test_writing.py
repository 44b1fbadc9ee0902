"""Changes go to NetBox in requests that it takes, and into branches that are ready."""

from __future__ import annotations

from typing import Any

import pytest

from capalloc.errors import ScenarioError
from capalloc.exports.netbox.branches import branch_named, made_branch
from capalloc.exports.netbox.difference import Change
from capalloc.exports.netbox.remote import server_at
from capalloc.exports.netbox.writing import write
from tests.exports.netbox.memory import Memory
from tests.imports.nautobot.server import TOKEN, Fake, serving

BRANCHES = "plugins/branching/branches"


def change(number: int) -> Change:
    return Change("create", "dcim/sites", f"site {number}", {"name": f"site {number}"}, {})


def test_no_request_has_more_than_a_hundred_objects_and_progress_is_told_after_each() -> None:
    memory, told = Memory([]), list[tuple[int, int]]()
    write(memory, [change(number) for number in range(250)], lambda done, of: told.append((done, of)))
    assert [count for _, _, count in memory.sent] == [100, 100, 50]
    assert told == [(100, 250), (200, 250), (250, 250)]


@pytest.mark.parametrize("status", ["merged", "archived", "provisioning", "failed"])
def test_a_branch_that_takes_no_changes_is_refused(status: str) -> None:
    pytest.importorskip("requests", reason="the client of running servers is not installed: capalloc[netbox]")
    rows = [{"id": 1, "name": "plan", "schema_id": "x", "status": {"value": status}}]
    with serving(Fake({"branches": rows})) as fake:
        server = server_at(fake.address, TOKEN)
        with pytest.raises(ScenarioError, match=f"the branch plan is {status}, expected ready"):
            branch_named(server, "plan")
        rows[0]["status"] = {"value": "ready"}
        assert branch_named(server, "plan") == rows[0]


class Making:
    """A NetBox that makes a branch, which has these statuses one after the other."""

    url = "http://netbox.test"

    def __init__(self, *statuses: str) -> None:
        self._statuses = iter(statuses)

    def rows(self, endpoint: str, **asked: str | int) -> list[dict[str, Any]]:
        raise AssertionError(endpoint)

    def send(self, method: str, endpoint: str, sent: Any) -> dict[str, Any]:
        assert (method, endpoint, sent["name"]) == ("POST", BRANCHES, "plan")
        return self._row()

    def one(self, endpoint: str) -> dict[str, Any]:
        assert endpoint == f"{BRANCHES}/5"
        return self._row()

    def _row(self) -> dict[str, Any]:
        return {"id": 5, "status": {"value": next(self._statuses)}}


def test_a_branch_is_waited_for_until_it_is_ready() -> None:
    pauses: list[float] = []
    row = made_branch(Making("new", "provisioning", "ready"), "plan", pauses.append)
    assert (row["status"]["value"], len(pauses)) == ("ready", 2)


def test_a_branch_that_fails_is_not_waited_for() -> None:
    with pytest.raises(ScenarioError, match="is failed and not ready; are its background workers running"):
        made_branch(Making("new", "failed"), "plan", lambda _: None)
