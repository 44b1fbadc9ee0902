"""Ctrl-C and SIGTERM while a command is all that the process does: heard from the first line to the last."""

from __future__ import annotations

import signal
import threading
from types import FrameType

ENDING = (signal.SIGINT, signal.SIGTERM)
"""Signals that ask a command to end: of a terminal, and of systems that run it (systemd, Docker, Kubernetes)."""
_AGAIN_S = 0.05
"""Seconds after which an import has perhaps ended."""
_heard = threading.Event()
ending = False
"""Set, by a plain assignment that no signal comes between, once the process ends: signals are then too late."""


def hear_all() -> None:
    """Raise KeyboardInterrupt at both signals, unless whoever started the process has them ignored."""
    for number, usual in ((signal.SIGINT, signal.default_int_handler), (signal.SIGTERM, signal.SIG_DFL)):
        if signal.getsignal(number) == usual:
            signal.signal(number, interrupt)


def interrupt(number: int, frame: FrameType | None) -> None:
    """Raise KeyboardInterrupt, and know of it; while a module is being imported, a moment later.

    An extension that is being loaded would print a traceback of its own, or make another fault of it.
    """
    if ending:
        return
    _heard.set()
    if _importing(frame):
        again = threading.Timer(_AGAIN_S, signal.raise_signal, [number])
        again.daemon = True
        again.start()
        return
    raise KeyboardInterrupt


def _importing(frame: FrameType | None) -> bool:
    while frame is not None:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return True
        frame = frame.f_back
    return False


def was_interrupted() -> bool:
    """Whether one of the signals was raised and has not been answered."""
    return _heard.is_set()


def answered() -> None:
    """The user has been told."""
    _heard.clear()


def hear_none() -> None:
    """Let the process end as it is about to."""
    for number in ENDING:
        signal.signal(number, signal.SIG_IGN)
