"""The answer by single racks: what naming and the exact reference both produce, and what a plan reads back to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Roster:
    """Who every rack serves in every period, and where it stands."""

    serving: NDArray[np.int64]
    """(R, T) demand index; -1 when the rack serves nobody."""
    off: NDArray[np.bool_]
    """(R, T) switched off; only under ``idle: powered``, and only where the rack is usable and serves nobody."""
    buffer: NDArray[np.int64]
    """(R, T) demand that the idle rack is held for; -1 for none."""
    position: NDArray[np.int64]
    """(R,) position where the rack stands or will stand; -1 for a delivery that is not placed."""
