"""Kernels are compiled once for an installation, kept on disk where there is a place, and that is said once."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import capalloc
from capalloc import kernels as compiled

Run = Callable[..., subprocess.CompletedProcess[str]]
KEPT = "capalloc: compiling kernels on their first use; they are kept for later\n"
AGAIN = "capalloc: compiling kernels on their first use; no folder for them can be written, so this comes again\n"
CALL = """
from capalloc.placement.core.load import fitting, loaded
import numpy as np
print(loaded(3, 0.5), fitting(np.zeros(64, dtype=np.int64), np.zeros(64), 8, 1, 1))
"""
"""Two kernels: 1.5 mW are 2 whole ones, and nothing fits where there is no position."""
ANSWER = "2 0\n"
NOWHERE = "import capalloc.kernels as compiled\ncompiled._writable = lambda folder: False\n"


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run code in a fresh interpreter that keeps kernels in an empty folder."""
    paths = {"PYTHONPATH": str(Path(capalloc.__file__).parents[1]), "NUMBA_CACHE_DIR": str(tmp_path / "kept")}

    def call(code: str) -> subprocess.CompletedProcess[str]:
        ended = subprocess.run(
            [sys.executable, "-c", code], text=True, capture_output=True, env={**os.environ, **paths}, check=False
        )
        assert ended.returncode == 0, ended.stderr
        return ended

    return call


def files(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


def test_a_second_process_finds_what_the_first_has_compiled(run: Run, tmp_path: Path) -> None:
    first = run(CALL)
    assert (first.stdout, first.stderr) == (ANSWER, KEPT)
    before = files(tmp_path / "kept")
    assert {name.split("-")[0] for name in before} >= {"load.fitting", "load.loaded"}
    second = run(CALL)
    assert (second.stdout, second.stderr) == (ANSWER, "")
    assert files(tmp_path / "kept") == before


def test_where_nothing_can_be_written_kernels_work_all_the_same(run: Run, tmp_path: Path) -> None:
    ended = run(NOWHERE + CALL)
    assert (ended.stdout, ended.stderr) == (ANSWER, AGAIN)
    assert not (tmp_path / "kept").exists()


def test_without_a_stderr_nothing_is_said(run: Run) -> None:
    ended = run(f"import sys\nsys.stderr = None\n{NOWHERE}{CALL}")
    assert (ended.stdout, ended.stderr) == (ANSWER, "")


def test_settings_of_the_compiler_are_as_they_were(run: Run) -> None:
    settings = "from numba.core import config\nprint(config.OPT, config.CACHE_DIR)\n"
    lines = run(f"{settings}{NOWHERE}{CALL}{settings}").stdout.splitlines()
    assert lines[0] == lines[-1]


def test_the_first_place_that_can_be_written_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = Path(compiled.__file__).parent
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "numba"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "own"))
    places = [tmp_path / "numba", package / "__pycache__", tmp_path / "own"]
    for number, place in enumerate(places):
        closed = set(places[:number])
        monkeypatch.setattr(compiled, "_writable", lambda folder, closed=closed: folder.parent not in closed)
        folder = compiled._folder.__wrapped__()
        assert folder is not None
        assert folder.parent == place
    monkeypatch.setattr(compiled, "_writable", lambda folder: False)
    assert compiled._folder.__wrapped__() is None


def test_a_file_in_place_of_a_folder_is_no_place(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert not compiled._writable(tmp_path / "file")
    assert not compiled._writable(tmp_path / "file" / "below")
    assert compiled._writable(tmp_path / "new" / "below")
    assert list((tmp_path / "new" / "below").iterdir()) == []


def test_machine_code_that_was_cut_off_is_compiled_anew(run: Run, tmp_path: Path) -> None:
    run(CALL)
    for ending in ("nbi", "nbc"):
        for path in (tmp_path / "kept").rglob(f"*.{ending}"):
            path.write_bytes(path.read_bytes()[:20])
        ended = run(CALL)
        assert ended.stdout == ANSWER
        assert "capalloc: machine code that was kept cannot be read (" in ended.stderr
        assert run(CALL).stderr == ""


def test_a_full_disk_keeps_no_machine_code_and_no_answer_back(run: Run) -> None:
    full = """
import errno, numba.core.caching as caching
def save(self, key, data): raise OSError(errno.ENOSPC, "No space left on device")
caching.IndexDataCacheFile.save = save
"""
    ended = run(full + CALL)
    assert ended.stdout == ANSWER
    assert ended.stderr.count("machine code of kernels cannot be kept (No space left on device)") == 1


def test_a_user_without_a_home_is_served(run: Run) -> None:
    nowhere = "from pathlib import Path\ndef home(): raise RuntimeError\nPath.home = home\n"
    unset = "import os\nos.environ.pop('NUMBA_CACHE_DIR', None)\n"
    ended = run(f"{nowhere}{unset}{NOWHERE}{CALL}")
    assert (ended.stdout, ended.stderr) == (ANSWER, AGAIN)
