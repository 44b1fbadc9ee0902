"""The families by name: what a size of each is, the sizes, and what is maximised unless it is said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from capalloc.schema.facility import Facility
from capalloc.schema.request import PlacementObjective, Request

from .colossus import colossus
from .leafy import leafy
from .room import PLACES, room
from .tree import tree

Instance = tuple[Facility, tuple[Request, ...]]


@dataclass(frozen=True, slots=True)
class Family:
    """Facilities that differ in size and seed."""

    make: Callable[[int, int], Instance]
    """Positions (the least number of whole rooms or groups that has them) and seed -> facility and requests."""
    sizes: tuple[int, ...]
    objectives: tuple[PlacementObjective, ...]


def _rooms(positions: int, seed: int) -> Instance:
    return room(rooms=-(-positions // PLACES), seed=seed)


FAMILIES = {
    "room": Family(_rooms, (1_440, 7_200, 72_000), ("requests", "racks")),
    "tree": Family(tree, (1_000, 5_000, 10_000, 100_000), ("kw",)),
    "leafy": Family(leafy, (1_000, 10_000, 100_000), ("kw",)),
    "leaves": Family(partial(leafy, row=1), (1_000, 10_000, 100_000), ("kw",)),
    "colossus": Family(colossus, (1_000, 10_000), ("racks", "kw")),
}
