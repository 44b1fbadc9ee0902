"""``capalloc export netbox`` says what to give where something is missing, and leaves no traceback."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from capalloc.formats import load_scenario
from tests.cli.commands import Ended, Run
from tests.exports.netbox.memory import URL, Memory, racks_of


@pytest.fixture(autouse=True)
def no_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NETBOX_TOKEN", raising=False)


@pytest.fixture
def memory(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> Memory:
    """A NetBox with the racks of tiny.yaml, which answers at any address."""
    found = Memory(racks_of(load_scenario(tiny).facility))
    monkeypatch.setattr("capalloc.exports.netbox.remote.server_at", lambda *_: found)
    return found


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("--yes",),
        ("-o", "files", "--yes"),
        ("-o", "files", "--branch", "b"),
        ("-o", "files", "--take-back"),
        ("-o", "files", "--apply", "http://x"),
    ],
)
def test_files_or_a_running_netbox_but_one_of_them(run: Run, tiny: Path, plan: Path, options: tuple[str, ...]) -> None:
    ended = run("export", "netbox", tiny, plan, *options)
    assert ended.code == 2
    assert "give -o DIR for files that NetBox imports, or --apply URL for a running NetBox" in ended.err


def test_without_a_token_its_variable_is_named(run: Run, tiny: Path, plan: Path) -> None:
    pytest.importorskip("requests")
    ended = run("export", "netbox", tiny, plan, "--apply", "http://127.0.0.1:9")
    assert (ended.code, ended.out) == (2, "")
    assert "NETBOX_TOKEN" in ended.err


def test_a_server_that_is_not_there_is_said_before_anything_is_planned(
    run: Run, tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("requests")
    monkeypatch.setenv("NETBOX_TOKEN", "0123456789")
    monkeypatch.setattr("urllib3.util.retry.Retry.sleep", lambda *_: None)
    ended = run("export", "netbox", tiny, "--apply", "http://127.0.0.1:9")
    assert ended.code == 2
    assert "http://127.0.0.1:9/api/authentication-check/: cannot be reached: Connection refused" in ended.err
    assert "planning" not in ended.err
    assert "0123456789" not in ended.err


def test_a_period_that_is_none_is_refused(run: Run, tiny: Path, plan: Path, tmp_path: Path) -> None:
    ended = run("export", "netbox", tiny, plan, "-o", tmp_path / "files", "--period", "2031-01")
    assert ended.code == 2
    assert "--period" in ended.err
    assert not (tmp_path / "files").exists()


def applied(run: Run, tiny: Path, plan: Path, *options: str) -> Ended:
    return run("export", "netbox", tiny, plan, "--apply", URL, *options)


def test_nothing_is_written_until_it_is_asked_for_and_then_once(
    run: Run, tiny: Path, plan: Path, memory: Memory
) -> None:
    # 6 fields, a tenant, 18 times; the 10 racks in use in May.
    assert applied(run, tiny, plan).err.endswith(
        f"25 to make, 10 to change at {URL}; nothing is written until --yes is given\n"
    )
    assert memory.sent == []
    assert f"25 to make, 10 to change: written to {URL}" in applied(run, tiny, plan, "--yes").err
    assert applied(run, tiny, plan, "--yes").err.endswith(f"{URL} says what the plan says: nothing to write\n")


def test_a_tenant_that_people_changed_is_said_and_taken_back_where_that_is_asked_for(
    run: Run, tiny: Path, plan: Path, memory: Memory
) -> None:
    applied(run, tiny, plan, "--yes")
    memory.tables["tenancy/tenants"].append({"id": 90, "name": "Initech", "slug": "initech"})
    memory.rack("r1-p1")["tenant"] = memory.tables["tenancy/tenants"][-1]
    kept = applied(run, tiny, plan, "--yes")
    assert "whose tenant people changed after a plan" in kept.err
    assert "(none -> Initech)" in kept.err
    assert "--take-back" in kept.err
    listed = json.loads(applied(run, tiny, plan, "--json").out)
    assert (listed["changes"], [one["count"] for one in listed["missing"]]) == ([], [1])
    assert applied(run, tiny, plan, "--take-back").out.startswith("~ rack r1-p1: tenant Initech -> none")
    applied(run, tiny, plan, "--take-back", "--yes")
    assert memory.rack("r1-p1")["tenant"] is None


def test_an_interrupt_says_how_much_is_written(run: Run, tiny: Path, plan: Path, memory: Memory) -> None:
    memory.interrupted = "dcim/rack-reservations"
    ended = applied(run, tiny, plan, "--yes")
    assert ended.code == 130
    assert "7 of 35 changes are written, and perhaps those that were on their way; run again" in ended.err
    memory.interrupted = None
    assert "18 to make, 10 to change: written" in applied(run, tiny, plan, "--yes").err
    assert len(memory.reservations()) == 18
