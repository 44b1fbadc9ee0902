"""What a search says of itself while it goes on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a search stands. Money of a plan is discounted USD; a placement counts in units of its objective."""

    stage: str
    """``compile``, ``relax``, ``plan``, ``bound``, ``place``, ``verify`` and the like."""
    best: float | None = None
    """The best objective so far; None before there is any."""
    bound: float | None = None
    """Proven upper bound so far; None before there is any."""
    gap: float | None = None
    """(bound - best) / abs(bound); None while either is missing."""
    seconds_left: float | None = None
    """Until the time limit; None where there is none, or the stage is no search."""


OnProgress = Callable[[Progress], None]
"""Hears of progress, on the thread that called the search; what it raises ends the search."""
