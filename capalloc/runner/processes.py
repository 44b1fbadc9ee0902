"""Cases side by side on processes of this machine.

Workers are spawned, not forked: a process in which solvers have run threads must not be forked. Each of them holds the
reading end of a pipe whose other end is the caller's alone. Where that is closed, on purpose or because the caller is
no more, however it ended, the worker ends too.
"""

from __future__ import annotations

import os
import pickle
import signal
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from threading import Thread
from typing import Any

from capalloc.cancel import CancelToken
from capalloc.runner.engine import Case, Function, Pool, Shared

_given: tuple[Function[Any, Any, Any], Any] | None = None
"""In a worker: the function and the shared data."""


@dataclass(frozen=True, slots=True)
class Processes:
    """``jobs`` processes of this machine."""

    jobs: int
    can_end_cases: bool = True

    @contextmanager
    def open(self, function: Function[Shared, Case, Any], shared: Shared) -> Iterator[Pool]:
        """Processes that begin with the first cases; those still at work when it is left are ended."""
        context = get_context("spawn")
        reading, writing = context.Pipe(duplex=False)
        data = pickle.dumps((function, shared), pickle.HIGHEST_PROTOCOL)
        executor = ProcessPoolExecutor(self.jobs, context, initializer=_begin, initargs=(reading, data))
        with reading, writing:
            try:
                yield _Workers(executor, writing, self.jobs)
            finally:
                writing.close()
                executor.shutdown(wait=True, cancel_futures=True)


@dataclass(frozen=True, slots=True)
class _Workers:
    executor: ProcessPoolExecutor
    lifeline: Connection
    width: int

    def submit(self, case: Any) -> Future[Any]:
        with _held_back():
            try:
                return self.executor.submit(_answer, case)
            except BlockingIOError as fault:  # the system's word for a limit on processes, and for files that block
                raise RuntimeError("can't start new thread or process") from fault

    def stop(self) -> None:
        self.lifeline.close()


@contextmanager
def _held_back() -> Iterator[None]:
    """Ctrl-C waits meanwhile, and in a process that is begun inside, until that knows what to do with it."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin(lifeline: Connection, data: bytes) -> None:
    """In a worker, before its first case."""
    global _given  # noqa: PLW0603  # an executor's workers keep what they were given between cases in no other way
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group: the caller decides what it means
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
    Thread(target=_end_with, args=(lifeline,), daemon=True).start()
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)  # solvers print, and results of the caller stand on stdout
    os.close(nowhere)
    _given = pickle.loads(data)


def _end_with(lifeline: Connection) -> None:
    """End this process as soon as the other end of the pipe is closed."""
    with suppress(EOFError, OSError):
        lifeline.recv_bytes()
    os._exit(1)


def _answer(case: Any) -> Any:
    assert _given is not None, "a worker begins before its first case"
    function, shared = _given
    return function(shared, case, CancelToken())
