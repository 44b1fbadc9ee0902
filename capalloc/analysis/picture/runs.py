"""Rows of figures by period, as the periods in which they change."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray


def changes(*rows: NDArray[np.float64] | NDArray[np.int64]) -> Iterator[int]:
    """Periods, from the first on, in which any of some rows (T,) differs from the period before."""
    if not len(rows[0]):
        return
    yield 0
    differs = np.any([row[1:] != row[:-1] for row in rows], axis=0)
    yield from (np.flatnonzero(differs) + 1).tolist()
