"""Which panels a plan has to survive the loss of, where nobody says: those that racks have a second feed against."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from capalloc.schema.facility import PowerNode


def presumed_contingencies(nodes: Iterable[PowerNode], feeds: Iterable[Iterable[str]]) -> set[str]:
    """Names of nodes: for each feed of a rack with two, the UPS above it that is not above the other feed too.

    Without such a UPS it is the highest node that is above this feed alone: losing it loses all below. ``feeds`` are
    the leaves of each rack. Leaves are never contingencies, since nothing but their own rack hangs on them.
    """
    parents = {node.name: node.parent for node in nodes}
    ups = {node.name for node in nodes if node.kind == "ups"}
    above = {name: _above(name, parents) for name in parents}
    found: set[str] = set()
    for pair in {tuple(parents[leaf] for leaf in leaves) for leaves in feeds}:
        for one, other in (pair, pair[::-1]) if len(pair) == 2 else ():
            alone = [name for name in above.get(one or "", ()) if name not in above.get(other or "", ())]
            found.update([name for name in alone if name in ups][-1:] or alone[-1:])
    return found


def _above(name: str | None, parents: Mapping[str, str | None]) -> tuple[str, ...]:
    """A node and those above it, the highest last; where they stand in a circle, each once."""
    found: dict[str, None] = {}
    while name is not None and name not in found:
        found[name] = None
        name = parents.get(name)
    return tuple(found)
