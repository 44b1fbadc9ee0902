"""The command line: parses, calls, renders and answers with an exit code."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from capalloc.cli.exits import faults


def main(arguments: Sequence[str] | None = None) -> None:
    """Run ``capalloc`` with these arguments, or with those of the process. Ends in SystemExit with the exit code."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # a terminal that lacks a letter shows "?"
    with faults():
        from capalloc.cli.app import app

        app(arguments, prog_name="capalloc")
