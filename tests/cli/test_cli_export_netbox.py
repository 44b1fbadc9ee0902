"""``capalloc export netbox`` says what to give where something is missing, and leaves no traceback."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.commands import Run


@pytest.fixture(autouse=True)
def no_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NETBOX_TOKEN", raising=False)


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("--yes",),
        ("-o", "files", "--yes"),
        ("-o", "files", "--branch", "b"),
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
