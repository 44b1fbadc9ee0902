"""Keeps what solvers print by themselves off standard output, where results belong."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

_STDOUT = 1


@contextmanager
def silent_stdout() -> Iterator[None]:
    """Drop what compiled code writes to file descriptor 1 meanwhile.

    HiGHS prints a line of its own when it repairs a solution, whatever its output settings say.
    """
    try:
        kept = os.dup(_STDOUT)
    except OSError:  # standard output is closed: there is nothing to keep clean
        yield
        return
    sink = os.open(os.devnull, os.O_WRONLY)
    os.dup2(sink, _STDOUT)
    os.close(sink)
    try:
        yield
    finally:
        os.dup2(kept, _STDOUT)
        os.close(kept)
