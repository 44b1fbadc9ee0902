"""Ramp: delivery stays under its ceiling, and meets the commitment where that is hard."""

from __future__ import annotations

import numpy as np

from capalloc.exact.model import ExactModel


def add(exact: ExactModel) -> None:
    """In every period of each demand's term, in its units."""
    for d, data in enumerate(exact.instance.demands):
        for t in np.flatnonzero(data.in_term).tolist():
            delivered = sum(int(data.unit[exact.instance.racks.type[s.rack]]) * s.literal for s in exact.racks(d, t))
            exact.model.add(delivered <= int(data.ceiling[t]))
            if data.must[t] > 0:
                exact.model.add(delivered >= int(data.must[t]))
