"""Compatibility: a demand takes only rack types it accepts, and one type at a time where it asks for that."""

from __future__ import annotations

from capalloc.exact.model import ExactModel
from capalloc.instance.model import Instance


def may_serve(instance: Instance, r: int, p: int, d: int, t: int) -> bool:
    """Whether the demand takes the rack."""
    return bool(instance.racks.eligible[r, d])


def add(exact: ExactModel, d: int, t: int) -> None:
    """A homogeneous demand has racks of one type at most."""
    if not exact.instance.demands[d].demand.homogeneous:
        return
    kinds = exact.instance.racks.type
    takes = exact.binaries(f"type {d} {t}", {int(kinds[s.rack]) for s in exact.racks(d, t)})
    for s in exact.racks(d, t):
        exact.model.add_implication(s.literal, takes[int(kinds[s.rack])])
    exact.model.add_at_most_one(takes.values())
