"""Commands as whole processes: wall seconds, peak memory, what they printed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
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


def run_python(*arguments: str, time_limit: float | None = None) -> Ended:
    """Run ``python`` with these arguments from the checkout; killed after ``time_limit`` seconds."""
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        begun = time.perf_counter()
        child = subprocess.Popen(
            [sys.executable, *arguments], stdout=out, stderr=err, cwd=ROOT, env={**os.environ, "PYTHONPATH": _path()}
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


def capalloc(*arguments: str) -> Ended:
    """Run the command line of this checkout."""
    return run_python("-m", "capalloc", *arguments)


def _path() -> str:
    """This checkout before whatever is installed, so that a benchmark measures the source beside it."""
    return os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))


def _ended(pid: int, until: float | None) -> tuple[int, object, bool]:
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
