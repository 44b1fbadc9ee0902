"""Numbers things that are alike: refined column by column, so that no wide table is sorted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from capalloc.instance.model import Floats, Ints

_DECIMALS = 12


def alike(count: int, tables: Iterable[NDArray[Any]], sparse: Sequence[tuple[Ints, Floats]] = ()) -> Ints:
    """(count,) equal numbers, from 0 on, for things that agree in every column of the (count, n) tables.

    ``sparse`` are further columns that are 0 but for (places, values). Numbers are compared to 12 decimals.
    """
    kind = np.zeros(count, dtype=np.int64)
    for table in tables:
        kind = _refined(kind, _numbered(table))
    for places, values in sparse:
        if len(places):
            kind = _split(kind, places, values)
    return np.asarray(np.unique(kind, return_inverse=True)[1].reshape(-1))


def _numbered(table: NDArray[Any]) -> Ints:
    """(count,) a number for each distinct row."""
    if not table.size:
        return np.zeros(len(table), dtype=np.int64)
    exact = np.packbits(table, axis=1) if table.dtype == bool else np.round(table, _DECIMALS) + 0
    rows = np.ascontiguousarray(exact)
    words = rows.view(np.dtype((np.void, rows.dtype.itemsize * rows.shape[1]))).reshape(-1)
    return np.asarray(np.unique(words, return_inverse=True)[1].reshape(-1))


def _refined(kind: Ints, number: Ints) -> Ints:
    wide = kind * (int(number.max(initial=0)) + 1) + number
    return np.asarray(np.unique(wide, return_inverse=True)[1].reshape(-1))


def _split(kind: Ints, places: Ints, values: Floats) -> Ints:
    """Give the places numbers of their own, by what they were and by value."""
    value = np.unique(np.round(values, _DECIMALS), return_inverse=True)[1].reshape(-1)
    split = kind.copy()
    split[places] = int(kind.max()) + 1 + _refined(kind[places], value)
    return split
