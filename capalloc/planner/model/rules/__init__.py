"""The planner's rules: which racks may serve whom at all, and the rows that keep the rest, in the order they run.

A rule's module has ``may_serve`` where it forbids columns, ``add`` where it needs rows, or both. Rules on watts look
at what racks draw, those on service at whom they serve; a model by pool counts the two at different levels, so the
rows stand in families here. The order of rows changes no optimum, but which of several a solver finds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from capalloc.planner.lp.program import Bools
from capalloc.planner.model import money
from capalloc.planner.model.level import Level
from capalloc.planner.model.rules import (
    availability,
    bring_up,
    buffer,
    compatibility,
    exclusivity,
    hand_over,
    isolation,
    locality,
    moves,
    packing,
    pins,
    position,
    ramp,
    spread,
    term,
    where,
)
from capalloc.reduction.classes import Reduction

Add = Callable[[Level], None]


@dataclass(frozen=True, slots=True)
class EachDemand:
    """Rows that are added demand by demand."""

    adds: tuple[Callable[[Level, int], None], ...]

    def __call__(self, level: Level) -> None:
        """Add them in turn for the first demand, then for the next."""
        for d in range(len(level.instance.demands)):
            for add in self.adds:
                add(level, d)


MAY_SERVE: tuple[Callable[[Reduction], Bools], ...] = (
    availability.may_serve,
    compatibility.may_serve,
    where.may_serve,
    term.may_serve,
    pins.may_serve,
    hand_over.may_serve,
)
"""What forbids columns; each is True where it allows one, in a shape that broadcasts to (C, D, T)."""
LOADS: tuple[Add, ...] = (packing.add,)
"""What racks draw: power, failover, supply, cooling."""
DELIVERY: tuple[Add, ...] = (EachDemand((ramp.add, money.add)),)
"""What demands are delivered, and what that earns."""
SERVICE: tuple[Add, ...] = (pins.add, moves.add, hand_over.add, moves.add_budget, moves.add_foresight)
"""Whom racks serve."""
SITE: tuple[Add, ...] = (exclusivity.add, position.add, bring_up.add_racks, bring_up.add_mw)
"""Where racks stand, and what is powered there."""
GROUPS: tuple[Add, ...] = (
    EachDemand((isolation.add, locality.add, compatibility.add, buffer.add)),
    spread.add,
    isolation.keep_others_out,
)
"""Which racks a demand takes together."""
