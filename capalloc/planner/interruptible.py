"""Runs a solver's long native call so that Ctrl-C is heard at once."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread, current_thread, main_thread
from typing import TypeVar

_T = TypeVar("_T")
_LISTEN_S = 0.2


def interruptible(call: Callable[[], _T]) -> _T:
    """The result of ``call``, or its exception; KeyboardInterrupt as soon as it is asked for.

    Python hears a signal only between its own instructions, and HiGHS has no way to be told to stop. So the call runs
    on a thread of its own, which an interrupt leaves behind; whoever ends the process must not wait for it.
    """
    if current_thread() is not main_thread():
        return call()
    results: list[_T] = []
    faults: list[BaseException] = []

    def run() -> None:
        try:
            results.append(call())
        except BaseException as fault:  # handed to the caller below
            faults.append(fault)

    worker = Thread(target=run, daemon=True, name="solver")
    worker.start()
    while worker.is_alive():
        worker.join(_LISTEN_S)
    if faults:
        raise faults[0]
    return results[0]
