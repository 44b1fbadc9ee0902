"""Too little memory: one sentence with how much it takes, and never a library that is blamed."""

from __future__ import annotations

import errno
import resource
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NoReturn

import pytest

from capalloc.cli.exits import faults
from capalloc.errors import InternalError, PlanFileError, Problem, ScenarioError, TooLittleMemoryError
from capalloc.memory import memory_for, needed_mb, want_of_memory
from capalloc.runner.processes import Processes
from tests.cli.interrupts import ENVIRONMENT, EXAMPLES

TINY, SITE = EXAMPLES / "tiny.yaml", EXAMPLES / "placement"
COMMANDS = {
    "plan": ["plan", TINY],
    "exact": ["plan", TINY, "--exact"],
    "place": ["place", SITE, SITE / "requests.csv"],
    "explain": ["explain", TINY],
}


@pytest.mark.parametrize("limit_mb", [200, 350, 500])
@pytest.mark.parametrize("command", COMMANDS)
def test_a_limit_on_memory_is_told_in_one_sentence(command: str, limit_mb: int, tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "capalloc", *(str(word) for word in COMMANDS[command]), "-q"],
        capture_output=True,
        text=True,
        check=False,
        env=ENVIRONMENT,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit_mb * 1_000_000,) * 2),
    )
    assert ended.returncode == 2, ended.stderr
    assert ended.stderr.startswith("capalloc: too little memory: this takes about 550 MB")
    assert ended.stderr.endswith(f" {limit_mb} (ulimit -v)\n")
    assert len(ended.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    "said",
    [
        MemoryError("std::bad_alloc"),
        ImportError("libortools.so.9: failed to map segment from shared object"),
        OSError(12, "Cannot allocate memory"),
        RuntimeError("HiGHS: out of memory"),
    ],
    ids=str,
)
def test_what_a_library_says_is_told_with_what_the_work_takes(
    said: Exception, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended, faults(), memory_for(needed_mb(100_000, 8, 12)):
        raise ValueError("of no use") from said
    assert ended.value.code == 2
    # 550 MB, 7 kB for each of 100,000 racks, and 10 B for each of 9.6 million cells
    assert capsys.readouterr().err == (
        "capalloc: too little memory: this takes about 1,346 MB, and the system has given no more\n"
    )


def test_a_limit_on_threads_is_none_on_memory() -> None:
    found = want_of_memory(RuntimeError("can't start new thread"))
    assert found is not None
    assert "no more threads can be started" in str(found)


def test_other_faults_are_no_want_of_memory() -> None:
    assert want_of_memory(RuntimeError("the solver ended")) is None
    with pytest.raises(RuntimeError, match="the solver ended"), memory_for(1.0):
        raise RuntimeError("the solver ended")


@pytest.mark.parametrize(
    "said",
    [
        ScenarioError([Problem("site.yaml", 3, "contracts.0.name", "'out of memory' is no name")]),
        InternalError("the plan of 'cannot allocate memory' was rejected"),
        PlanFileError("can't start new thread.json: no plan"),
        BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable"),
    ],
    ids=str,
)
def test_what_is_said_on_purpose_and_a_file_that_is_not_ready_are_passed_on(said: Exception) -> None:
    assert want_of_memory(said) is None
    with pytest.raises(type(said)) as raised, memory_for(1.0):
        raise said
    assert raised.value is said


def test_what_is_said_on_purpose_is_not_judged_by_what_it_came_of() -> None:
    with pytest.raises(ScenarioError), memory_for(1.0):
        raise ScenarioError([Problem("site.yaml", 3, "", "no text")]) from OSError("out of memory")


def _nothing(*_: object) -> None:
    """A function over cases."""


def test_a_limit_on_processes_is_told_as_one_on_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> NoReturn:
        raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")

    monkeypatch.setattr(ProcessPoolExecutor, "submit", refused)
    with pytest.raises(RuntimeError) as raised, Processes(1).open(_nothing, None) as pool:
        pool.submit(0)
    found = want_of_memory(raised.value)
    assert found is not None
    assert "no more threads can be started" in str(found)


def test_it_is_a_memory_error_too() -> None:
    assert issubclass(TooLittleMemoryError, MemoryError)
