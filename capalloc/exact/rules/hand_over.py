"""Hand-over: a rack that changes hands serves nobody for the hand-over time; moves stay within budget."""

from __future__ import annotations

import numpy as np

from capalloc.exact.model import ExactModel
from capalloc.instance.model import Instance


def may_serve(instance: Instance, r: int, p: int, d: int, t: int) -> bool:
    """Whether the rack is through the hand-over from whom it served last, or stays with it."""
    return bool(t >= instance.racks.ready[r] or instance.racks.last[r] == d)


def add_moves(exact: ExactModel) -> None:
    """A departure is a rack that served the demand the period before and serves it no more."""
    held = exact.instance.racks.held
    for (r, d, t), literal in exact.leave.items():
        before = exact.serving(r, d, t - 1) if t > 0 else int(held[r] == d)
        exact.model.add(literal >= before - exact.serving(r, d, t))
    budget = exact.instance.policy.most_moves
    if budget is not None:
        for t in exact.periods:
            exact.model.add(sum(literal for (_, _, s), literal in exact.leave.items() if s == t) <= budget)


def add(exact: ExactModel) -> None:
    """A rack that served a demand until period s serves no other in a later period that is too near."""
    near = [(int(s), int(t)) for s, t in zip(*np.nonzero(exact.instance.cools_at), strict=True) if s > 0]
    for r in range(len(exact.instance.racks.names)):
        for s, t in near:
            for earlier in exact.by_rack.get((r, s - 1), ()):
                for later in exact.by_rack.get((r, t), ()):
                    if earlier.demand != later.demand and earlier.position == later.position:
                        exact.model.add_bool_or(earlier.literal.negated(), later.literal.negated())
