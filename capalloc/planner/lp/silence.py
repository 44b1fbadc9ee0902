"""Keeps what solvers print by themselves off standard output, where results belong."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock

_STDOUT = 1


@dataclass(slots=True)
class _Sink:
    """How many calls are kept silent at the moment, and where standard output really goes."""

    lock: Lock
    calls: int = 0
    kept: int | None = None


_sink = _Sink(Lock())


@contextmanager
def silent_stdout() -> Iterator[None]:
    """Drop what compiled code writes to file descriptor 1 meanwhile; several threads may do so at once.

    HiGHS prints a line of its own when it repairs a solution, whatever its output settings say.
    """
    with _sink.lock:
        _sink.calls += 1
        if _sink.calls == 1:
            _sink.kept = _turned_off()
    try:
        yield
    finally:
        with _sink.lock:
            _sink.calls -= 1
            if _sink.calls == 0 and _sink.kept is not None:
                os.dup2(_sink.kept, _STDOUT)
                os.close(_sink.kept)
                _sink.kept = None


def _turned_off() -> int | None:
    """A copy of standard output, which goes nowhere from now on; None where it is closed: nothing to keep clean."""
    try:
        kept = os.dup(_STDOUT)
    except OSError:
        return None
    sink = os.open(os.devnull, os.O_WRONLY)
    os.dup2(sink, _STDOUT)
    os.close(sink)
    return kept
