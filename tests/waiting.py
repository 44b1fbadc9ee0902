"""Waiting for what a test has left behind."""

from __future__ import annotations

import time

from capalloc.background import calls_at_work

_PATIENCE_S = 120.0


def wait_for_calls() -> None:
    """Wait for solver calls that nobody asks for any more: they end at their own time limits."""
    end = time.monotonic() + _PATIENCE_S
    while calls_at_work():
        assert time.monotonic() < end, f"{calls_at_work()} calls do not end"
        time.sleep(0.05)
