"""Runs a solver's long native call on a thread of its own: Ctrl-C is heard at once, and two may run side by side."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread, current_thread, main_thread
from typing import Generic, TypeVar

_T = TypeVar("_T")
_LISTEN_S = 0.2


class Beside(Generic[_T]):
    """A call that has begun.

    Python hears a signal only between its own instructions, and HiGHS has no way to be told to stop. So an interrupt
    leaves the thread behind; whoever ends the process must not wait for it.
    """

    def __init__(self, call: Callable[[], _T]) -> None:
        self._results: list[_T] = []
        self._faults: list[BaseException] = []
        self._call = call
        self._worker = Thread(target=self._run, daemon=True, name="solver")
        self._worker.start()

    def _run(self) -> None:
        try:
            self._results.append(self._call())
        except BaseException as fault:  # handed to whoever asks for the result
            self._faults.append(fault)

    def result(self) -> _T:
        """The result of the call, or its exception; KeyboardInterrupt as soon as it is asked for."""
        while self._worker.is_alive():
            self._worker.join(_LISTEN_S)
        if self._faults:
            raise self._faults[0]
        return self._results[0]


def interruptible(call: Callable[[], _T]) -> _T:
    """The result of ``call``, or its exception; KeyboardInterrupt as soon as it is asked for."""
    return Beside(call).result() if current_thread() is main_thread() else call()
