"""A long native call on a thread of its own, so that whoever waits for it can hear of something else meanwhile.

Python runs a signal handler only between two of its own instructions on the main thread, and a thread that waits in
compiled code notices no token. So whoever has to hear of a token calls its solver here.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread
from typing import Generic, TypeVar

_T = TypeVar("_T")
_LISTEN_S = 0.1
"""Seconds after which whoever waits looks up."""
THREAD_NAME = "solver"
"""Threads of that name may still run compiled code that cannot be told to stop."""


class Background(Generic[_T]):
    """A call that has begun, on a daemon thread: one that is left behind does not keep the process alive.

    A process must not end by the interpreter's own ending while compiled code runs on such a thread.
    """

    def __init__(self, call: Callable[[], _T]) -> None:
        self._results: list[_T] = []
        self._faults: list[BaseException] = []
        self._call = call
        self._thread = Thread(target=self._run, daemon=True, name=THREAD_NAME)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._results.append(self._call())
        except BaseException as fault:  # handed to whoever asks for the result
            self._faults.append(fault)

    def ended(self, seconds: float) -> bool:
        """Wait so many seconds at most; whether the call has ended."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def wait(self, meanwhile: Callable[[], object] = lambda: None) -> None:
        """Wait for the call to end; ``meanwhile`` is called again and again until then, and may raise."""
        while not self.ended(_LISTEN_S):
            meanwhile()

    def result(self, meanwhile: Callable[[], object] = lambda: None) -> _T:
        """Wait as :meth:`wait` does; the result of the call, or its exception raised here."""
        self.wait(meanwhile)
        if self._faults:
            raise self._faults[0]
        return self._results[0]
