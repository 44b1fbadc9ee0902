"""Ctrl-C after a command has written: what it says of files is true of them."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from capalloc.cli import signals
from capalloc.cli.exits import faults
from capalloc.formats import load_scenario, save_plan, write_atomically, write_together
from capalloc.solve import solve
from tests.cli.commands import Run

ROOT = Path(__file__).parents[2]
TINY, SITE = ROOT / "examples" / "tiny.yaml", ROOT / "examples" / "placement"


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("planned") / "plan.json"
    plan = solve(load_scenario(TINY)).plan
    assert plan is not None
    save_plan(plan, path)
    return path


def interrupt(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    "arguments",
    [
        ("plan", TINY, "-q", "-o", "out"),
        ("place", SITE, SITE / "requests.csv", "-q", "--time-limit", 0, "-o", "out"),
        ("diff", "PLAN", "PLAN", "-q", "-o", "out"),
        ("impact", TINY, "PLAN", "ups1", "-q", "--csv", "out"),
        ("revenue", TINY, "PLAN", "-q", "--csv", "out"),
    ],
    ids=lambda given: given[0],
)
def test_a_file_that_was_written_is_named(
    run: Run,
    planned: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[object, ...],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("capalloc.report.terminal.show", interrupt)
    ended = run(*(planned if word == "PLAN" else word for word in arguments))
    assert ended.code == 130
    assert Path("out").stat().st_size > 0
    assert ended.err.splitlines()[-1] == ("capalloc: interrupted; written already: out; every other file is as it was")


@pytest.mark.parametrize("arguments", [("expand", TINY), ("generate", "--racks", 20)], ids=lambda given: given[0])
def test_of_a_folder_the_first_files_are_named_and_the_rest_counted(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[object, ...]
) -> None:
    monkeypatch.setattr("typer.echo", interrupt)
    ended = run(*arguments, "-o", tmp_path / "tables")
    assert ended.code == 130
    files = sorted((tmp_path / "tables").iterdir())
    assert sum(f"{path}, " in ended.err for path in files) == 3
    assert f", {len(files) - 3} more; every other file is as it was" in ended.err


def test_cases_that_are_kept_are_named(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("capalloc.report.terminal.show", interrupt)
    ended = run("whatif", TINY, "fee:lease:x0.9", "-q", "-o", tmp_path / "cases")
    assert ended.code == 130
    assert "interrupted; written already: " in ended.err
    for path in (tmp_path / "cases").iterdir():
        assert str(path) in ended.err


@pytest.mark.parametrize("moment", ["capalloc.formats.atomic.os.replace", "capalloc.formats.atomic.os.fsync"])
@pytest.mark.parametrize("after", [True, False])
def test_what_is_said_is_true_whenever_it_comes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], moment: str, after: bool
) -> None:
    call: Callable[..., None] = getattr(os, moment.rpartition(".")[2])
    path = tmp_path / "out"
    path.write_text("before", encoding="utf-8")

    def cut_short(*given: object) -> None:
        if after:
            call(*given)
        raise KeyboardInterrupt

    monkeypatch.setattr(moment, cut_short)
    with pytest.raises(SystemExit), faults():
        write_atomically(path, "after")
    written = path.read_text(encoding="utf-8") == "after"
    assert written == (f"written already: {path};" in capsys.readouterr().err)
    assert [one.name for one in tmp_path.iterdir()] == ["out"]


def test_what_is_said_is_true_where_the_signal_comes_between_rename_and_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A signal, unlike an exception, is put off until the word is given; then the command ends by it."""
    rename = os.replace

    def signalled(*given: str) -> None:
        rename(*given)
        signal.raise_signal(signal.SIGINT)

    def write_and_wait() -> None:
        with faults():
            write_together({tmp_path / name: "after" for name in ("one", "two")})
            for _ in range(6000):  # the signal is raised by a thread: what sleeps here does not wake for it
                time.sleep(0.01)

    before = signal.signal(signal.SIGINT, signals.interrupt)
    monkeypatch.setattr("capalloc.formats.atomic.os.replace", signalled)
    try:
        with pytest.raises(SystemExit) as ended:
            write_and_wait()
    finally:
        signal.signal(signal.SIGINT, before)
    assert ended.value.code == 130
    assert f"written already: {tmp_path / 'one'}, {tmp_path / 'two'};" in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one", "two"]
