"""The packing rows of an instance by a key that lasts when the scenario is changed elsewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from capalloc.instance.model import NO_LIMIT_W, Instance, Ints, PackingRow

RowKey = tuple[str, str, str | None, int]
"""Rule, place, lost contingency, and the number among the rows that agree in these (liquid before air)."""
SITE = "site"
"""Where the row of the reserve is."""


def row_keys(instance: Instance) -> list[RowKey]:
    """The key of each packing row, in order."""
    seen: Counter[tuple[str, str, str | None]] = Counter()
    keys = []
    for row in instance.rows:
        place = (row.rule.value, row.where, row.lost)
        keys.append((*place, seen[place]))
        seen[place] += 1
    return keys


def with_limits(instance: Instance, of: Callable[[RowKey], bool], new: Callable[[PackingRow], Ints]) -> Instance:
    """The instance with other limits, (T,) W, of the rows whose key is one of those meant."""
    rows = zip(instance.rows, row_keys(instance), strict=True)
    return replace(instance, rows=tuple(replace(row, limit_w=new(row)) if of(key) else row for row, key in rows))


def without_limits(instance: Instance, dropped: frozenset[RowKey]) -> Instance:
    """The instance without the limits of some rows."""
    unlimited = np.full(len(instance.periods), NO_LIMIT_W)
    return with_limits(instance, dropped.__contains__, lambda _: unlimited)


def heat_of(instance: Instance, key: RowKey) -> str:
    """``liquid``, ``air`` or ``total``: which heat of its zone a cooling row limits."""
    zone = next(zone for zone in instance.scenario.facility.cooling if zone.name == key[1])
    given = [heat for heat in ("liquid", "air", "total") if getattr(zone, f"{heat}_kw") is not None]
    return given[key[3]]
