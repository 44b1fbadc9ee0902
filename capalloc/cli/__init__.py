"""The command line: parses, calls, renders and answers with an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TextIO

from capalloc.cli.exits import faults


def main(arguments: Sequence[str] | None = None) -> None:
    """Run ``capalloc`` with these arguments, or with those of the process. Ends in SystemExit with the exit code."""
    sys.stdout = sys.stdout or _nowhere()  # None where the caller closed it
    sys.stderr = sys.stderr or _nowhere()
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # a terminal that lacks a letter shows "?"
    with faults():
        from capalloc.cli.app import app

        app(arguments, prog_name="capalloc")


def _nowhere() -> TextIO:
    return open(os.devnull, "w", encoding="utf-8")
