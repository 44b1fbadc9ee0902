"""Pins: pinned and frozen assignments are kept."""

from __future__ import annotations

from capalloc.exact.model import ExactModel
from capalloc.instance.model import Instance
from capalloc.instance.pins import NO_PIN, PIN_IDLE, pin_at


def may_serve(instance: Instance, r: int, p: int, d: int, t: int) -> bool:
    """Whether the rack is pinned to no other demand."""
    return pin_of(instance, r, p, t) in (NO_PIN, d)


def pin_of(instance: Instance, r: int, p: int, t: int) -> int:
    """What pins want of the rack at the position in the period."""
    racks = instance.racks
    if racks.position[r] >= 0:
        return int(racks.pin[r, t])
    return int(pin_at(racks.pin[r], instance.place_pins, p, instance.takes(r, p))[t])


def add(exact: ExactModel) -> None:
    """A rack that is pinned to a demand serves it wherever it can run; where pins clash it cannot stand."""
    for r, p, t in exact.states():
        d = pin_of(exact.instance, r, p, t)
        if d not in (NO_PIN, PIN_IDLE):
            serving = sum(s.literal for s in exact.by_rack.get((r, t), ()) if (s.position, s.demand) == (p, d))
            exact.model.add(serving == exact.stand[r, p])
