"""Whoever comes first in full, all at once: where that can be it settles the order, for nothing comes before it."""

from __future__ import annotations

from dataclasses import replace

from capalloc.engines import Answer, Engine
from capalloc.instance.model import Instance
from capalloc.precedence.delivered import short_of
from capalloc.precedence.order import Order
from capalloc.precedence.stages import Stage, keepers, names_of

KEPT_SHARE = 0.4
"""Share of the time limit kept for the searches by priority until a plan meets all that comes first."""


def in_full(instance: Instance, todo: tuple[Stage, ...], engine: Engine, left: float) -> tuple[Order, Answer] | None:
    """What comes first in full, and beside it what money decides, with the order that it settles.

    None where nothing comes first, or no such plan is found. Part of the seconds ``left`` is kept for searches by
    priority until there is one.
    """
    levels = [stage for stage in todo if not stage.whole]
    if not levels or engine.cancelled or left <= 0:
        return None
    first = keepers(levels)
    engine.clock.start("priority")
    pairs = zip(instance.demands, first, strict=True)
    demands = (replace(data, must=data.committed) if comes else data for data, comes in pairs)
    held = replace(instance, demands=tuple(demands))
    answer = engine.silent().within(left).keeping(KEPT_SHARE, first).search(held)
    return None if answer.roster is None else (Order(held, answer.roster, True, names_of(instance, first)), answer)


def short_in(order: Order, todo: tuple[Stage, ...]) -> bool:
    """Whether what comes first is short in an order's roster."""
    names = frozenset().union(*(stage.turn(order.instance) for stage in todo if not stage.whole))
    return not names.isdisjoint(short_of(order.instance, order.roster))
