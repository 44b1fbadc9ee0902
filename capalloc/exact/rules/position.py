"""Position: a delivered rack takes one free, compatible position and stays there."""

from __future__ import annotations

import numpy as np

from capalloc.exact.model import ExactModel


def add(exact: ExactModel) -> None:
    """A delivery stands at one position at most, and no two stay at one position at a time."""
    instance = exact.instance
    deliveries = instance.deliveries.tolist()
    for r in deliveries:
        exact.model.add(sum(exact.stand[r, p] for p in exact.places(r)) <= 1)
    for p in range(len(instance.positions.names)):
        for stay in np.unique(instance.stay, axis=1).T if len(deliveries) else ():
            there = [
                exact.stand[r, p] for r, stays in zip(deliveries, stay, strict=True) if stays and (r, p) in exact.stand
            ]
            if len(there) > 1:
                exact.model.add_at_most_one(there)
