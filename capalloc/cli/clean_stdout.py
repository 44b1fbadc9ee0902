"""Keeps what solvers print by themselves off standard output, where results belong.

HiGHS prints a line of its own when it repairs a solution, whatever its output settings say. Only who owns the process
may redirect its file descriptors: the command line does, the library does not.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

_STDOUT = 1


@contextmanager
def clean_stdout() -> Iterator[None]:
    """Drop what is written to file descriptor 1 meanwhile."""
    kept = _turned_off()
    try:
        yield
    finally:
        if kept is not None:
            os.dup2(kept, _STDOUT)
            os.close(kept)


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
