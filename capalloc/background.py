"""A long native call on another thread, so that whoever waits for it can hear of something else meanwhile.

Python runs a signal handler only between two of its own instructions on the main thread, and a thread that waits in
compiled code notices no token. So whoever has to hear of a token calls its solver here.

Threads are used again: HiGHS makes a scheduler of its own on each thread that calls it, which may take longer than a
small program does. The executors of ``concurrent.futures`` would wait, at the interpreter's end, for a call that was
left behind. Whoever waits may be interrupted between any two instructions, so what ends a call takes no lock that a
waiting thread may hold.
"""

from __future__ import annotations

import os
from _thread import start_new_thread
from collections.abc import Callable
from queue import SimpleQueue
from threading import Lock
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
        self._begun = _Call(call)
        try:
            _open.add(self._begun)
            _idle_worker().calls.put(self._begun)
        except BaseException:  # interrupted, or no thread can be started: nobody works at it
            _open.discard(self._begun)
            raise

    def ended(self, seconds: float) -> bool:
        """Wait so many seconds at most; whether the call has ended."""
        return self._begun.ended(max(seconds, 0.0))

    def wait(self, meanwhile: Callable[[], object] = lambda: None) -> None:
        """Wait for the call to end; ``meanwhile`` is called again and again until then, and may raise."""
        while not self.ended(_LISTEN_S):
            meanwhile()

    def result(self, meanwhile: Callable[[], object] = lambda: None) -> _T:
        """Wait as :meth:`wait` does; the result of the call, or its exception raised here."""
        self.wait(meanwhile)
        if self._begun.fault is None:
            return self._begun.results[0]
        try:
            raise self._begun.fault
        finally:
            del self  # its traceback would hold what holds it


def calls_at_work() -> int:
    """Calls that have not ended, which may be compiled code that cannot be told to stop."""
    return len(_open)


class _Call(Generic[_T]):
    """A call and what came of it."""

    def __init__(self, call: Callable[[], _T]) -> None:
        self._call: Callable[[], _T] | None = call
        self.results: list[_T] = []
        self.fault: BaseException | None = None
        self._done = False
        self._running = Lock()
        """Held until the call has ended."""
        self._running.acquire()

    def run(self) -> None:
        """Call it, and keep what it gives or raises."""
        assert self._call is not None
        try:
            self.results.append(self._call())
        except BaseException as fault:  # handed to whoever asks for the result
            self.fault = fault
        self._call = None
        del self  # the traceback of a fault would hold what holds it

    def tell(self) -> None:
        """It has ended: let those go on who wait for that."""
        self._done = True
        self._running.release()

    def ended(self, seconds: float) -> bool:
        """Wait for the end; an interrupt in here leaves nobody waiting, as who asks again looks first."""
        if not self._done and self._running.acquire(timeout=seconds):
            self._running.release()
        return self._done


class _Worker:
    """What runs one call after another, on a thread of its own."""

    def __init__(self) -> None:
        self.calls: SimpleQueue[_Call[Any]] = SimpleQueue()
        self._kept = True

    def run(self) -> None:
        """Run what is put into the queue, as long as it is kept."""
        while self._kept:
            self._work(self.calls.get())

    def _work(self, call: _Call[Any]) -> None:
        """Run a call; nothing is at work any more, and this thread idle, before anybody hears of the end."""
        try:
            _open.add(call)  # again: whoever was interrupted just after handing it over has taken it out
            call.run()
            _open.discard(call)
            self._kept = len(_idle) < _MOST_IDLE
            if self._kept:
                _idle.append(self)
        finally:
            call.tell()


_open: set[_Call[Any]] = set()
_idle: list[_Worker] = []
"""The last that ended is taken first: its memory is likely at hand. Appending and popping are atomic."""
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_idle.clear)  # a child has no thread but the one that forked
    os.register_at_fork(after_in_child=_open.clear)


def _idle_worker() -> _Worker:
    try:
        return _idle.pop()
    except IndexError:
        worker = _Worker()
        start_new_thread(worker.run, ())  # an interrupt inside of Thread.start ends in another exception
        return worker
