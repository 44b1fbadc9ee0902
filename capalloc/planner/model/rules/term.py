"""Term: nothing is delivered before a demand's term begins or after it ends."""

from __future__ import annotations

from capalloc.planner.lp.program import Bools
from capalloc.reduction.classes import Reduction


def may_serve(reduction: Reduction) -> Bools:
    """(1, D, T) whether the demand's term has the period."""
    in_term: Bools = reduction.instance.in_term[None, :, :]
    return in_term
