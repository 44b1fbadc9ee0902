"""Whoever comes first in full, all at once: where that can be it settles the order, for nothing comes before it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from capalloc.engines import Answer, Engine
from capalloc.instance.model import Instance
from capalloc.precedence.delivered import short_of
from capalloc.precedence.order import Order
from capalloc.precedence.stages import Stage, keepers
from capalloc.roster.roster import Roster

KEPT_SHARE = 0.4
"""Share of the time limit kept for the searches by priority until the plan of money alone meets every commitment."""


@dataclass(frozen=True, slots=True)
class InFull:
    """A plan in which whoever comes first is delivered its commitment in full."""

    instance: Instance
    """In which that has to be."""
    answer: Answer
    roster: Roster
    turn: frozenset[str]

    def order(self) -> Order:
        """The order that it settles."""
        return Order(self.instance, self.roster, True, self.turn)


def in_full(order: Order, todo: tuple[Stage, ...], engine: Engine, left: float) -> InFull | None:
    """What comes first in full, and beside it what money decides; None where nothing is short, or none is found.

    Part of the seconds ``left`` is kept for searches by priority until there is such a plan.
    """
    instance, levels = order.instance, [stage for stage in todo if not stage.whole]
    if not levels:
        return None
    first = keepers(levels)
    turn = frozenset(name for name, comes in zip(instance.demand_names, first, strict=True) if comes)
    if turn.isdisjoint(short_of(instance, order.roster)) or engine.cancelled or left <= 0:
        return None
    engine.clock.start("priority")
    pairs = zip(instance.demands, first, strict=True)
    demands = (replace(data, must=data.committed) if comes else data for data, comes in pairs)
    held = replace(instance, demands=tuple(demands))
    answer = engine.silent().within(left).keeping(KEPT_SHARE, first).search(held)
    return None if answer.roster is None else InFull(held, answer, answer.roster, turn)
