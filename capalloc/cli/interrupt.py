"""Ctrl-C: the first asks for what there is, a second one ends the program."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

from capalloc.cancel import CancelToken
from capalloc.cli.exits import say


@contextmanager
def cancelled_by_interrupt(keeps: str = "what there is so far") -> Iterator[CancelToken]:
    """A token that the first Ctrl-C sets; a second one is raised as KeyboardInterrupt, and so is any after the block.

    The first is answered on stderr at once: ``keeps`` says what is kept.

    Where Ctrl-C is not ours to hear, as in a job that a shell runs in the background, nothing sets the token.
    """
    token = CancelToken()
    before = signal.getsignal(signal.SIGINT)
    if before is not signal.default_int_handler or threading.current_thread() is not threading.main_thread():
        yield token
        return

    def first(number: int, frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, before)
        token.cancel()
        with suppress(RuntimeError):  # stderr may be in the midst of another line
            say(f"stopping; keeping {keeps} (Ctrl-C again: stop at once and write nothing more)")

    signal.signal(signal.SIGINT, first)
    try:
        yield token
    finally:
        signal.signal(signal.SIGINT, before)
