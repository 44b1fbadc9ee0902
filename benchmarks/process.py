"""Commands as whole processes: wall seconds, peak memory, what they printed or answered."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from resource import struct_rusage
from typing import Any

from capalloc.errors import TooLargeError

from .home import HOME, PACKAGE

TOO_LARGE = 4
"""Exit code by which a process says that it did not start, since what was asked for is too large."""
_LOOK_S = 0.02
_SIGNALLED = 128


@dataclass(frozen=True, slots=True)
class Ended:
    """A process that has ended."""

    code: int
    """Its exit code; 128 and the signal's number where a signal ended it."""
    seconds: float
    peak_mb: float
    """MiB; never less than what the process held that started it, which is little for the command line."""
    out: str
    err: str
    cut: bool
    """Ended by us when its time was over."""

    @property
    def answer(self) -> Any:
        """What it printed last, read as JSON."""
        return json.loads(self.out.splitlines()[-1])

    @property
    def failure(self) -> str:
        """Why it has no answer, in a few words."""
        if self.cut:
            return "out of time"
        if self.code == TOO_LARGE:
            return "too large"
        last = (self.err.strip().splitlines() or [""])[-1]
        return f"failed ({self.code}): {last[-60:]}"


def run_python(*arguments: str, time_limit: float | None = None, home: Path = HOME) -> Ended:
    """Run ``python`` with these arguments, where it imports what we did; killed after ``time_limit`` seconds.

    Another ``home`` is the folder of another capalloc, which it imports then.
    """
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        begun = time.perf_counter()
        child = subprocess.Popen(
            [sys.executable, *arguments],
            stdout=out,
            stderr=err,
            cwd=home,
            env={**os.environ, "PYTHONPATH": _path(home)},
        )
        try:
            status, usage, cut = _ended(child.pid, None if time_limit is None else begun + time_limit)
        except BaseException:
            child.kill()
            child.wait()
            raise
        seconds = time.perf_counter() - begun
        code = os.waitstatus_to_exitcode(status)
        child.returncode = code
        for file in (out, err):
            file.seek(0)
        peak_mb = usage.ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)
        return Ended(code if code >= 0 else _SIGNALLED - code, seconds, peak_mb, out.read(), err.read(), cut)


def run_module(name: str, *arguments: str, time_limit: float) -> Ended:
    """Run a module of this package, named from it on; its ``main`` ends in ``answering``."""
    return run_python("-m", f"{PACKAGE}.{name}", *arguments, time_limit=time_limit)


def capalloc(*arguments: str, home: Path = HOME) -> Ended:
    """Run the command line, of the capalloc in another folder if that is given."""
    return run_python("-m", "capalloc", *arguments, home=home)


def answering(find: Callable[[], object]) -> int:
    """Print what is found as JSON, which ``Ended.answer`` reads; the exit code, TOO_LARGE where it does not fit."""
    try:
        print(json.dumps(find()))
    except (TooLargeError, MemoryError) as error:
        print(error or "out of memory", file=sys.stderr)
        return TOO_LARGE
    return 0


def _path(home: Path) -> str:
    """That folder before all others, so that a benchmark measures the capalloc that it belongs to."""
    return os.pathsep.join(filter(None, (str(home), os.environ.get("PYTHONPATH"))))


def _ended(pid: int, until: float | None) -> tuple[int, struct_rusage, bool]:
    """Wait status and usage of the process, and whether it had to be killed."""
    cut = False
    while True:
        late = until is not None and time.perf_counter() > until
        if late and not cut:
            os.kill(pid, signal.SIGKILL)
            cut = True
        ended, status, usage = os.wait4(pid, os.WNOHANG if until is not None and not cut else 0)
        if ended:
            return status, usage, cut
        time.sleep(_LOOK_S)
