"""Loads of packing rows, against a slow twin."""

from __future__ import annotations

import numpy as np
import pytest

from capalloc.instance.compile import compile_scenario
from capalloc.instance.model import NO_LIMIT_W, Floats, Instance
from capalloc.roster.loads import RowLoads
from tests.strategies import random_scenario


def _tightest(instance: Instance, left: Floats, kind: int, added: int, position: int) -> int:
    """Row by row: the first of those with least room at one position."""
    blamed, least = -1, np.inf
    for i, row in enumerate(instance.rows):
        weight = float(row.weights[row.positions == position].sum() * row.share[kind])
        if weight > 0 and weight * added > left[i] + 1e-6 and left[i] / weight < least:
            blamed, least = i, left[i] / weight
    return blamed


@pytest.mark.parametrize("seed", range(20))
def test_the_tightest_row_is_the_first_with_least_room(seed: int) -> None:
    instance = compile_scenario(random_scenario(seed))
    rng = np.random.default_rng(seed)
    left = rng.choice([-2000.0, 0.0, 3000.0, 6000.0, np.inf], len(instance.rows))
    loads = RowLoads(instance, instance.racks.position)
    positions = range(len(instance.positions.names))
    for kind in range(len(instance.type_names)):
        for added in (-1000, 4000, 9000):
            expected = [_tightest(instance, left, kind, added, p) for p in positions]
            assert loads.tightest(left, kind, added).tolist() == expected


@pytest.mark.parametrize("seed", range(20))
def test_what_is_left_is_the_limit_less_the_weighted_draws(seed: int) -> None:
    instance = compile_scenario(random_scenario(seed))
    drawn = np.random.default_rng(seed).integers(0, 9, len(instance.racks.names)) * 1000
    at, kinds = instance.racks.position, instance.racks.type
    left = RowLoads(instance, at).left_w(drawn, 0)
    for row, room in zip(instance.rows, left, strict=True):
        weight = dict(zip(row.positions.tolist(), row.weights.tolist(), strict=True))
        load = sum(weight.get(int(at[r]), 0.0) * row.share[kinds[r]] * drawn[r] for r in range(len(at)))
        limit = np.inf if row.limit_w[0] >= NO_LIMIT_W else row.limit_w[0]
        assert room == pytest.approx(limit - load)
