"""A long native call on another thread, so that whoever waits for it can hear of something else meanwhile.

Python runs a signal handler only between two of its own instructions on the main thread, and a thread that waits in
compiled code notices no token. So whoever has to hear of a token calls its solver here.

Threads are used again: HiGHS sets up its own workers on each thread that first calls it, which takes longer than a
small program does. The executors of ``concurrent.futures`` would wait, at the interpreter's end, for a call that was
left behind.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Any, Generic, TypeVar

_T = TypeVar("_T")
_LISTEN_S = 0.1
"""Seconds after which whoever waits looks up."""
_MOST_IDLE = 16
"""Threads that are kept for the next calls."""


class Background(Generic[_T]):
    """A call that has begun, on a daemon thread: one that is left behind does not keep the process alive.

    A process must not end by the interpreter's own ending while compiled code runs on such a thread: see
    :func:`calls_at_work`.
    """

    def __init__(self, call: Callable[[], _T]) -> None:
        self._future: Future[_T] = Future()
        _worker().begin(call, self._future)

    def ended(self, seconds: float) -> bool:
        """Wait so many seconds at most; whether the call has ended."""
        try:
            self._future.exception(seconds)
        except TimeoutError:
            return False
        return True

    def wait(self, meanwhile: Callable[[], object] = lambda: None) -> None:
        """Wait for the call to end; ``meanwhile`` is called again and again until then, and may raise."""
        while not self.ended(_LISTEN_S):
            meanwhile()

    def result(self, meanwhile: Callable[[], object] = lambda: None) -> _T:
        """Wait as :meth:`wait` does; the result of the call, or its exception raised here."""
        self.wait(meanwhile)
        return self._future.result()


def calls_at_work() -> int:
    """Calls that still run, which may be compiled code that cannot be told to stop."""
    return sum(thread.at_work for thread in threading.enumerate() if isinstance(thread, _Worker))


class _Worker(threading.Thread):
    """A thread that runs one call after another."""

    def __init__(self) -> None:
        super().__init__(daemon=True, name="solver")
        self.at_work = False
        self._calls: SimpleQueue[tuple[Callable[[], Any], Future[Any]]] = SimpleQueue()

    def begin(self, call: Callable[[], _T], future: Future[_T]) -> None:
        """Run a call next; only one that is idle is asked."""
        self.at_work = True
        self._calls.put((call, future))

    def run(self) -> None:
        while self._goes_on(*self._calls.get()):
            pass

    def _goes_on(self, call: Callable[[], Any], future: Future[Any]) -> bool:
        """Run a call; whether this thread is kept. It is idle again before anybody hears of the result."""
        try:
            result = call()
        except BaseException as fault:  # handed to whoever asks for the result
            kept = self._kept()
            future.set_exception(fault)
        else:
            kept = self._kept()
            future.set_result(result)
        return kept

    def _kept(self) -> bool:
        self.at_work = False
        if len(_idle) >= _MOST_IDLE:
            return False
        _idle.append(self)
        return True


_idle: list[_Worker] = []
"""The last that ended first: it is the likeliest to have its memory at hand. Appending and popping are atomic."""
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_idle.clear)  # a child has no thread but the one that forked


def _worker() -> _Worker:
    """One that is idle."""
    try:
        return _idle.pop()
    except IndexError:
        worker = _Worker()
        worker.start()
        return worker
