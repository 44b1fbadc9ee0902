"""One name for each thing of an inventory: its own where no other has it, else with the place that it is in."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from capalloc.imports.inventory.records import Inventory, Thing

_PARTS = re.compile(r"(\d+)")


def unique_names(things: Sequence[Thing], inside: Mapping[str, str], taken: Collection[str] = ()) -> dict[str, str]:
    """Name by key. ``inside`` says, by key, where a thing is; ``taken`` are names that others have.

    A name that several share is written ``place/name``; where that does not tell them apart either, with its key.
    """
    count = Counter([*(thing.name for thing in things), *taken])
    names = {thing.key: thing.name for thing in things if thing.name and count[thing.name] == 1}
    rest = [thing for thing in things if thing.key not in names]
    longer = {thing.key: "/".join(filter(None, (inside.get(thing.key), thing.name))) for thing in rest}
    count = Counter([*longer.values(), *names.values(), *taken])
    for thing in rest:
        name = longer[thing.key]
        names[thing.key] = name if name and count[name] == 1 else f"{name or 'unnamed'} ({thing.key})"
    return names


def natural(name: str) -> tuple[tuple[int, str], ...]:
    """Sorts names as people count: R2 before R10."""
    return tuple((int(part), "") if part.isdecimal() else (-1, part) for part in _PARTS.split(name))


def in_order(inventory: Inventory) -> Inventory:
    """The same with everything that becomes a row by name, whatever order the source gave it in."""
    return replace(
        inventory,
        racks=tuple(sorted(inventory.racks, key=_by_name)),
        panels=tuple(sorted(inventory.panels, key=_by_name)),
        feeds=tuple(sorted(inventory.feeds, key=_by_name)),
        cooling_sources=tuple(sorted(inventory.cooling_sources, key=_by_name)),
    )


def _by_name(thing: Thing) -> tuple[tuple[tuple[int, str], ...], ...]:
    return natural(thing.name), natural(thing.key)
