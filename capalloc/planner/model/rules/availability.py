"""Availability: a rack serves only while it can run."""

from __future__ import annotations

from capalloc.planner.lp.program import Bools
from capalloc.reduction.classes import Reduction


def may_serve(reduction: Reduction) -> Bools:
    """(C, 1, T) whether racks of the class can run in the period."""
    usable: Bools = reduction.classes.usable[:, None, :]
    return usable
