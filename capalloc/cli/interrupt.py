"""Ctrl-C and SIGTERM: the first asks for what there is, a second one ends the program."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any

from capalloc.cancel import CancelToken
from capalloc.cli.exits import say
from capalloc.cli.signals import ENDING, interrupt


@contextmanager
def cancelled_by_interrupt(keeps: str = "what there is so far") -> Iterator[CancelToken]:
    """A token that the first Ctrl-C or SIGTERM sets; a second one is raised as KeyboardInterrupt.

    So is any after the block. The first is answered on stderr at once: ``keeps`` says what is kept.

    Where Ctrl-C is not ours to hear, as in a job that a shell runs in the background, nothing sets the token.
    """
    token = CancelToken()
    handlers = {number: signal.getsignal(number) for number in ENDING}
    ours = {number: before for number, before in handlers.items() if before in (signal.default_int_handler, interrupt)}
    if threading.current_thread() is not threading.main_thread():
        ours.clear()

    def first(number: int, frame: FrameType | None) -> None:
        _restore(ours)
        token.cancel()
        with suppress(RuntimeError):  # stderr may be in the midst of another line
            say(f"stopping; keeping {keeps} (Ctrl-C again: stop at once and write nothing more)")

    for number in ours:
        signal.signal(number, first)
    try:
        yield token
    finally:
        _restore(ours)


def _restore(handlers: Mapping[signal.Signals, Any]) -> None:
    for number, before in handlers.items():
        signal.signal(number, before)
