"""What the search of the placement core may be told: every second, share and number of rounds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class SearchParams:
    """How long and how the core searches. What kernels compile in stands in their modules, by name."""

    time_limit: float = 1.0
    """Seconds of construction and search; 0: construction alone."""
    seed: int = 0
    target: float = np.inf
    """Worth at which the search may end: a proven bound."""

    # Construction
    containers: int = 256
    """Most containers that one group is tried in."""
    quick_looks: int = 20_000
    """Looks into containers (groups x rows) up to which every score is tried."""
    slow_looks: int = 3_000_000
    """The same up to which the dot product is."""
    reserves: tuple[float, float] = (1 / 2, 1 / 3)
    """Power kept back for a free position, as shares of what a rack draws in the mean, in the two orders for that."""
    construct_s: float = 0.5
    """Seconds that construction has, however short the limit: so a longer limit gives no less."""

    # Chains of annealing
    threads: int = 2
    """Chains side by side, each with a seed of its own."""
    hot: float = 0.1
    """Temperature that a round begins at, as a share of the mean worth of a group."""
    cold: float = 0.012
    """Temperature that it ends at."""
    first_steps: int = 200
    """Steps of the first round for each group."""
    least_first_steps: int = 2_000
    """Steps of the first round, at least."""
    growth: int = 10
    """How many times longer each round is than the one before."""
    refills: int = 10
    """Percent of the steps that empty a part of a cell and fill it again."""
    refills_free: int = 60
    """The same where nothing keeps groups together."""
    chunk_s: float = 0.005
    """Seconds after which the clock and the token are looked at."""
    least_chunk: int = 500
    """Steps between two looks, at least."""
    first_rate: float = 1e6
    """Steps a second, until they are measured."""
    report_s: float = 0.25
    """Seconds between two reports of progress."""

    # Consolidation
    consolidate_share: float = 0.1
    """Share of the time limit that is kept for consolidation."""
    consolidate_steps: int = 1_000
    """Steps between looks at the clock, at first."""
    consolidate_rate: int = 200
    """Steps of which one has to move something, or consolidation ends."""
