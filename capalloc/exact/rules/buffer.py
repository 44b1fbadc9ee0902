"""Buffer: a demand with a buffer share has that share of idle, compatible racks held for it."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from capalloc.exact.model import ExactModel
from capalloc.instance.shares import share_needed


def add(exact: ExactModel, d: int, t: int) -> None:
    """Whole racks held are at least the share of those that serve."""
    share = exact.instance.demands[d].demand.buffer_share
    if share == 0:
        return
    held = [literal for (_, e, s), literal in exact.hold.items() if (e, s) == (d, t)]
    serving = [s.literal for s in exact.racks(d, t)]
    needed = share_needed(share, len(serving))
    exact.model.add(needed.denominator * sum(held) >= needed.numerator * sum(serving))


def add_held_once(exact: ExactModel, d: int) -> None:
    """A rack that is idle is held for one demand at most; where ``d`` has a buffer."""
    if exact.instance.demands[d].demand.buffer_share == 0:
        return
    held: dict[tuple[int, int], list[Any]] = defaultdict(list)
    for (r, _, t), literal in exact.hold.items():
        held[r, t].append(literal)
    for (r, t), literals in held.items():
        exact.model.add(sum(literals) <= exact.spare(r, t))
