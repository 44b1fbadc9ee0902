"""Signatures: things get the same number where no column of what is known of them tells them apart.

The partition starts as one block and is refined column by column, so that no wide table is sorted. That is one round
of partition refinement (Paige, Tarjan: Three partition refinement algorithms, SIAM Journal on Computing 16, 1987,
doi 10.1137/0216062); more are not needed, since the columns do not depend on the partition.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from capalloc.instance.model import Floats, Ints

_DECIMALS = 12


def signatures(count: int, tables: Iterable[NDArray[Any]], sparse: Sequence[tuple[Ints, Floats]] = ()) -> Ints:
    """(count,) signatures, from 0 on: equal for things that agree in every column of the (count, n) tables.

    ``sparse`` are further columns that are 0 but for (places, values). Numbers are compared to 12 decimals.
    """
    kind = np.zeros(count, dtype=np.int64)
    for table in tables:
        for number in _columns(table):
            kind = _refined(kind, number)
    for places, values in sparse:
        if len(places):
            kind = _split(kind, places, values)
    return np.asarray(np.unique(kind, return_inverse=True)[1].reshape(-1))


def _columns(table: NDArray[Any]) -> Iterator[Ints]:
    """(count,) numbers of each column that tells anything apart; eight binary columns are one."""
    exact = np.packbits(table, axis=1) if table.dtype == bool else np.round(table, _DECIMALS)
    for column in exact.T:
        if len(column) and (column != column[0]).any():
            yield np.unique(column, return_inverse=True)[1].reshape(-1)


def _refined(kind: Ints, number: Ints) -> Ints:
    wide = kind * (int(number.max(initial=0)) + 1) + number
    return np.asarray(np.unique(wide, return_inverse=True)[1].reshape(-1))


def _split(kind: Ints, places: Ints, values: Floats) -> Ints:
    """Give the places numbers of their own, by what they were and by value."""
    value = np.unique(np.round(values, _DECIMALS), return_inverse=True)[1].reshape(-1)
    split = kind.copy()
    split[places] = int(kind.max()) + 1 + _refined(kind[places], value)
    return split
