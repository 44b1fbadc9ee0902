"""The command line: parses, calls, renders and answers with an exit code."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TextIO

from capalloc.cli import signals
from capalloc.cli.exits import INTERRUPTED, faults
from capalloc.cli.results import results

_COLLECT_AFTER = (200_000, 10, 10)
"""A command makes many records and hardly a cycle: at Python's own 700 it would look through them all the time."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run ``capalloc`` with these arguments, or with those of the process. Ends in SystemExit with the exit code.

    With those of the process, its signals are the command's as well.
    """
    if arguments is None:
        signals.hear_all()
    sys.stdout = results(sys.stdout or _nowhere())  # None where the caller closed it
    sys.stderr = sys.stderr or _nowhere()
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # a terminal that lacks a letter shows "?"
    try:
        _run(arguments)
    except KeyboardInterrupt as late:  # heard when the command had ended: what it came to stands
        ended = late.__context__
        raise ended if isinstance(ended, SystemExit) else SystemExit(INTERRUPTED) from None
    finally:
        if arguments is None:
            signals.ending = True
            signals.hear_none()


def _run(arguments: Sequence[str] | None) -> None:
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
