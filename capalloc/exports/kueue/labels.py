"""Labels of nodes: where their rack stands, and whom it serves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from capalloc.schema.facility import Position

RACK, RACK_TYPE, DEMAND = "capalloc/rack", "capalloc/rack-type", "capalloc/demand"
_HALL, _ROW, _BLOCK = "capalloc/hall", "capalloc/row", "capalloc/fabric-block"
_HOSTNAME = "kubernetes.io/hostname"


def levels_of(positions: Sequence[Position]) -> tuple[str, ...]:
    """The levels of a site from the top down, each inside one place of the level above it.

    Where fabric blocks and rows cut across each other, rows are left out; where blocks span halls, halls are too.
    """
    with_blocks = any(place.fabric_block for place in positions)
    if not with_blocks:
        return (_HALL, _ROW, RACK, _HOSTNAME)
    blocked = [place for place in positions if place.fabric_block]
    if _inside((place.row_key, place.fabric_block) for place in blocked):
        return (_HALL, _BLOCK, _ROW, RACK, _HOSTNAME) if _in_halls(blocked) else (_BLOCK, _ROW, RACK, _HOSTNAME)
    if _inside((place.fabric_block, place.row_key) for place in blocked):
        return (_HALL, _ROW, _BLOCK, RACK, _HOSTNAME)
    return (_HALL, _BLOCK, RACK, _HOSTNAME) if _in_halls(blocked) else (_BLOCK, RACK, _HOSTNAME)


def _in_halls(positions: Iterable[Position]) -> bool:
    return _inside((place.fabric_block, place.hall) for place in positions)


def _inside(pairs: Iterable[tuple[object, object]]) -> bool:
    """Whether each first of some pairs always comes with the same second."""
    found: dict[object, object] = {}
    return all(found.setdefault(inner, outer) == outer for inner, outer in pairs)
