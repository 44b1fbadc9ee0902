"""Ctrl-C and SIGTERM while a command is all that the process does: heard from the first line to the last."""

from __future__ import annotations

import signal
import sys
import threading
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

ENDING = (signal.SIGINT, signal.SIGTERM)
"""Signals that ask a command to end: of a terminal, and of systems that run it (systemd, Docker, Kubernetes)."""
_AGAIN_S = 0.05
"""Seconds after which what must not be cut short has perhaps ended."""
_WHOLE = {
    ("capalloc.formats.atomic", "_put_in_place"),
    ("capalloc.formats.atomic", "_remove"),
    ("capalloc.cli", "_open_streams"),
}
"""Functions that take a moment and are done to their end: what is told of files is true of them, and can be told."""
_heard = threading.Event()
ending = False
"""Set, by a plain assignment that no signal comes between, once the process ends: signals are then too late."""


def hear_all() -> None:
    """Raise KeyboardInterrupt at both signals, unless whoever started the process has them ignored."""
    for number, usual in ((signal.SIGINT, signal.default_int_handler), (signal.SIGTERM, signal.SIG_DFL)):
        if signal.getsignal(number) == usual:
            signal.signal(number, interrupt)
    sys.unraisablehook = _unraisable


def _unraisable(fault: UnraisableHookArgs) -> None:
    """Raise an interrupt a moment later that came where Python ends it, as in the callback of a weak reference."""
    if issubclass(fault.exc_type, KeyboardInterrupt):
        _raise_later(signal.SIGINT)
    else:
        sys.__unraisablehook__(fault)


def _raise_later(number: int) -> None:
    again = threading.Timer(_AGAIN_S, signal.raise_signal, [number])
    again.daemon = True
    again.start()


def interrupt(number: int, frame: FrameType | None) -> None:
    """Raise KeyboardInterrupt, and know of it; while a module is being imported or a file put in place, a moment later.

    An extension that is being loaded would print a traceback of its own, or make another fault of it.
    """
    if ending:
        return
    _heard.set()
    if _must_not_be_cut_short(frame):
        _raise_later(number)
        return
    raise KeyboardInterrupt


def _must_not_be_cut_short(frame: FrameType | None) -> bool:
    while frame is not None:
        code = frame.f_code
        if (
            code.co_filename.startswith("<frozen importlib")
            or (frame.f_globals.get("__name__"), code.co_name) in _WHOLE
        ):
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
    """Let the process end as it is about to.

    ``python -m`` would end by SIGINT where an interrupt went through a text being evaluated: until the next such text.
    """
    for number in ENDING:
        signal.signal(number, signal.SIG_IGN)
    eval("0")
