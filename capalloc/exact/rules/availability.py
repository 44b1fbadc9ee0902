"""Availability: a rack serves only while it can run where it stands."""

from __future__ import annotations

from capalloc.instance.model import Instance


def may_serve(instance: Instance, r: int, p: int, d: int, t: int) -> bool:
    """Whether the rack can run in the period, and the position has power."""
    return bool(instance.racks.usable[r, t] and instance.positions.ok[p, t])
