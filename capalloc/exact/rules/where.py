"""Where: a demand's racks and spares stand only where its `where` says."""

from __future__ import annotations

from capalloc.exact.model import ExactModel
from capalloc.instance.model import Instance


def may_serve(instance: Instance, r: int, p: int, d: int, t: int) -> bool:
    """Whether the demand may use the rack at the position."""
    return bool(instance.allowed[instance.racks.kin[r], d, p])


def add(exact: ExactModel) -> None:
    """A delivery is held for a demand only where it stands at a position that the demand may use."""
    for (r, d, t), held in exact.hold.items():
        if exact.instance.racks.position[r] < 0:
            inside = (exact.stand[r, p] for p in exact.places(r) if may_serve(exact.instance, r, p, d, t))
            exact.model.add(held <= sum(inside))
