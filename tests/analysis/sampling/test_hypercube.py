"""Columns of the hypercube: every part once, independent of each other, and of what else there is."""

from __future__ import annotations

import numpy as np
import pytest

from capalloc.analysis.sampling.hypercube import levels


@pytest.mark.parametrize("samples", [1, 2, 7, 200, 1000])
def test_each_part_has_one_level(samples: int) -> None:
    found = levels("supply grid-2", samples, seed=1)
    assert sorted(np.floor(found * samples).astype(int)) == list(range(samples))


def test_levels_are_uniform_inside_their_parts() -> None:
    samples = 2000
    found = levels("supply grid-2", samples, seed=1)
    inside = np.sort(found * samples - np.floor(found * samples))
    # Kolmogorov-Smirnov: with 1 % significance the distance of 2,000 numbers is below 1.63 / sqrt(2000) = 0.036
    steps = np.arange(1, samples + 1) / samples
    assert np.max(np.maximum(steps - inside, inside - steps + 1 / samples)) < 0.036


def test_columns_of_other_names_and_seeds_are_independent() -> None:
    samples = 2000
    columns = [levels(f"supply {i}", samples, seed) for i in range(6) for seed in (1, 2)]
    correlations = np.asarray(np.corrcoef(columns))[np.triu_indices(len(columns), 1)]
    # of 66 pairs the largest of normal correlations with deviation 1 / sqrt(2000) = 0.0224 stays below 4 deviations
    assert np.abs(correlations).max() < 4 / np.sqrt(samples)


def test_the_same_name_and_seed_give_the_same_levels_for_ever() -> None:
    """Written down, so that another version of a library cannot change samples unseen."""
    assert levels("supply grid-2", 3, seed=1).tolist() == pytest.approx(
        [0.5188468046206987, 0.7468956845139681, 0.2182578060868922]
    )
