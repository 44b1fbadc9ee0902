"""The command line: parses, calls, renders and answers with an exit code."""

from __future__ import annotations

import sys

from capalloc.cli.faults import faults


def main() -> None:
    """Run ``capalloc`` with the arguments of the process."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # a terminal that lacks a letter shows "?"
    with faults():
        from capalloc.cli.app import app

        app(prog_name="capalloc")
