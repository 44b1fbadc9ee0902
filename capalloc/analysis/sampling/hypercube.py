"""A Latin hypercube whose columns belong to names.

M. D. McKay, R. J. Beckman, W. J. Conover, "A Comparison of Three Methods for Selecting Values of Input Variables in
the Analysis of Output from a Computer Code", Technometrics 21(2), 1979, doi:10.1080/00401706.1979.10489755.
"""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray


def levels(name: str, samples: int, seed: int) -> NDArray[np.float64]:
    """The quantile level, in [0, 1), of what has that name in each sample.

    Each of ``samples`` equal parts of [0, 1) has one level. They depend on the arguments alone, so whatever else is not
    sure, and in whichever order, the same thing meets the same levels (common random numbers).
    """
    entropy = int.from_bytes(hashlib.sha256(f"{seed} {name}".encode()).digest())
    numbers = np.random.default_rng(np.random.SeedSequence(entropy)).random((2, samples))
    found: NDArray[np.float64] = (np.argsort(numbers[0], kind="stable") + numbers[1]) / samples
    return found
