"""Files written whole or not at all, and what a process leaves that is killed."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import threading
from importlib import import_module
from pathlib import Path

import pytest

import capalloc
from capalloc.cli import signals
from capalloc.formats import write_atomically
from capalloc.formats.atomic import write_together

KILLED = """
import os, signal, sys
from pathlib import Path
from capalloc.formats import write_atomically
os.fsync = lambda handle: os.kill(os.getpid(), signal.SIGKILL)
write_atomically(Path(sys.argv[1]), "after")
"""


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_what_a_killed_process_leaves_is_gone_after_the_next_write(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_text("before")
    ended = subprocess.run(
        [sys.executable, "-c", KILLED, path],
        check=False,
        env=os.environ | {"PYTHONPATH": str(Path(capalloc.__file__).parents[1])},
    )
    assert ended.returncode == -signal.SIGKILL
    assert path.read_text() == "before"
    assert len(names(tmp_path)) == 2
    (tmp_path / ".plan.json.notes.part").write_text("of somebody else")
    write_atomically(path, "later")
    assert (path.read_text(), names(tmp_path)) == ("later", [".plan.json.notes.part", "plan.json"])


def test_a_disk_that_is_full_at_the_second_file_leaves_the_folder_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``expand`` left half a folder."""
    (tmp_path / "one").write_text("before")
    sync, asked = os.fsync, iter((False, True))

    def full(handle: int) -> None:
        if next(asked):
            raise OSError(errno.ENOSPC, "No space left on device")
        sync(handle)

    monkeypatch.setattr("capalloc.formats.atomic.os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_together({tmp_path / name: "after" for name in ("one", "two")})
    assert (names(tmp_path), (tmp_path / "one").read_text()) == (["one"], "before")


def test_several_at_work_on_one_target_leave_each_other_alone(tmp_path: Path) -> None:
    path, faults = tmp_path / "plan.json", list[BaseException]()

    def work(number: int) -> None:
        try:
            for _ in range(40):
                write_together({path: str(number) * 10_000, tmp_path / f"{number}": "x"})
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert len(set(path.read_text())) == 1
    assert names(tmp_path) == ["0", "1", "2", "3", "plan.json"]


def test_functions_that_an_interrupt_does_not_cut_short_are_there() -> None:
    for module, function in signals._WHOLE:
        assert callable(getattr(import_module(module), function))
