"""How much of a limit is used, in the few steps that colours tell apart."""

from __future__ import annotations

from bisect import bisect_right

STEPS: tuple[tuple[float, str, str], ...] = (
    (0.0, "u0", "below 50 %"),
    (0.5, "u1", "50 to 80 %"),
    (0.8, "u2", "80 to 95 %"),
    (0.95, "u3", "95 to 100 %"),
    (1 - 1e-9, "u4", "at the limit"),
    (1 + 1e-6, "u5", "beyond the limit"),
)
"""(share from which on it holds, colour, label), the least first."""


def use_shade(share: float) -> str:
    """The colour of a share of a limit."""
    return STEPS[max(0, bisect_right([least for least, _, _ in STEPS], share) - 1)][1]
