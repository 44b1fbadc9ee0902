"""Functions that workers of the tests are given."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from capalloc.cancel import CancelToken

FAILS, KILLS, SLEEPS = "fails", "kills", "sleeps"


def times(shared: int, case: object, cancel: CancelToken) -> int:
    """The product, or whatever else the case says."""
    if case == FAILS:
        raise ValueError("seven is too many")
    if case == KILLS:
        os.kill(os.getpid(), signal.SIGKILL)
    if case == SLEEPS:
        time.sleep(60)
    return shared * int(str(case))


def kills_once(marker: Path, case: int, cancel: CancelToken) -> int:
    """Case 3 ends its worker the first time."""
    if case == 3 and not marker.exists():
        marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return case


def waits(shared: Path, case: int, cancel: CancelToken) -> int:
    """Say which process is at work; all but case 0 wait until the token is set, or for a minute."""
    (shared / f"{case}.pid").write_text(str(os.getpid()))
    for _ in range(600 if case else 0):
        if cancel.cancelled:
            break
        time.sleep(0.1)
    return case


def slow(seconds: float, case: int, cancel: CancelToken) -> int:
    """The case, after some seconds."""
    time.sleep(seconds)
    return case
