"""Runs of equal periods: neighbours in which nothing changes, so that one answer holds for all of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from capalloc.instance.model import Bools, Ints


def runs_of_equal_periods(periods: int, tables: Iterable[NDArray[Any]]) -> Ints:
    """(T,) number of each period's run, from 0 on; in a run the columns of every (n, T) table are the same."""
    changes: Bools = np.zeros(periods, dtype=bool)
    for table in tables:
        changes[1:] |= (table[:, 1:] != table[:, :-1]).any(axis=0)
    return np.cumsum(changes)
