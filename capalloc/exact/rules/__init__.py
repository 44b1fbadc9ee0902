"""The exact model's rules, in full and on single racks, in the order they run.

A rule's module has ``may_serve`` where it forbids literals, ``add`` where it needs constraints, or both. Exclusivity is
added where the literals are made.
"""

from __future__ import annotations

from collections.abc import Callable

from capalloc.exact.model import ExactModel
from capalloc.exact.rules import (
    availability,
    bring_up,
    buffer,
    compatibility,
    hand_over,
    isolation,
    locality,
    packing,
    pins,
    position,
    ramp,
    spread,
    term,
    where,
)
from capalloc.instance.model import Instance

MAY_SERVE: tuple[Callable[[Instance, int, int, int, int], bool], ...] = (
    availability.may_serve,
    locality.may_serve,
    compatibility.may_serve,
    where.may_serve,
    term.may_serve,
    pins.may_serve,
    hand_over.may_serve,
)
"""Whether rack r at position p may serve demand d in period t."""
SINGLE: tuple[Callable[[ExactModel], None], ...] = (
    packing.add,
    position.add,
    where.add,
    pins.add,
    ramp.add,
    hand_over.add_moves,
    hand_over.add,
    bring_up.add,
)
"""What looks at racks, positions and loads."""
GROUPS: tuple[Callable[[ExactModel, int, int], None], ...] = (
    isolation.add,
    locality.add,
    compatibility.add,
    buffer.add,
)
"""Which racks a demand takes together in a period."""


def add_rules(exact: ExactModel) -> None:
    """Add every rule; what only forbids a state is in the literals that do not exist."""
    for add in SINGLE:
        add(exact)
    for d in range(len(exact.instance.demands)):
        for t in exact.periods:
            for add_group in GROUPS:
                add_group(exact, d, t)
        buffer.add_held_once(exact, d)
    spread.add(exact)
