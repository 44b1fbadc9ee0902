"""The command line: parses, calls, renders and answers with an exit code."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TextIO

from capalloc.cli import signals  # all else once signals are heard: what is imported before them is cut short by one

_COLLECT_AFTER = (200_000, 10, 10)
"""A command makes many records and hardly a cycle: at Python's own 700 it would look through them all the time."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run ``capalloc`` with these arguments, or with those of the process. Ends in SystemExit with the exit code.

    With those of the process, its signals are the command's as well.
    """
    try:
        if arguments is None:
            signals.hear_all()
            os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # others would spin beside solvers, and round otherwise
        _open_streams()
        _run(arguments)
    except KeyboardInterrupt as late:  # before the command had begun, or after it: what it came to stands
        signals.ending = arguments is None
        if isinstance(late.__context__, SystemExit):
            raise late.__context__ from None
        raise SystemExit(_interrupted(late)) from None
    finally:
        signals.ending = arguments is None  # first of all: a call is where a signal comes between
        _end_sentences()
        if arguments is None:
            signals.hear_none()
            gc.freeze()  # the interpreter's last collections look through nothing: the process ends


def _open_streams() -> None:
    """Results and sentences have somewhere to go, and letters that a terminal lacks are shown as "?"."""
    from capalloc.cli.results import results

    sys.stdout = results(sys.stdout or _nowhere())  # None where the caller closed it
    sys.stderr = sys.stderr or _nowhere()
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]


def _end_sentences() -> None:
    from capalloc.cli.exits import nothing_more_to_say

    nothing_more_to_say()


def _interrupted(late: KeyboardInterrupt) -> int:
    """Say so, once more where it came in the midst of that."""
    from capalloc.cli.exits import INTERRUPTED, say

    say("interrupted" if late.__context__ else "interrupted; every file is as it was")
    return INTERRUPTED


def _run(arguments: Sequence[str] | None) -> None:
    from capalloc.cli.exits import faults

    with _few_collections(), faults():
        from capalloc.cli.app import app

        app(arguments, prog_name="capalloc")


@contextmanager
def _few_collections() -> Iterator[None]:
    """Cyclic garbage is collected more rarely than usual."""
    before = gc.get_threshold()
    gc.set_threshold(*_COLLECT_AFTER)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _nowhere() -> TextIO:
    return open(os.devnull, "w", encoding="utf-8")
