"""What a command of the command line leaves behind, and how tests start one."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ended:
    """A command that has ended."""

    code: str | int
    out: str
    err: str


Run = Callable[..., Ended]
"""Calls ``capalloc`` in the test's own process."""
Python = Callable[..., subprocess.Popen[str]]
"""Starts a fresh interpreter."""


def squeezed(text: str) -> list[str]:
    """The lines of a page, each run of blanks as one."""
    return [" ".join(line.split()) for line in text.splitlines()]
