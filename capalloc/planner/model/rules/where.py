"""Where: a demand's racks stand only where its `where` says. Its spares are kept there by their columns' bounds."""

from __future__ import annotations

from capalloc.planner.lp.program import Bools
from capalloc.reduction.classes import Reduction


def may_serve(reduction: Reduction) -> Bools:
    """(C, D, 1) whether the demand may use the places of the class."""
    allowed: Bools = reduction.classes.allowed[:, :, None]
    return allowed
