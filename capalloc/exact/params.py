"""What is asked of the exact planner."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ExactParams:
    """How hard CP-SAT searches over single racks: the reference, for tiny scenarios."""

    time_limit: float = 60.0
    """Seconds of the search."""
    seed: int = 0
    """Of CP-SAT; the same seed gives the same plan unless the time limit is reached."""
