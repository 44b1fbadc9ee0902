"""The integer program: merged columns, blocks and limits that are let in late lose nothing."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from capalloc.analysis.surplus.block import Search
from capalloc.analysis.surplus.most import Entries, Packing


def drawn(seed: int) -> Packing:
    """Up to six columns, each on some of up to six limits, and one limit on all of them."""
    rng = np.random.default_rng(seed)
    columns, limits = rng.integers(1, 7, 2)
    matrix = rng.choice([0, 0, 1, 2, 3], (limits, columns))
    matrix[-1] = rng.choice([0, 1, 2])
    limit, column = np.nonzero(matrix)
    entries = Entries(limit, column, matrix[limit, column].astype(np.int64))
    return Packing(rng.integers(0, 4, columns), rng.choice([1, 2, 3], columns), entries, rng.integers(0, 12, limits))


def by_all(packing: Packing) -> int:
    """The most that any whole counts are worth, by trying all."""
    tried = (np.array(counts) for counts in product(*(range(most + 1) for most in packing.upper.tolist())))
    limits = len(packing.left)
    fit = (counts for counts in tried if (packing.entries.loads(counts, limits) <= packing.left).all())
    return max(int(counts @ packing.worth) for counts in fit)


@pytest.mark.parametrize("wide", [1, 3, 12])
@pytest.mark.parametrize("seed", range(60))
def test_the_most_is_that_of_trying_all_and_proven(seed: int, wide: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("capalloc.analysis.surplus.most._WIDE", wide)
    packing = drawn(seed)
    found = packing.solve(Search())
    assert found.worth == found.bound == int(found.counts @ packing.worth) == by_all(packing)
    assert (found.counts <= packing.upper).all()
    assert (packing.entries.loads(found.counts, len(packing.left)) <= packing.left).all()
